import { core, data, models } from "recsys-unlearning";
import { describe, expect, it } from "vitest";
import { interactionsOf } from "../../data/interactions.fixture";

/** Sessions of items named by letters, numbered by first appearance: "abc" is one session. */
function sessionsOf(...words: string[]): data.Sessions {
  const rows = words.flatMap((word, user) => [...word].map((item) => ({ user: `u${user}`, item })));
  return data.toSessions(interactionsOf(rows), { order: "rows" });
}

function historiesOf(...items: number[][]): data.Histories {
  const ends = items.map((_, k) => items.slice(0, k + 1).flat().length);
  return {
    item: Int32Array.from(items.flat()),
    start: Int32Array.from([0, ...ends.slice(0, -1)]),
    end: Int32Array.from(ends),
  };
}

const sessions = sessionsOf("abab", "acd", "ab");
const [a, b, c, d] = [0, 1, 2, 3];

describe("simple session recommenders", () => {
  it("popularity counts events", async () => {
    const model = models.Popularity.count(sessions);
    expect([...(await model.scores(historiesOf([a], [])))]).toEqual([4, 3, 1, 1, 4, 3, 1, 1]);
  });

  it("a Markov chain counts successors of the last item; ties follow by popularity", async () => {
    const model = models.markovChain(sessions);
    const { items } = await models.nextItems(model, historiesOf([d, a], [b], [d], []), 4);
    expect([...items]).toEqual([b, c, a, d, a, b, c, d, a, b, c, d, a, b, c, d]);
    const scores = await model.scores(historiesOf([a]));
    expect(Array.from(scores, Math.floor)).toEqual([0, 3, 1, 0]);
  });

  it("item-kNN is the cosine of the sets of sessions", async () => {
    const model = models.itemKnn(sessions);
    const scores = await model.scores(historiesOf([a]));
    expect(scores[b]).toBeCloseTo(2 / Math.sqrt(3 * 2), 5);
    expect(scores[c]).toBeCloseTo(1 / Math.sqrt(3), 5);
    expect(scores[a]).toBeLessThan(1e-6);
    const nearest = models.itemKnn(sessions, { neighbours: 1 });
    expect([...(await models.nextItems(nearest, historiesOf([a], [c]), 2)).items]).toEqual([b, a, d, a]);
  });

  it("say which item they do not know", async () => {
    for (const model of [models.Popularity.count(sessions), models.markovChain(sessions), models.itemKnn(sessions)])
      await expect(model.scores(historiesOf([a], [4]))).rejects.toThrow(/history 1 holds item 4/);
    expect(() => models.itemKnn(sessions, { neighbors: 3 } as object)).toThrow(core.InvalidOptionError);
  });

  it("blocks give what a whole gives", async () => {
    const model = models.markovChain(sessions);
    const histories = historiesOf([a], [b], [c], [d], [a, b]);
    const whole = [...(await model.scores(histories))];
    const parts: number[] = [];
    for await (const { first, count, scores } of models.scoreBlocks(model, histories, 2)) {
      expect([first, scores.length]).toEqual([parts.length / 4, 4 * count]);
      parts.push(...scores);
    }
    expect(parts).toEqual(whole);
  });
});

import { fc, test as property } from "@fast-check/vitest";
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

  it("sequential rules count what came after an item, by how far", async () => {
    const valueOf = (model: models.ItemPairs, first: number, second: number) => {
      const { pointers, columns, values } = model.pairs;
      const place = columns.subarray(pointers[first], pointers[first + 1]).indexOf(second);
      return place < 0 ? 0 : values[pointers[first] + place];
    };
    const quadratic = models.sequentialRules(sessions, { weighting: "quadratic" });
    expect(valueOf(quadratic, a, b)).toBeCloseTo(1 + 1 / 9 + 1 + 1, 6);
    expect(valueOf(quadratic, a, a)).toBeCloseTo(1 / 4, 6);
    expect(valueOf(models.sequentialRules(sessions, { weighting: "log" }), a, d)).toBeCloseTo(1 / Math.log10(3.7), 6);
    const association = models.sequentialRules(sessions, { steps: 100, weighting: "same", bothWays: true });
    expect([valueOf(association, a, b), valueOf(association, b, a), valueOf(association, a, a)]).toEqual([5, 5, 2]);
    expect([...(await models.nextItems(quadratic, historiesOf([d], [a]), 4)).items]).toEqual([a, b, c, d, b, c, a, d]);
  });

  property.prop([
    fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 9 }), { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 1, max: 10 }),
    fc.constantFrom("same" as const, "div" as const, "log" as const, "quadratic" as const),
    fc.boolean(),
  ])("sequential rules are the sums over all pairs of events", (lists, steps, weighting, bothWays) => {
    const made = sessionsOf(...lists.map((list) => list.map((item) => "abcdef"[item]).join("")));
    const { pairs, itemCount } = models.sequentialRules(made, { steps, weighting, bothWays });
    const of = (n: number) => ({ same: 1, div: 1 / n, log: 1 / Math.log10(n + 1.7), quadratic: n ** -2 })[weighting];
    const slow = new Float64Array(itemCount * itemCount);
    for (let s = 0; s < made.user.length; s++)
      for (let x = made.offsets[s]; x < made.offsets[s + 1]; x++)
        for (let y = x + 1; y < made.offsets[s + 1] && y - x <= steps; y++) {
          slow[made.item[x] * itemCount + made.item[y]] += of(y - x);
          if (bothWays) slow[made.item[y] * itemCount + made.item[x]] += of(y - x);
        }
    const dense = new Float64Array(itemCount * itemCount);
    for (let first = 0; first < itemCount; first++)
      for (let k = pairs.pointers[first]; k < pairs.pointers[first + 1]; k++)
        dense[first * itemCount + pairs.columns[k]] = pairs.values[k];
    dense.forEach((value, k) => expect(value).toBeCloseTo(slow[k], 5));
  });

  it("sequential rules of one step are the Markov chain, to the byte", async () => {
    const made = data.toSessions(data.generateInteractions({ userCount: 40, itemCount: 30, interactionsPerUser: 12 }));
    const samples = data.prefixSamples(made);
    const rules = models.sequentialRules(made, { steps: 1, weighting: "same" });
    expect([...(await rules.scores(samples))]).toEqual([...(await models.markovChain(made).scores(samples))]);
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

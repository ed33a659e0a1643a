import { fc, test as property } from "@fast-check/vitest";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Random } from "../../lib/core";
import type { Interactions } from "../../lib/data";
import { liveWorkspaces } from "../../lib/engine";
import { exposureAtK, FullRanking, fullRanking, topItems, topLists } from "../../lib/metrics";
import { Mf, type Recommender } from "../../lib/models";
import { interactionsOf } from "../data/interactions.fixture";

/** Every pair scored by the model itself, as for a model of any other kind. */
const slow = (model: Mf): Recommender => ({
  kind: "slow",
  parameters: () => [],
  score: (users, items) => model.score(users, items),
});

/** Rows of some pairs, the item the remainder of a number by `itemCount`. */
function rowsOf(pairs: readonly number[], userCount: number, itemCount: number): Interactions {
  const base = Array.from({ length: Math.max(userCount, itemCount) }, (_, id) => ({
    ...{ user: `u${id % userCount}`, item: `i${id % itemCount}` },
  }));
  return {
    ...interactionsOf(base),
    user: Int32Array.from(pairs, (pair) => Math.floor(pair / itemCount)),
    item: Int32Array.from(pairs, (pair) => pair % itemCount),
    label: Float32Array.from(pairs, (pair) => Number(pair % 3 > 0)),
  };
}

/** What the ranking of a model gives, in whole. */
function rankingsOf(model: Recommender, seen: Interactions, held: Interactions, count: number) {
  const everybody = Int32Array.from({ length: seen.userCount }, (_, user) => seen.userCount - 1 - user);
  return {
    full: [...fullRanking(model, seen, held, [1, count])],
    lists: topLists(model, seen, held, count),
    exposure: exposureAtK(model, seen, Int32Array.of(0, 1), count, everybody),
    first: Array.from(new FullRanking(model, seen).firstItems(everybody, count), ({ user, items }) => [user, ...items]),
  };
}

/** Embeddings that are hard to rank: ties, values that differ in the last bit, and sizes that overflow or vanish. */
const shapes: Readonly<Record<string, (random: Random) => (index: number) => number>> = {
  "drawn at random": (random) => () => random.normal(),
  "of few values": (random) => () => random.integer(3) - 1,
  "alike but for the last bit": (random) => () => 0.3 + random.integer(3) * 2 ** -25,
  "of very different sizes": (random) => () => random.normal() * 10 ** (5 * random.normal()),
  "so large that scores overflow": (random) => () => random.normal() * 2 ** 66,
  "so small that products vanish": (random) => () => random.normal() * 2 ** -75,
  zero: () => () => 0,
};

const [userCount, itemCount] = [7, 40];
const pairs = fc.array(fc.nat(userCount * itemCount - 1), { maxLength: 120 });

describe("matrix factorisation is ranked as its own scores are", () => {
  describe.each(Object.entries(shapes))("embeddings %s", (_, valuesOf) => {
    property.prop([fc.nat(), fc.constantFrom(1, 3, 48), pairs, pairs, fc.constantFrom(1, 5, 39, 60)], { numRuns: 40 })(
      "to the last bit",
      (seed, width, seenPairs, testPairs, count) => {
        const draw = valuesOf(Random.fromSeed(seed));
        const table = (rows: number) => Float32Array.from({ length: rows * width }, (_, index) => draw(index));
        const model = new Mf(table(userCount), table(itemCount), width);
        const seen = rowsOf(seenPairs, userCount, itemCount);
        const held = rowsOf(testPairs, userCount, itemCount);
        const live = liveWorkspaces();
        expect(rankingsOf(model, seen, held, count)).toEqual(rankingsOf(slow(model), seen, held, count));
        expect(liveWorkspaces()).toBe(live);
      },
    );
  });

  test("over several blocks of users, and for who has seen everything", () => {
    const model = Mf.initialise({ userCount: 600, itemCount: 30, embeddingSize: 16, initialDeviation: 1, seed: 3 });
    const seen = rowsOf([...Array(100).keys()].map((k) => 7 * k), 600, 30); // prettier-ignore
    const all = rowsOf([...Array(600 * 30).keys()], 600, 30);
    expect(rankingsOf(model, seen, all, 10)).toEqual(rankingsOf(slow(model), seen, all, 10));
    expect(topLists(model, all, all, 10).users).toHaveLength(0);
  });

  test("with lists longer than the engine makes them", () => {
    const model = Mf.initialise({ userCount: 2, itemCount: 1500, embeddingSize: 4, initialDeviation: 1, seed: 3 });
    const [seen, held] = [rowsOf([1, 2], 2, 1500), rowsOf([1600, 1601, 7], 2, 1500)];
    expect(rankingsOf(model, seen, held, 1400)).toEqual(rankingsOf(slow(model), seen, held, 1400));
    expect(topLists(model, seen, held).lists[0]).toHaveLength(1498);
  });
});

describe("few pairs are scored", () => {
  afterEach(() => void vi.restoreAllMocks());

  test("where few can be first", () => {
    const model = Mf.initialise({ userCount: 50, itemCount: 400, embeddingSize: 32, initialDeviation: 0.3, seed: 1 });
    const held = rowsOf([...Array(50 * 400).keys()].filter((pair) => pair % 31 === 0), 50, 400); // prettier-ignore
    const score = vi.spyOn(Mf.prototype, "score");
    fullRanking(model, rowsOf([], 50, 400), held, [5, 10]);
    const scored = score.mock.calls.reduce((sum, [users]) => sum + users.length, 0);
    expect(scored).toBeGreaterThanOrEqual(50 * 10);
    expect(scored).toBeLessThan(50 * 12);
  });

  test("but by a score of its own, of all", () => {
    class Reversed extends Mf {
      override score(users: Int32Array, items: Int32Array): Float32Array {
        return super.score(users, items).map((value) => -value);
      }
    }
    const model = new Reversed(Float32Array.of(1), Float32Array.of(1, 2, 3), 1);
    expect([...topLists(model, rowsOf([], 1, 3), rowsOf([1], 1, 3), 2).lists[0]]).toEqual([0, 1]);
  });
});

test("a user there is not is refused", () => {
  const model = Mf.initialise({ userCount: 2, itemCount: 3, embeddingSize: 2, initialDeviation: 1, seed: 1 });
  for (const user of [2, -1])
    expect(() => exposureAtK(model, rowsOf([], 2, 3), Int32Array.of(0), 1, Int32Array.of(1, user))).toThrow(
      `user ${user} and item`,
    );
});

test("a parameter that became NaN is refused, since it has no place in an order", () => {
  const values = Float32Array.of(1, 2, 3);
  const model = new Mf(Float32Array.of(1), values, 1);
  values[1] = NaN;
  expect(() => fullRanking(model, rowsOf([], 1, 3), rowsOf([1], 1, 3), [1])).toThrow(/scores\[1\] is NaN/);
});

property.prop([fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 400 }), fc.nat(80)])(
  "top items of many are those of a stable sort",
  (values, count) => {
    const scores = Float32Array.from(values, (value) => (value === -40 ? -Infinity : value));
    const sorted = [...scores.keys()].filter((item) => scores[item] !== -Infinity);
    sorted.sort((a, b) => scores[b] - scores[a] || a - b);
    expect([...topItems(scores, count)]).toEqual(sorted.slice(0, count));
  },
);

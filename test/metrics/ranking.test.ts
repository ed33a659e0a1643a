import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdMap, type Interactions } from "../../lib/data";
import {
  exposureAtK,
  fullRanking,
  membershipAuc,
  membershipScores,
  rankDrops,
  rankOf,
  topItems,
} from "../../lib/metrics";
import type { Recommender } from "../../lib/models";

function rows(
  entries: readonly (readonly [user: number, item: number, label: number])[],
  users: number,
  items: number,
) {
  return {
    user: Int32Array.from(entries, ([user]) => user),
    item: Int32Array.from(entries, ([, item]) => item),
    label: Float32Array.from(entries, ([, , label]) => label),
    userCount: users,
    itemCount: items,
    users: new IdMap("user"),
    items: new IdMap("item"),
  } satisfies Interactions;
}

/** A model whose scores are a table, `[users][items]`. */
const tableModel = (table: readonly (readonly number[])[]): Recommender => ({
  kind: "table",
  parameters: () => [],
  score: (users, items) => Float32Array.from(users, (user, k) => table[user][items[k]]),
});

describe("ranks", () => {
  it("agree with a stable sort", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 30 }), (values) => {
        const scores = Float32Array.from(values);
        const sorted = values.map((_, item) => item).sort((a, b) => values[b] - values[a] || a - b);
        sorted.forEach((item, place) => expect(rankOf(scores, item)).toBe(place + 1));
        for (const k of [1, 3, values.length]) expect([...topItems(scores, k)]).toEqual(sorted.slice(0, k));
      }),
    );
  });
});

describe("full ranking", () => {
  // Item order for the user by score: 3, 1, 4, 0, 2. Item 1 was seen, so the list is 3, 4, 0, 2; the positives are 4
  // and 2.
  const model = tableModel([[2, 4, 1, 5, 3]]);
  const seen = rows([[0, 1, 1]], 1, 5);
  const test = rows(
    [
      [0, 4, 1],
      [0, 2, 1],
      [0, 3, 0],
    ],
    1,
    5,
  );

  it("is what one works out by hand", () => {
    const result = fullRanking(model, seen, test, [1, 2, 4]);
    const at = (k: number) => ({ recall: result.get(k)?.recall.values[0], ndcg: result.get(k)?.ndcg.values[0] });
    expect(at(1)).toEqual({ recall: 0, ndcg: 0 });
    expect(at(2).recall).toBe(0.5);
    expect(at(2).ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
    expect(at(4).recall).toBe(1);
    expect(at(4).ndcg).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12);
  });

  it("leaves out users without a positive, and positives that were seen", () => {
    const two = tableModel([
      [1, 2],
      [2, 1],
    ]);
    const result = fullRanking(two, rows([[1, 0, 1]], 2, 2), rows([[0, 0, 0], [1, 0, 1]], 2, 2), [1]); // prettier-ignore
    expect([...(result.get(1)?.recall.users ?? [])]).toEqual([]);
  });

  it("gives each item of the list its share of exposure", () => {
    expect([...exposureAtK(model, seen, Int32Array.of(4, 1), 2).values]).toEqual([0.5]);
    expect([...exposureAtK(model, seen, Int32Array.of(3, 4), 2).values]).toEqual([1]);
    expect(() => exposureAtK(model, seen, Int32Array.of(5), 2)).toThrow(/no item 5[^]*0 to 4/);
  });

  it("tells how far a forgotten positive falls", () => {
    const train = rows([[0, 1, 1], [0, 3, 1], [0, 0, 0]], 1, 5); // prettier-ignore
    const after = tableModel([[2, 4, 1, 0, 3]]);
    const drops = rankDrops(model, after, train, Int32Array.of(1, 2), seen);
    expect([...drops]).toEqual([(4 - 1) / 5]);
  });
});

describe("membership inference", () => {
  const shadows = [Float64Array.of(1, 2, 3), Float64Array.of(3, 2.2, 3.2)];

  it("is the distance from the shadow models' losses in their standard deviations", () => {
    const scores = membershipScores(Float64Array.of(1, 2.1, 0), shadows);
    expect(scores[0]).toBeCloseTo((2 - 1) / Math.SQRT2, 12);
    expect(scores[1]).toBeCloseTo(0, 12);
    expect(scores[2]).toBeCloseTo(3.1 / (0.1 * Math.SQRT2), 9);
  });

  it("is a coin toss where forgotten and unseen rows look alike, and certain where they do not", () => {
    const some = Float64Array.of(0.1, 0.5, 0.9);
    expect(membershipAuc(some, some)).toBe(0.5);
    expect(membershipAuc(Float64Array.of(5, 6), some)).toBe(1);
    expect(membershipAuc(Float64Array.of(), some)).toBe(null);
  });

  it("needs two shadow models of the same rows", () => {
    expect(() => membershipScores(Float64Array.of(1), [Float64Array.of(1)])).toThrow(/1 shadow models/);
    expect(() => membershipScores(Float64Array.of(1), shadows)).toThrow(/differ in length/);
  });
});

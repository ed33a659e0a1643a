import { Random } from "recsys-unlearning/core";
import { describe, expect, it } from "vitest";
import { meanDistanceOfPairs } from "../../lib/audits/distances";

const listsOf = (count: number, rows: number): Float64Array[] => {
  const random = Random.derive(count, "distances");
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: rows }, () => Math.round(8 * random.uniform())),
  );
};

describe("the mean distance of pairs", () => {
  it.each([2, 3, 10])("of %i lists is that of every pair", (count) => {
    const lists = listsOf(count, 20);
    const pairs = lists.flatMap((one, k) =>
      lists.slice(k + 1).map((other) => one.map((x, r) => Math.abs(x - other[r]))),
    );
    const expected = lists[0].map((_, row) => pairs.reduce((sum, pair) => sum + pair[row], 0) / pairs.length);
    meanDistanceOfPairs(lists).forEach((found, row) => expect(found).toBeCloseTo(expected[row], 12));
  });

  it("takes no pair apart: 3,000 lists of 500 rows take a moment", () => {
    const lists = listsOf(3000, 500);
    expect(meanDistanceOfPairs(lists)).toHaveLength(500);
  }, 5_000);
});

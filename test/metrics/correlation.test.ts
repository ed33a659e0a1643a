import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../lib/core";
import { meanRanks, pearson, spearman } from "../../lib/metrics";

/** The rank of each value: how many are smaller, and half of those that are equal. */
const slowRanks = (values: readonly number[]) =>
  values.map((one) => values.filter((other) => other < one).length + (values.filter((other) => other === one).length + 1) / 2); // prettier-ignore

const lists = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -1000, max: 1000 })), {
  minLength: 2,
  maxLength: 40,
});

describe("ranks and correlations", () => {
  test.prop([lists])("are what their definitions give", (pairs) => {
    const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
    expect([...meanRanks(a)]).toEqual(slowRanks(a));
    expect(spearman(a, b)).toEqual(pearson(slowRanks(a), slowRanks(b)));
    const varies = new Set(a).size > 1 && new Set(b).size > 1;
    expect(pearson(a, b) !== null).toBe(varies);
  });

  test.prop([lists, fc.integer({ min: 1, max: 9 })])(
    "of ranks do not change with what keeps the order",
    (pairs, factor) => {
      const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      const stretched = b.map((value) => factor * value ** 3 + 7);
      expect(spearman(a, stretched)).toEqual(spearman(a, b));
      const [straight, turned] = [spearman(a, b), spearman(a, b.map((value) => -value))]; // prettier-ignore
      if (straight !== null) expect(turned).toBeCloseTo(-straight, 12);
    },
  );

  it("of known lists are known", () => {
    expect(pearson([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
    expect(pearson([1, 2, 3], [3, 5, 7])).toBe(1);
    expect(spearman([1, 2, 3], [9, 4, 1])).toBe(-1);
    expect(pearson([1, 1], [1, 2])).toBeNull();
  });

  it("refuse lists of different lengths, and what is not finite", () => {
    expect(() => pearson([1, 2], [1])).toThrow(InvalidArgumentError);
    expect(() => spearman([1, NaN], [1, 2])).toThrow(/a\[1\] is NaN/);
  });
});

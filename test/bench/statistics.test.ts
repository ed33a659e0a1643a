import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "recsys-unlearning/core";
import { fitGrowth, geometricMean } from "../../bench/statistics";

describe("geometricMean", () => {
  it("makes twice as fast and twice as slow even out", () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1, 12);
    expect(geometricMean([1, 10, 100])).toBeCloseTo(10, 12);
  });

  it("refuses what has none", () => {
    expect(() => geometricMean([])).toThrow(InvalidArgumentError);
    expect(() => geometricMean([1, 0])).toThrow(/0 has no logarithm/);
    expect(() => geometricMean([1, Infinity])).toThrow(InvalidArgumentError);
  });
});

describe("fitGrowth", () => {
  const slope = fc.double({ min: -2, max: 3, noNaN: true });
  const constant = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

  test.prop([slope, constant])("finds the power that made the costs", (power, factor) => {
    const points = [1e5, 3e5, 1e6, 2e7].map((size) => ({ size, cost: factor * size ** power }));
    const found = fitGrowth(points)!;
    expect(found.slope).toBeCloseTo(power, 6);
    expect(Math.log(found.constant)).toBeCloseTo(Math.log(factor), 6);
  });

  it("takes the middle of costs that disagree, and names the sizes", () => {
    const points = [
      { size: 100, cost: 2 },
      { size: 10, cost: 1 },
      { size: 100, cost: 50 },
    ];
    const found = fitGrowth(points)!;
    expect(found.slope).toBeCloseTo(1, 12); // sqrt(2 * 50) = 10
    expect(found.sizes).toEqual([10, 100]);
  });

  it("has no slope for one size", () => {
    expect(fitGrowth([{ size: 5, cost: 1 }])).toBeNull();
    expect(fitGrowth([])).toBeNull();
  });

  it("refuses a cost of 0", () => {
    const points = [1, 2].map((size) => ({ size, cost: size - 1 }));
    expect(() => fitGrowth(points)).toThrow(InvalidArgumentError);
  });
});

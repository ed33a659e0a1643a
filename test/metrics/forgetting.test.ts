import { fc, test as property } from "@fast-check/vitest";
import * as metrics from "recsys-unlearning/metrics";
import { describe, expect, test } from "vitest";

const f32 = (...values: number[]) => Float32Array.from(values);
const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

describe("log losses", () => {
  const row = fc.record({ score: fc.float({ min: -30, max: 30, noNaN: true }), label: fc.integer({ min: 0, max: 1 }) });

  property.prop([fc.array(row)])("are -log of the chance given to the label", (rows) => {
    const losses = metrics.logLosses(f32(...rows.map((r) => r.score)), f32(...rows.map((r) => r.label)));
    rows.forEach(({ score, label }, k) => {
      expect(losses[k]).toBeCloseTo(-Math.log(label === 1 ? sigmoid(score) : sigmoid(-score)), 9);
    });
  });

  test("do not overflow", () => {
    expect([...metrics.logLosses(f32(1000, -1000, 1000, -1000), f32(1, 0, 0, 1))]).toEqual([0, 0, 1000, 1000]);
  });
});

describe("forgetting", () => {
  test("forget AUC holds the scores of the forgotten rows against their true labels", () => {
    const trueLabel = f32(1, 0, 1, 0);
    expect(metrics.forgetAuc(f32(0.2, 0.9), trueLabel, Int32Array.of(1, 2))).toBe(1);
    expect(metrics.forgetAuc(f32(0.9, 0.2), trueLabel, Int32Array.of(1, 2))).toBe(0);
    expect(metrics.forgetAuc(f32(0.9, 0.2), trueLabel, Int32Array.of(0, 2))).toBeNull();
    expect(() => metrics.forgetAuc(f32(0.9), trueLabel, Int32Array.of(0, 2))).toThrow(/scores 1, forgetRows 2/);
  });

  test("the loss gap is below 0 where the model still remembers", () => {
    expect(metrics.forgetLossGap(f32(3), f32(0), f32(1))).toBeCloseTo(Math.log1p(Math.exp(-3)) - Math.log(2), 6);
    expect(metrics.forgetLossGap(f32(3), f32(0), f32(1))).toBeLessThan(0);
    expect(metrics.forgetLossGap(f32(0), f32(0), f32(1))).toBe(0);
    expect(metrics.forgetLossGap(f32(), f32(), f32())).toBeNull();
  });

  test("probability difference, worked by hand", () => {
    // sigmoid(log 3) = 3/4, sigmoid(0) = 1/2, sigmoid(-log 3) = 1/4
    expect(metrics.meanProbabilityDifference(f32(Math.log(3), 0), f32(0, -Math.log(3)))).toBeCloseTo(0.25, 6);
    expect(metrics.meanProbabilityDifference(f32(), f32())).toBeNull();
  });

  const logits = fc.array(fc.tuple(fc.float({ noNaN: true }), fc.float({ noNaN: true })), { minLength: 1 });

  property.prop([logits])("probability difference is a distance in [0, 1]", (pairs) => {
    const a = f32(...pairs.map(([x]) => x));
    const b = f32(...pairs.map(([, y]) => y));
    const difference = metrics.meanProbabilityDifference(a, b)!;
    expect(difference).toBe(metrics.meanProbabilityDifference(b, a));
    expect(difference).toBeGreaterThanOrEqual(0);
    expect(difference).toBeLessThanOrEqual(1);
    expect(metrics.meanProbabilityDifference(a, a)).toBe(0);
  });

  test("the noise floor is the unit of distance", () => {
    const retrained = f32(0, 0);
    const again = f32(0.5, -0.5);
    expect(metrics.distanceOverNoiseFloor(again, retrained, again)).toBe(1);
    expect(metrics.distanceOverNoiseFloor(retrained, retrained, again)).toBe(0);
    expect(metrics.distanceOverNoiseFloor(again, retrained, retrained)).toBeNull();
  });
});

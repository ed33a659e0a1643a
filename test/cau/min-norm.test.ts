import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../lib/core";
import { exactMinNorm, frankWolfeMinNorm, minNormWeights, paretoStep, squaredNorm } from "../../lib/cau";

type Vectors = readonly (readonly number[])[];

/** Inner products of some vectors. */
function gramOf(vectors: Vectors): Float64Array {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return Float64Array.from(vectors.flatMap((a) => vectors.map((b) => dot(a, b))));
}

/** Some vectors of one length; short ones, so that dependent and equal ones occur. */
const vectors = (tasks: { min: number; max: number }) =>
  fc.integer({ min: 1, max: 4 }).chain((length) => {
    const entry = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -3, max: 3, noNaN: true }));
    const vector = fc.array(entry, { minLength: length, maxLength: length });
    return fc.array(vector, { minLength: tasks.min, maxLength: tasks.max });
  });

/** The least |Σ wᵢ gᵢ|² over a grid on the triangle. */
function leastOnGrid(gram: Float64Array, steps: number): number {
  let least = Infinity;
  for (let a = 0; a <= steps; a++)
    for (let b = 0; a + b <= steps; b++)
      least = Math.min(least, squaredNorm(gram, Float64Array.of(a / steps, b / steps, (steps - a - b) / steps)));
  return least;
}

const sumOf = (weights: Float64Array) => weights.reduce((sum, weight) => sum + weight, 0);

describe("the shortest vector in a convex hull", () => {
  it("is the foot of the perpendicular for two gradients, or a corner", () => {
    const [inside, corner] = [[[1, 1], [1, -3]], [[1, 0], [2, 1]]].map((some) => exactMinNorm(gramOf(some))); // prettier-ignore
    expect(inside[0]).toBeCloseTo(0.75, 12);
    expect([...corner]).toEqual([1, 0]);
  });

  it("is zero where the hull holds the origin", () => {
    const gram = gramOf([[1, 0], [-1, 1], [-1, -1]]); // prettier-ignore
    expect(squaredNorm(gram, exactMinNorm(gram))).toBeCloseTo(0, 12);
  });

  property.prop([vectors({ min: 3, max: 3 })])("is no longer than any point of a grid, on the simplex", (some) => {
    const gram = gramOf(some);
    const weights = minNormWeights(gram);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
    expect(sumOf(weights)).toBeCloseTo(1, 9);
    expect(squaredNorm(gram, weights)).toBeLessThanOrEqual(leastOnGrid(gram, 60) + 1e-9);
  });

  property.prop([vectors({ min: 1, max: 6 })])("is the same by Frank-Wolfe, for more gradients too", (some) => {
    const gram = gramOf(some);
    const scale = Math.max(...gram.map(Math.abs), 1e-300);
    const [exact, iterated] = [exactMinNorm(gram), frankWolfeMinNorm(gram)].map((w) => squaredNorm(gram, w) / scale);
    expect(iterated).toBeCloseTo(exact, 5);
    expect(sumOf(frankWolfeMinNorm(gram))).toBeCloseTo(1, 9);
  });

  property.prop([vectors({ min: 2, max: 5 })])("lowers every loss: gᵢ · d ≥ |d|² (Désidéri's descent law)", (some) => {
    const gram = gramOf(some);
    const weights = exactMinNorm(gram);
    const scale = Math.max(...gram.map(Math.abs), 1e-300);
    const tasks = some.length;
    for (let i = 0; i < tasks; i++) {
      const along = weights.reduce((sum, weight, j) => sum + weight * gram[i * tasks + j], 0);
      expect((along - squaredNorm(gram, weights)) / scale).toBeGreaterThan(-1e-7);
    }
  });

  it("refuses what is no Gram matrix", () => {
    expect(() => minNormWeights(new Float64Array(6))).toThrow(InvalidArgumentError);
    expect(() => minNormWeights(Float64Array.of(1, NaN, NaN, 1))).toThrow(/not finite/);
  });
});

describe("a Pareto step", () => {
  const unlearn = [-3, 1];
  const normal = [1, 1];
  const literal = { weights: "pareto", normalization: "none", inactiveBelow: 0 } as const;

  it("stalls in its literal form where one gradient is zero: the original model", () => {
    const { weights, gradientWeights } = paretoStep(gramOf([unlearn, normal, [0, 0]]), literal);
    expect([...weights]).toEqual([0, 0, 1]);
    expect([...gradientWeights]).toEqual([0, 0, 1]);
  });

  it("leaves out a gradient that is float noise beside the others", () => {
    const noise = [1e-6, -2e-6];
    const { weights } = paretoStep(gramOf([unlearn, normal, noise]));
    expect(weights[2]).toBe(0);
    expect([...weights.slice(0, 2)]).toEqual([...paretoStep(gramOf([unlearn, normal])).weights]);
  });

  it("does not depend on the gradients' lengths where they are normalised", () => {
    const short = paretoStep(gramOf([unlearn, normal]));
    const long = paretoStep(gramOf([unlearn.map((x) => 50 * x), normal]));
    expect(long.weights[0]).toBeCloseTo(short.weights[0], 12);
    expect(long.gradientWeights[0]).toBeCloseTo(short.gradientWeights[0] / 50, 12);
  });

  it("weighs the gradients as they are where they are not normalised", () => {
    const raw = gramOf([unlearn.map((x) => 2 * x), normal]);
    const { weights, gradientWeights } = paretoStep(raw, literal);
    expect(weights).toEqual(minNormWeights(raw));
    expect(gradientWeights).toEqual(weights);
    expect(weights[0]).not.toBeCloseTo(paretoStep(raw).weights[0], 2);
  });

  it("is nothing where every gradient is zero", () => {
    expect([...paretoStep(new Float64Array(9)).gradientWeights]).toEqual([0, 0, 0]);
  });
});

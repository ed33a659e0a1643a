import { fc, test as property } from "@fast-check/vitest";
import * as metrics from "recsys-unlearning/metrics";
import { describe, expect, test } from "vitest";

const { auc } = metrics;

/** Every pair looked at. */
function slowAuc(scores: readonly number[], labels: readonly number[]): number | null {
  let wins = 0;
  let pairs = 0;
  scores.forEach((positive, i) => {
    if (labels[i] <= 0) return;
    scores.forEach((negative, j) => {
      if (labels[j] > 0) return;
      pairs++;
      wins += positive > negative ? 1 : positive === negative ? 0.5 : 0;
    });
  });
  return pairs === 0 ? null : wins / pairs;
}

const aucOf = (scores: number[], labels: number[], mask?: number[]) =>
  auc(Float32Array.from(scores), Float32Array.from(labels), mask === undefined ? undefined : Uint8Array.from(mask));

describe("auc", () => {
  test.each([
    { scores: [0.1, 0.4, 0.35, 0.8], labels: [0, 0, 1, 1], expected: 0.75 }, // scikit-learn's own example
    { scores: [1, 2, 3, 4], labels: [0, 0, 1, 1], expected: 1 },
    { scores: [4, 3, 2, 1], labels: [0, 0, 1, 1], expected: 0 },
    { scores: [7, 7, 7, 7], labels: [0, 1, 0, 1], expected: 0.5 },
    { scores: [-0, 0], labels: [1, 0], expected: 0.5 },
    { scores: [-Infinity, Infinity, 0], labels: [0, 1, 0], expected: 1 },
    { scores: [-2, -1, 1, 2], labels: [1, 0, 1, 0], expected: 0.25 },
  ])("$scores against $labels is $expected", ({ scores, labels, expected }) => {
    expect(aucOf(scores, labels)).toBe(expected);
  });

  test("is undefined with one class, no rows or a NaN score", () => {
    expect(aucOf([1, 2], [1, 1])).toBeNull();
    expect(aucOf([1, 2], [0, 0])).toBeNull();
    expect(aucOf([], [])).toBeNull();
    expect(aucOf([1, NaN], [0, 1])).toBeNull();
    expect(aucOf([1, 2, 3], [0, 1, 1], [1, 0, 0])).toBeNull();
  });

  test("refuses columns of different length", () => {
    expect(() => aucOf([1, 2], [1])).toThrow(/scores 2, labels 1/);
  });

  const rows = fc.array(
    fc.record({
      score: fc.oneof(fc.float({ noNaN: true }), fc.integer({ min: -3, max: 3 })),
      label: fc.integer({ min: 0, max: 1 }),
      kept: fc.integer({ min: 0, max: 1 }),
    }),
    { maxLength: 60 },
  );

  property.prop([rows])("counts every pair", (drawn) => {
    const kept = drawn.filter((row) => row.kept === 1);
    const fast = aucOf(
      drawn.map((row) => row.score),
      drawn.map((row) => row.label),
      drawn.map((row) => row.kept),
    );
    const slow = slowAuc(
      kept.map((row) => row.score),
      kept.map((row) => row.label),
    );
    expect(fast).toBe(slow);
  });

  property.prop([rows])("turns round when the scores do", (drawn) => {
    const labels = drawn.map((row) => row.label);
    const value = aucOf(
      drawn.map((row) => row.score),
      labels,
    );
    const turned = aucOf(
      drawn.map((row) => -row.score),
      labels,
    );
    if (value === null) expect(turned).toBeNull();
    else expect(turned).toBeCloseTo(1 - value, 12);
  });

  test("a long column after a short one and the other way round", () => {
    const long = Array.from({ length: 5000 }, (_, i) => Math.sin(i));
    const labels = long.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const expected = slowAuc(long.map(Math.fround), labels);
    expect(aucOf(long, labels)).toBe(expected);
    expect(aucOf([1, 2], [0, 1])).toBe(1);
    expect(aucOf(long, labels)).toBe(expected);
  });
});

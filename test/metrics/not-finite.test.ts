import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../../lib/core";
import * as metrics from "../../lib/metrics";

const bad = [NaN, Infinity, -Infinity];

describe("values that are not finite are refused by name", () => {
  test.each(bad)("paired tests of %d", (value) => {
    for (const run of [metrics.permutationTest, metrics.pairedTTest, metrics.wilcoxonTest]) {
      expect(() => run([1, value, 3], [1, 2, 4])).toThrow(InvalidArgumentError);
      expect(() => run([1, 2, 3], [1, value, 4])).toThrow(/b\[1\] is/);
    }
  });
  test.each(bad)("summaries of %d", (value) => {
    expect(() => metrics.summarise([1, value])).toThrow(/values\[1\] is/);
    expect(() => metrics.bootstrapInterval([1, value])).toThrow(/values\[1\] is/);
    expect(() => metrics.holm([0.1, value])).toThrow(/ps\[1\] is/);
  });
  test("ranks and top items of NaN", () => {
    const scores = Float32Array.of(1, NaN, 2);
    expect(() => metrics.topItems(scores, 2)).toThrow(/scores\[1\] is NaN/);
    expect(() => metrics.rankOf(scores, 1)).toThrow(/scores\[1\] is NaN/);
    expect([...metrics.topItems(Float32Array.of(1, -Infinity, 2), 3)]).toEqual([2, 0]);
  });
});

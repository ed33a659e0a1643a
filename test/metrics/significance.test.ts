import { describe, expect, it } from "vitest";
import { Random } from "recsys-unlearning/core";
import {
  bootstrapInterval,
  holm,
  median,
  pairedTTest,
  permutationTest,
  summarise,
  wilcoxonTest,
} from "recsys-unlearning/metrics";

const zeros = (n: number) => Array.from({ length: n }, () => 0);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("the median", () => {
  it("is the middle value, or half way between two, in any order", () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([8, 1, 4, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });
});

describe("a summary", () => {
  it("has mean, deviation and Student's interval, as worked by hand", () => {
    // 2 4 4 4 5 5 7 9: mean 5, squares of deviations sum to 32, t(0.975, 7) = 2.364624 from the tables
    const { mean, sd, n, interval } = summarise([2, 4, 4, 4, 5, 5, 7, 9]);
    expect([mean, n]).toEqual([5, 8]);
    expect(sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
    const half = (2.364624 * Math.sqrt(32 / 7)) / Math.sqrt(8);
    expect(interval?.[0]).toBeCloseTo(5 - half, 5);
    expect(interval?.[1]).toBeCloseTo(5 + half, 5);
  });

  it("of a single value has no spread, and of none does not exist", () => {
    expect(summarise([3])).toEqual({ mean: 3, sd: null, n: 1, interval: null });
    expect(() => summarise([])).toThrow(/nothing/);
  });
});

describe("Wilcoxon's test", () => {
  it.each([
    [5, 0.0625],
    [6, 0.03125],
    [8, 0.0078125],
    [10, 0.001953125],
  ])("of %d pairs that all differ one way cannot go below %d", (n, p) => {
    expect(wilcoxonTest(upTo(n), zeros(n)).p).toBeCloseTo(p, 12);
  });

  it("agrees with the published critical values: for n = 10, W = 8 is significant at 0.05 and W = 9 is not", () => {
    const withRankSum = (negative: number[]) => upTo(10).map((rank) => (negative.includes(rank) ? -rank : rank));
    expect(wilcoxonTest(withRankSum([8]), zeros(10)).p).toBeLessThanOrEqual(0.05);
    expect(wilcoxonTest(withRankSum([9]), zeros(10)).p).toBeGreaterThan(0.05);
  });

  it("agrees with Hollander and Wolfe's depression scores: p = 0.039", () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    expect(wilcoxonTest(before, after).p).toBeCloseTo(0.0390625, 10);
  });

  it("finds nothing where nothing differs", () => expect(wilcoxonTest([1, 2], [1, 2]).p).toBe(1));
  it("refuses what is not paired", () => expect(() => wilcoxonTest([1, 2], [1])).toThrow(/2 and 1 values to pair/));
});

describe("the paired t-test", () => {
  it("agrees with Student's sleep data: t = 4.0621, p = 0.002833", () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { statistic, p } = pairedTTest(second, first);
    expect(statistic).toBeCloseTo(4.0621, 4);
    expect(p).toBeCloseTo(0.002833, 6);
  });

  it("is sure where all differ by the same, and finds nothing where none does", () => {
    expect(pairedTTest([2, 3, 4], [1, 2, 3])).toEqual({ test: "t-test", statistic: Infinity, p: 0, n: 3 });
    expect(pairedTTest([2, 3], [2, 3])).toEqual({ test: "t-test", statistic: 0, p: 1, n: 2 });
    expect(() => pairedTTest([1], [2])).toThrow(/two pairs/);
  });
});

describe("the permutation test", () => {
  it("counts every flip where there are few", () => {
    // differences 1, 2, 3: |sum| = 6 is reached by 2 of 8 flips; 1, 2, -3: |sum| = 0 by all
    expect(permutationTest([1, 2, 3], zeros(3)).p).toBe(2 / 8);
    expect(permutationTest([1, 2, -3], zeros(3)).p).toBe(1);
    expect(permutationTest([0.1, 0.2, 0.3], zeros(3)).p).toBe(2 / 8);
  });

  it("draws flips where there are many, comes near the exact value, and is the same for the same seed", () => {
    const a = upTo(12).map((i) => i - 4);
    const exact = permutationTest(a, zeros(12), { rounds: 2 ** 12 }).p;
    const drawn = permutationTest(a, zeros(12), { rounds: 4000 }).p;
    expect(Math.abs(drawn - exact)).toBeLessThan(0.02);
    expect(permutationTest(a, zeros(12), { rounds: 4000 }).p).toBe(drawn);
    expect(permutationTest(a, zeros(12), { rounds: 4000, seed: 2 }).p).not.toBe(drawn);
  });

  it("is never surer than its rounds allow", () =>
    expect(permutationTest(upTo(100), zeros(100), { rounds: 50 }).p).toBe(1 / 50));

  it("rejects a true hypothesis about as often as it says", () => {
    const random = Random.fromSeed(7);
    const trials = Array.from(
      { length: 300 },
      () =>
        permutationTest(
          upTo(10).map(() => random.normal()),
          zeros(10),
          { rounds: 1024 },
        ).p,
    );
    const rejected = trials.filter((p) => p <= 0.05).length / trials.length;
    expect(rejected).toBeGreaterThan(0.02);
    expect(rejected).toBeLessThan(0.09);
  });
});

describe("the bootstrap", () => {
  it("covers about what Student's interval covers", () => {
    const random = Random.fromSeed(3);
    const values = Array.from({ length: 200 }, () => 5 + random.normal());
    const [low, high] = bootstrapInterval(values);
    const [tLow, tHigh] = summarise(values).interval!;
    expect(Math.abs(low - tLow)).toBeLessThan(0.03);
    expect(Math.abs(high - tHigh)).toBeLessThan(0.03);
  });

  it("is the percentiles of means that its own stream of the seed draws", () => {
    const values = [1, 2, 4, 8, 16];
    const random = Random.derive(5, "bootstrap");
    const drawn = () => values.map(() => values[random.integer(5)]).reduce((total, value) => total + value) / 5;
    const means = Array.from({ length: 80 }, drawn).sort((a, b) => a - b);
    expect(bootstrapInterval(values, { rounds: 80, seed: 5 })).toEqual([means[2], means[77]]);
    expect(() => bootstrapInterval(values, { rounds: 39 })).toThrow(/"rounds" is 39/);
    expect(() => bootstrapInterval([])).toThrow(/nothing was measured/);
  });

  it("of equal values is a point", () => expect(bootstrapInterval([2, 2, 2])).toEqual([2, 2]));
});

describe("Holm's correction", () => {
  it("is as worked by hand", () => {
    // sorted 0.01 0.02 0.03 0.04 times 4 3 2 1 = 0.04 0.06 0.06 0.04, made monotone
    expect(holm([0.04, 0.01, 0.03, 0.02])).toEqual([0.06, 0.04, 0.06, 0.06]);
  });

  it("never exceeds 1 and leaves a single test alone", () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
  });
});

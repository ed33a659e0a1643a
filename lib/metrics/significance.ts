/* eslint-disable @typescript-eslint/no-require-imports -- loaded at the first test, not with lib: together they take 0.2 s */
import type Quantile from "@stdlib/stats-base-dists-t-quantile";
import type TTest from "@stdlib/stats-ttest";
import type Wilcoxon from "@stdlib/stats-wilcoxon";
import { InvalidArgumentError, Random, requireNumber } from "../core";
import { requireFinite } from "./lengths";

/** Several measurements of one thing in short. */
export interface MeasurementSummary {
  readonly mean: number;
  /** Sample standard deviation (n - 1), or `null` for a single measurement. */
  readonly sd: number | null;
  readonly n: number;
  /** The 95 % interval of the mean by Student's t, or `null` for a single measurement. */
  readonly interval: readonly [number, number] | null;
}

/** What a paired test found. */
export interface TestResult {
  readonly test: "wilcoxon" | "t-test" | "permutation";
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  /** Pairs. */
  readonly n: number;
}

/**
 * Mean and spread of measurements that differ by their seed alone.
 *
 * @param values one measurement per seed, `[n]`
 *
 * @throws InvalidArgumentError for none
 * @example
 * const { mean, sd } = summarise([0.71, 0.74, 0.69]);
 */
export function summarise(values: readonly number[]): MeasurementSummary {
  const n = values.length;
  if (n === 0) throw new InvalidArgumentError("nothing was measured");
  requireFinite("summarise", "values", values);
  const mean = sum(values) / n;
  if (n === 1) return { mean, sd: null, n, interval: null };
  const sd = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (n - 1));
  const quantile = require("@stdlib/stats-base-dists-t-quantile") as typeof Quantile;
  const half = (quantile(0.975, n - 1) * sd) / Math.sqrt(n);
  return { mean, sd, n, interval: [mean - half, mean + half] };
}

/**
 * The middle value, or the mean of the two middle ones; NaN of nothing, or where one is NaN.
 *
 * @param values in any order
 * @example
 * median([3, 1, 2]); // 2
 */
export function median(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/**
 * Wilcoxon's signed-rank test, exact for few pairs without ties. With n seeds p cannot be below 2 / 2^n: 5 seeds can
 * never reach 0.05 (0.0625), 6 can (0.031).
 *
 * @param a one measurement per seed, `[n]`
 * @param b the same seeds, `[n]`
 * @returns p = 1 where no pair differs
 * @example
 * const { p } = wilcoxonTest([0.71, 0.74, 0.69], [0.7, 0.71, 0.68]); // by seed, in the same order
 */
export function wilcoxonTest(a: readonly number[], b: readonly number[]): TestResult {
  const n = requirePairs("wilcoxonTest", a, b);
  if (a.every((value, i) => value === b[i])) return { test: "wilcoxon", statistic: 0, p: 1, n };
  const { statistic, pValue } = (require("@stdlib/stats-wilcoxon") as typeof Wilcoxon)([...a], [...b]);
  return { test: "wilcoxon", statistic, p: Math.min(1, pValue), n };
}

/**
 * Student's paired t-test.
 *
 * @param a one measurement per seed, `[n]`, n at least 2
 * @param b the same seeds, `[n]`
 * @returns p = 1 where no pair differs, 0 where all differ by the same
 * @throws InvalidArgumentError for fewer than two pairs, or lists of different lengths
 * @example
 * const { p } = pairedTTest([0.71, 0.74, 0.69], [0.7, 0.71, 0.68]); // by seed, in the same order
 */
export function pairedTTest(a: readonly number[], b: readonly number[]): TestResult {
  const n = requirePairs("pairedTTest", a, b);
  if (n < 2) throw new InvalidArgumentError("a t-test needs two pairs or more", { remedy: "use more seeds" });
  const differences = a.map((value, i) => value - b[i]);
  const same = differences.every((difference) => difference === differences[0]);
  if (same)
    return { test: "t-test", statistic: differences[0] === 0 ? 0 : Infinity, p: differences[0] === 0 ? 1 : 0, n };
  const { statistic, pValue } = (require("@stdlib/stats-ttest") as typeof TTest)([...a], [...b]);
  return { test: "t-test", statistic, p: pValue, n };
}

/** How a random test is drawn. */
export interface ResamplingOptions {
  /** Default 2000. */
  readonly rounds?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * A paired permutation test of the mean difference, by flipping signs: all flips where that is not more than `rounds`,
 * else random ones (with the observed one among them, so that p is never 0).
 *
 * @param a one value per user or sample, `[n]`
 * @param b the same users or samples, `[n]`
 * @example
 * const { p } = permutationTest(ndcgAt(10, ranks), ndcgAt(10, otherRanks)); // by sample, in the same order
 */
export function permutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: ResamplingOptions = {},
): TestResult {
  const n = requirePairs("permutationTest", a, b);
  const rounds = requireNumber("rounds", options.rounds ?? 2000, { min: 1, integer: true });
  const differences = Float64Array.from({ length: n }, (_, i) => a[i] - b[i]);
  const observed = Math.abs(sumOf(differences));
  const tolerance = 1e-12 * absoluteSum(differences); // sums in another order differ by rounding
  const flips = n < 31 && 2 ** n <= rounds ? everyFlip(n) : randomFlips(n, rounds, options.seed ?? 1);
  let [asLarge, count] = [0, 0];
  for (const flip of flips) {
    if (Math.abs(flippedSum(differences, flip)) >= observed - tolerance) asLarge++;
    count++;
  }
  return { test: "permutation", statistic: sumOf(differences) / n, p: asLarge / count, n };
}

/**
 * The 95 % percentile interval of a mean by the bootstrap.
 *
 * @param values one per user or sample, `[n]`
 * @throws InvalidArgumentError for none, or one that is not finite
 * @example
 * const [low, high] = bootstrapInterval([0.71, 0.74, 0.69, 0.73]);
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  options: ResamplingOptions = {},
): readonly [number, number] {
  const n = values.length;
  if (n === 0) throw new InvalidArgumentError("nothing was measured");
  requireFinite("bootstrapInterval", "values", values);
  const rounds = requireNumber("rounds", options.rounds ?? 2000, { min: 40, integer: true });
  const random = Random.derive(options.seed ?? 1, "bootstrap");
  const means = Float64Array.from({ length: rounds }, () => resampledSum(values, random) / n).sort();
  return [means[Math.floor(0.025 * rounds)], means[Math.ceil(0.975 * rounds) - 1]];
}

/**
 * Holm's correction of several p-values for having looked several times; in the order given.
 *
 * @example
 * holm([0.01, 0.04]); // [0.02, 0.04]
 */
export function holm(ps: readonly number[]): number[] {
  requireFinite("holm", "ps", ps);
  const order = ps.map((_, i) => i).sort((a, b) => ps[a] - ps[b]);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[i]));
    corrected[i] = largest;
  });
  return corrected;
}

function requirePairs(test: string, a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0)
    throw new InvalidArgumentError(`there are ${a.length} and ${b.length} values to pair`, {
      remedy: "give the same seeds (or users) for both, in the same order",
    });
  requireFinite(test, "a", a);
  requireFinite(test, "b", b);
  return a.length;
}

/** Every choice of signs, as bits. */
function* everyFlip(n: number): Generator<Uint32Array> {
  const flip = new Uint32Array(1);
  for (flip[0] = 0; flip[0] < 2 ** n; flip[0]++) yield flip;
}

/** No flip (what was observed), then random ones. */
function* randomFlips(n: number, rounds: number, seed: number): Generator<Uint32Array> {
  const flip = new Uint32Array(Math.ceil(n / 32));
  yield flip;
  const random = Random.derive(seed, "permutation");
  for (let round = 1; round < rounds; round++) {
    for (let word = 0; word < flip.length; word++) flip[word] = random.integer(2 ** 32);
    yield flip;
  }
}

function flippedSum(differences: Float64Array, flip: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < differences.length; i++)
    total += (flip[i >>> 5] >>> (i & 31)) & 1 ? -differences[i] : differences[i];
  return total;
}

function resampledSum(values: ArrayLike<number>, random: Random): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[random.integer(values.length)];
  return total;
}

function sumOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function absoluteSum(values: Float64Array): number {
  return values.reduce((total, value) => total + Math.abs(value), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

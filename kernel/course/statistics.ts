import type { CheckResult } from "./report";
import type { Marked } from "./marks";

/** How a class did in one check. */
export interface CheckStatistics {
  readonly name: string;
  readonly title: string;
  readonly points: number;
  /** The mean part of the points that was earned, from 0 to 1: what test theory calls difficulty. */
  readonly meanScore: number;
  readonly full: number;
  readonly none: number;
  /**
   * The correlation between the points here and the points everywhere else (corrected item-total correlation);
   * `null` where one of the two is the same for all.
   */
  readonly discrimination: number | null;
  /** The commonest mistakes, by name, with how many made them. */
  readonly mistakes: readonly (readonly [string, number])[];
}

const mistakesShown = 5;

/** Statistics of the checks, in the order of the assignment. */
export function checkStatistics(all: readonly Marked[]): CheckStatistics[] {
  const names = all[0]?.report.checks.map(({ name }) => name) ?? [];
  return names.map((name) => {
    const results = all.flatMap(({ report }) => report.checks.filter((check) => check.name === name));
    const earned = results.map((result) => result.earned);
    const rest = all.map(({ total }, index) => total - earned[index]);
    const [{ title, points }] = results;
    return {
      ...{ name, title, points },
      meanScore: mean(earned) / points,
      full: earned.filter((value) => value === points).length,
      none: earned.filter((value) => value === 0).length,
      discrimination: correlation(earned, rest),
      mistakes: commonest(results),
    };
  });
}

function commonest(results: readonly CheckResult[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { mistake } of results) if (mistake !== undefined) counts.set(mistake, (counts.get(mistake) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mistakesShown);
}

/** How many totals fall in each of equal parts of the possible points. */
export function distribution(all: readonly Marked[], parts = 10): number[] {
  const counts = new Array<number>(parts).fill(0);
  for (const { total, possible } of all) counts[Math.min(parts - 1, Math.floor((parts * total) / possible))]++;
  return counts;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += (a[i] - meanA) * (b[i] - meanB);
    squaresA += (a[i] - meanA) ** 2;
    squaresB += (b[i] - meanB) ** 2;
  }
  const scale = Math.sqrt(squaresA * squaresB);
  return scale < 1e-12 ? null : product / scale;
}

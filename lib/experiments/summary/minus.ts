import { summarise } from "../../metrics";
import type { SummaryRow } from "./summary";

/** How much a metric differs between two rows, seed by seed. */
export interface Difference {
  readonly mean: number;
  readonly sd: number | null;
  readonly interval: readonly [number, number] | null;
  /** Mean of the distances, whichever way they go. */
  readonly distance: number;
  /** Seeds. */
  readonly n: number;
}

/**
 * How much a metric of one row differs from another's, seed by seed.
 *
 * @returns `null` where no seed has both
 * @example
 * const { rows } = (await experiment("cau-main")).result.summary;
 * const [first, second] = rows.filter(({ method }) => method === "cau");
 * minus(first, second, "session-ndcg@10")?.interval; // of the difference, over seeds
 */
export function minus(row: SummaryRow, other: SummaryRow, metric: string): Difference | null {
  const theirs = other.metrics[metric].values;
  const values = row.metrics[metric].values.flatMap((value, k) => {
    const against = theirs[other.seeds.indexOf(row.seeds[k])] ?? null;
    return value === null || against === null ? [] : [value - against];
  });
  return differenceOf(values);
}

/**
 * Differences of several seeds, together.
 *
 * @returns `null` where there are none
 * @example
 * differenceOf([-1, 2])?.distance; // 1.5, while the mean is 0.5
 */
export function differenceOf(values: readonly number[]): Difference | null {
  if (values.length === 0) return null;
  return { ...summarise(values), distance: values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length };
}

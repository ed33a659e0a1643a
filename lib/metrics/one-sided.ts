import { requireFinite } from "./lengths";
import { pairedTTest } from "./significance";

/** p of both one-sided tests of a mean against a bound. */
export interface OneSided {
  /** That the mean is above the bound. */
  readonly above: number;
  /** That it is below. */
  readonly below: number;
}

/**
 * Student's one-sided tests of a mean against a bound. Of differences by seed they are the paired tests.
 *
 * @param values one per seed, `[n]`, n at least 2
 * @returns where all values are the same: 0 for the side they are on, else 1
 * @throws InvalidArgumentError for fewer than two values, or one that is not finite
 * @example
 * oneSidedTTest([0.02, 0.05, 0.03], 0).above; // 0.03: above 0
 */
export function oneSidedTTest(values: readonly number[], bound: number): OneSided {
  requireFinite("oneSidedTTest", "values", values);
  const { p } = pairedTTest(
    values,
    values.map(() => bound),
  );
  const distance = values.reduce((sum, value) => sum + (value - bound), 0);
  if (values.every((value) => value === bound)) return { above: 1, below: 1 }; // on neither side
  return distance > 0 ? { above: p / 2, below: 1 - p / 2 } : { above: 1 - p / 2, below: p / 2 };
}

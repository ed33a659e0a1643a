/**
 * A measure of one model: its value, and what it is a mean of, so that the error of a difference between two models is
 * known.
 */
export interface Reading {
  /** `null` where it is undefined. */
  readonly value: number | null;
  /**
   * One value for each row (user, sample), in the same order for every model; for an AUC two lists, one for each class.
   * The value is a smooth function of their means.
   */
  readonly samples: readonly Float64Array[];
}

/** A mean over rows, users or samples. */
export function meanReading(values: Float64Array): Reading {
  return { value: values.length === 0 ? null : meanOf(values), samples: [values] };
}

/**
 * The chance that a value of the first list is above one of the second, ties counted half. The samples are DeLong's
 * placements (Biometrics 1988): for each value its own chance against the other list.
 */
export function aucReading(positives: Float64Array, negatives: Float64Array): Reading {
  if (positives.length === 0 || negatives.length === 0) return { value: null, samples: [] };
  const above = placements(positives, negatives);
  const below = placements(negatives, positives).map((share) => 1 - share);
  return { value: meanOf(above), samples: [above, below] };
}

/** For each value the share of the others that are below it, ties counted half. */
function placements(values: Float64Array, others: Float64Array): Float64Array {
  const sorted = Float64Array.from(others).sort();
  const countBelow = (value: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return values.map((value) => (countBelow(value, false) + countBelow(value, true)) / 2 / sorted.length);
}

/**
 * The standard error, over rows, of the difference between two models: rows are drawn anew, the models stay.
 *
 * @returns `null` where fewer than two rows say nothing of it
 */
export function differenceError(a: Reading, b: Reading): number | null {
  if (a.samples.length === 0 || a.samples.some(({ length }) => length < 2)) return null;
  let variance = 0;
  for (const [list, values] of a.samples.entries()) {
    const difference = values.map((value, k) => value - b.samples[list][k]);
    const mean = meanOf(difference);
    const squares = difference.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    variance += squares / (difference.length - 1) / difference.length;
  }
  return Math.sqrt(variance);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

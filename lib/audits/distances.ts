import type { Readings } from "./criteria";
import { meanReading } from "./reading";

/** What models put out of the same rows, one number a row. */
export interface Beliefs {
  readonly original: Float64Array;
  readonly answer: Float64Array;
  readonly retrained: readonly Float64Array[];
}

/** Mean distances from the retrainings: of Original, of the answer, and of the retrainings from each other. */
export function distancesOf({ original, answer, retrained }: Beliefs): Readings {
  const none = { value: null, samples: [] };
  if (retrained.length < 2) return { original: none, answer: none, retrained: [] };
  return {
    original: meanReading(meanDistance(original, retrained)),
    answer: meanReading(meanDistance(answer, retrained)),
    retrained: [meanReading(meanDistanceOfPairs(retrained))],
  };
}

/** |a - b| of each row, its mean over the others. */
function meanDistance(from: Float64Array, others: readonly Float64Array[]): Float64Array {
  return from.map((value, k) => others.reduce((sum, one) => sum + Math.abs(value - one[k]), 0) / others.length);
}

/**
 * |a - b| of each row, its mean over all pairs. In ascending order the k-th of n values is above k others and below
 * n - 1 - k, so that no pair is formed: thousands of retrainings have millions.
 */
export function meanDistanceOfPairs(lists: readonly Float64Array[]): Float64Array {
  const count = lists.length;
  const values = new Float64Array(count);
  return lists[0].map((_, row) => {
    for (let k = 0; k < count; k++) values[k] = lists[k][row];
    values.sort();
    const sum = values.reduce((total, value, k) => total + value * (2 * k + 1 - count), 0);
    return (2 * sum) / (count * (count - 1));
  });
}

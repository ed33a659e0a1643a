import { requireEqualLength, requireFinite } from "./lengths";

/**
 * Pearson's correlation of two lists of numbers.
 *
 * @param a one value per case, `[n]`
 * @param b the same cases, `[n]`
 * @returns from -1 to 1; `null` where one of them does not vary
 * @throws InvalidArgumentError for lists of different lengths, or a value that is not finite
 * @example
 * pearson([1, 2, 3], [2, 4, 6.5]); // 0.998…
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  requirePairs("pearson", a, b);
  return correlationOf(a, b);
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of theirs.
 *
 * @param a one value per case, `[n]`
 * @param b the same cases, `[n]`
 * @returns from -1 to 1; `null` where one of them does not vary
 * @throws InvalidArgumentError for lists of different lengths, or a value that is not finite
 * @example
 * spearman([1, 2, 3], [2, 4, 100]); // 1: in the same order
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  requirePairs("spearman", a, b);
  return correlationOf(meanRanks(a), meanRanks(b));
}

/**
 * The rank of each value among all, from 1; equal values share the mean of theirs.
 *
 * @param values in any order, `[n]`
 * @throws InvalidArgumentError for a value that is not finite
 * @example
 * meanRanks([7, 3, 7]); // [2.5, 1, 2.5]
 */
export function meanRanks(values: ArrayLike<number>): Float64Array {
  requireFinite("meanRanks", "values", values);
  const order = Uint32Array.from({ length: values.length }, (_, k) => k).sort((x, y) => values[x] - values[y]);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let k = start; k < end; k++) ranks[order[k]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function requirePairs(metric: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  requireEqualLength(metric, { a, b });
  requireFinite(metric, "a", a);
  requireFinite(metric, "b", b);
}

function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k] - meanA, b[k] - meanB];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  if (ofA === 0 || ofB === 0) return null;
  return Math.max(-1, Math.min(1, both / Math.sqrt(ofA * ofB)));
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

import { requireEqualLength } from "./lengths";

/**
 * Area under the ROC curve over all rows at once: the chance that a positive scores above a negative, ties counted half
 * (Mann-Whitney; the same value as scikit-learn's `roc_auc_score`). Exact: the pairs are counted, not sampled.
 *
 * @param scores `[rows]`; any monotone scale
 * @param labels `[rows]`; above 0 is a positive
 * @param mask `[rows]`; rows with 0 are left out
 * @returns in [0, 1], or `null` where it is undefined: only one class, or a score that is NaN
 * @example
 * const test = { user: Int32Array.of(0, 0), item: Int32Array.of(1, 2), label: Float32Array.of(1, 0) };
 * auc(model.score(test.user, test.item), test.label); // null where only one label occurs
 */
export function auc(scores: Float32Array, labels: Float32Array, mask?: Uint8Array): number | null {
  requireEqualLength("auc", { scores, labels, ...(mask === undefined ? {} : { mask }) });
  const split = splitKeys(scores, labels, mask);
  if (split === null || split.positives.length === 0 || split.negatives.length === 0) return null;
  sortKeys(split.positives);
  sortKeys(split.negatives);
  return wins(split.positives, split.negatives) / (split.positives.length * split.negatives.length);
}

/**
 * Room for sorting, kept between calls because training asks for an AUC every epoch. Grown, never shrunk.
 * `bits` and `float` are one value seen two ways.
 */
const room = { positives: new Uint32Array(0), negatives: new Uint32Array(0), spare: new Uint32Array(0) };
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The scores of each class as integers of the same order, or `null` when one is NaN. */
function splitKeys(
  scores: Float32Array,
  labels: Float32Array,
  mask: Uint8Array | undefined,
): { positives: Uint32Array; negatives: Uint32Array } | null {
  if (room.spare.length < scores.length)
    for (const part of ["positives", "negatives", "spare"] as const) room[part] = new Uint32Array(scores.length);
  const positives = writeKeys(true, scores, labels, mask, room.positives);
  const negatives = writeKeys(false, scores, labels, mask, room.negatives);
  if (positives === hasNaN || negatives === hasNaN) return null;
  return { positives: room.positives.subarray(0, positives), negatives: room.negatives.subarray(0, negatives) };
}

const hasNaN = -1;

/**
 * Writes the keys of one class to `target` and returns how many there are. A loop of its own: V8 throws away the
 * optimised form of a function that goes on after a long loop, at every call.
 */
function writeKeys(
  positive: boolean,
  scores: Float32Array,
  labels: Float32Array,
  mask: Uint8Array | undefined,
  target: Uint32Array,
): number {
  let count = 0;
  for (let row = 0; row < scores.length; row++) {
    if (mask !== undefined && mask[row] === 0) continue;
    if (Number.isNaN(scores[row])) return hasNaN;
    if (labels[row] > 0 === positive) target[count++] = orderedKey(scores[row]);
  }
  return count;
}

/** A float's bits turned so that unsigned order is numeric order; both zeros give one key. */
function orderedKey(score: number): number {
  float[0] = score + 0;
  return bits[0] & 0x80000000 ? ~bits[0] : bits[0] | 0x80000000;
}

const radixBits = 11;
const buckets = 1 << radixBits;
const counts = new Uint32Array(buckets);

/** Least-significant-digit radix sort of 32-bit keys, in place, three passes. */
function sortKeys(keys: Uint32Array): void {
  let from = keys;
  let to = room.spare.subarray(0, keys.length);
  for (let shift = 0; shift < 32; shift += radixBits) {
    counts.fill(0);
    for (let i = 0; i < from.length; i++) counts[(from[i] >>> shift) & (buckets - 1)]++;
    for (let bucket = 0, start = 0; bucket < buckets; bucket++) {
      const count = counts[bucket];
      counts[bucket] = start;
      start += count;
    }
    for (let i = 0; i < from.length; i++) to[counts[(from[i] >>> shift) & (buckets - 1)]++] = from[i];
    [from, to] = [to, from];
  }
  keys.set(from);
}

/** Over all pairs: 1 where the positive is above, 1/2 where they tie. Both inputs sorted. */
function wins(positives: Uint32Array, negatives: Uint32Array): number {
  let below = 0;
  let upTo = 0;
  let doubled = 0;
  for (let i = 0; i < positives.length; i++) {
    while (below < negatives.length && negatives[below] < positives[i]) below++;
    if (upTo < below) upTo = below;
    while (upTo < negatives.length && negatives[upTo] === positives[i]) upTo++;
    doubled += below + upTo;
  }
  return doubled / 2;
}

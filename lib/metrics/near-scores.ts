import type { Interactions } from "../data";
import { createWorkspace, operations } from "../engine";
import { Mf, type Recommender } from "../models";

/** Scores of all items for one user, nearly those of `Mf.score`. */
export interface NearScores {
  readonly user: number;
  /** `[itemCount]`, `-Infinity` where left out; valid until the next user. */
  readonly scores: Float32Array;
  /** No item below this is among the first; `null` where that is not known. */
  readonly least: number | null;
}

/** For whom items are ranked. */
export interface RankedUsers {
  /** Dense ids, `[users]` */
  readonly users: Int32Array;
  /** How many items are to be first, at most `mostFirst`. */
  readonly count: number;
  /** Sets the scores of items that are not ranked to `-Infinity`. */
  readonly leaveOut: (user: number, scores: Float32Array) => void;
}

/** What the engine's `topK` lists. */
const mostFirst = 1024;
/** Scores of a block: 4 MB, which stay near the processor. */
const blockScores = 1 << 20;
const mostUsers = 256;

/** Whether the scores of a model are products of matrices, of the users and items of some rows. */
export function hasNearScores(model: Recommender, { userCount, itemCount }: Interactions, count: number): model is Mf {
  if (!(model instanceof Mf) || model.score !== Mf.prototype.score) return false;
  const first = Math.min(count, itemCount);
  return model.userCount === userCount && model.itemCount === itemCount && first >= 1 && first <= mostFirst;
}

/**
 * Scores of all items for each user in turn, by products of matrices, which round in another order than `Mf.score`;
 * hence `least`, below which no item can be first by the scores of `Mf.score`.
 */
export function* nearScores(model: Mf, { users, count, leaveOut }: RankedUsers): Generator<NearScores> {
  const { itemCount, embeddingSize: width } = model;
  const first = Math.min(count, itemCount);
  const most = Math.max(1, Math.min(mostUsers, users.length, Math.floor(blockScores / itemCount)));
  const longest = longestRow(model.itemEmbedding, width);
  const workspace = createWorkspace();
  try {
    const items = workspace.copyOf(model.itemEmbedding);
    const [vectors, products] = [workspace.float32(most * width), workspace.float32(most * itemCount)];
    const [columns, values] = [workspace.int32(most * first), workspace.float32(most * first)];
    for (let from = 0; from < users.length; from += most) {
      const block = users.subarray(from, from + most);
      const rows = block.length;
      block.forEach((user, row) => vectors.set(rowOf(model.userEmbedding, user, width), row * width));
      const out = products.subarray(0, rows * itemCount);
      const product = { a: vectors.subarray(0, rows * width), b: items, transposeB: true, out };
      operations().matMul({ ...product, rows, inner: width, columns: itemCount });
      block.forEach((user, row) => leaveOut(user, rowOf(out, row, itemCount)));
      const last = values.subarray(0, rows * first);
      operations().topK(out, itemCount, first, columns.subarray(0, rows * first), last);
      for (let row = 0; row < rows; row++) {
        const bound = errorBound(lengthOf(rowOf(vectors, row, width)) * longest, width);
        const least = bound === null ? null : last[(row + 1) * first - 1] - 2 * bound;
        yield { user: block[row], scores: rowOf(out, row, itemCount), least };
      }
    }
  } finally {
    workspace.dispose();
  }
}

/** The items that are ranked and score at least so much, ascending. */
export function itemsFrom(least: number, scores: Float32Array): Int32Array {
  const lowest = Math.max(least, -Number.MAX_VALUE);
  const items: number[] = [];
  for (let item = 0; item < scores.length; item++) if (scores[item] >= lowest) items.push(item);
  return Int32Array.from(items);
}

/**
 * How far a sum of products in float32, in any order, may be from that of `Mf.score`: float64, then one rounding. At
 * most (width + 1) 2^-24 |p| |q| to first order (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1,
 * and Cauchy-Schwarz), doubled for what is of higher order, and what falls below the smallest normal number.
 *
 * @param lengths |p| |q|
 * @returns `null` where a sum may overflow
 */
function errorBound(lengths: number, width: number): number | null {
  if (!(lengths < 2 ** 100)) return null;
  return (width + 1) * (2 ** -23 * lengths + 2 ** -126);
}

function rowOf(table: Float32Array, row: number, width: number): Float32Array {
  return table.subarray(row * width, (row + 1) * width);
}

function longestRow(table: Float32Array, width: number): number {
  let longest = 0;
  for (let row = 0; row * width < table.length; row++) longest = Math.max(longest, lengthOf(rowOf(table, row, width)));
  return longest;
}

function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

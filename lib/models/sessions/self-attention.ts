import type { Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorEngine } from "../../engine";
import { dropped, type Dropout } from "./dropout";

/** Added to a score that must not count. */
const excluded = -1e9;

/** What one attention layer works on. */
export interface SelfAttentionPass {
  readonly engine: TensorEngine;
  /** `[rows x maxLength, width]` each. */
  readonly queries: Tensor2D;
  readonly keys: Tensor2D;
  readonly values: Tensor2D;
  readonly maxLength: number;
  readonly headCount: number;
  /** Added to the scores, `[rows or 1, maxLength, maxLength]`: `excluded` where a query must not see a key. */
  readonly mask: Tensor3D;
  readonly dropout: Dropout | undefined;
  readonly dropoutRate: number;
}

/**
 * Scaled dot-product attention, softmax(q k' / sqrt(width / heads) + mask) v, per head.
 *
 * @returns `[rows x maxLength, width]`
 */
export function selfAttention(pass: SelfAttentionPass): Tensor2D {
  const { engine, queries, maxLength, headCount, mask } = pass;
  const { tf } = engine;
  const width = queries.shape[1];
  const size = width / headCount;
  const rows = queries.shape[0] / maxLength;
  // One head needs no transpose, only another shape.
  const swap = (x: Tensor4D): Tensor4D => (headCount === 1 ? x : (tf.transpose(x, [0, 2, 1, 3]) as Tensor4D));
  const split = (x: Tensor2D): Tensor4D =>
    headCount === 1
      ? tf.reshape(x, [rows, 1, maxLength, size])
      : swap(tf.reshape(x, [rows, maxLength, headCount, size]));
  const products = tf.mul(tf.matMul(split(queries), split(pass.keys), false, true), 1 / Math.sqrt(size));
  const scores = tf.add(products, tf.expandDims(mask, 1));
  const weights = dropped(pass.dropout, tf.softmax(scores), pass.dropoutRate);
  const mixed = tf.matMul(weights, split(pass.values));
  return tf.reshape(swap(mixed as Tensor4D), [rows * maxLength, width]);
}

/**
 * Which keys each query must not see.
 *
 * @param later whether keys after the query are hidden
 * @param padding whether keys that are padding are hidden; a query then always sees itself, so that a row of padding
 *   stays finite
 * @returns `[rows, maxLength, maxLength]`, or `[1, maxLength, maxLength]` where padding is seen
 */
export function attentionMask(
  { tf }: TensorEngine,
  tokens: Int32Array,
  maxLength: number,
  hidden: { readonly later: boolean; readonly padding: boolean },
): Tensor3D {
  const rows = hidden.padding ? tokens.length / maxLength : 1;
  const mask = new Float32Array(rows * maxLength * maxLength);
  let k = 0;
  for (let row = 0; row < rows; row++)
    for (let query = 0; query < maxLength; query++)
      for (let key = 0; key < maxLength; key++, k++)
        if ((hidden.later && key > query) || (hidden.padding && key !== query && tokens[row * maxLength + key] === 0))
          mask[k] = excluded;
  return tf.tensor3d(mask, [rows, maxLength, maxLength]);
}

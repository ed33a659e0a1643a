import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import { type SessionInput, sessionStates, type UploadedSessionModel } from "../../models";
import { explicitProducts, GradientTaps, pairProducts, type PairProducts } from "./gradient-taps";

/**
 * Where an embedding is an output row too: what the two losses' gradients by the logits come to for the items that each
 * row reads.
 */
export interface SharedRows {
  /** `[2 samples, maxLength]`; 0 where there is no item. */
  readonly byLogits: Tensor2D;
  /** `[2 samples, width]` */
  readonly states: Tensor2D;
}

/**
 * Inner products of two losses' gradients by all parameters below the output layer, for each sample by itself (README,
 * equations 9 to 12).
 *
 * @param byStates gradients by the states, the first loss's above the second's, `[2 samples, width]`
 * @param shared given where the output layer's rows are the item embeddings: adds what their gradient, a sum of two,
 *   has in common
 */
export function trunkProducts(
  { form, engine, tensors }: UploadedSessionModel,
  { tokens, places }: SessionInput,
  byStates: Tensor2D,
  shared: SharedRows | null,
): PairProducts {
  const { tf } = engine;
  const { maxLength, embeddingSize } = form.options;
  const rows = byStates.shape[0];
  const twice = (column: Int32Array, shift: number) => Int32Array.from([...column, ...column.map((k) => k + shift)]);
  const allTokens = twice(tokens, 0);
  const input = { tokens: ownTokens(allTokens, maxLength), places: twice(places, tokens.length) };
  // Tables that no two rows share: their gradients are told apart as they come.
  const own: Record<string, Tensor> = {
    itemEmbedding: tf.gather(tensors["itemEmbedding"], tf.tensor1d(Int32Array.of(0, ...allTokens), "int32")),
  };
  if ("positionEmbedding" in tensors)
    own["positionEmbedding"] = tf.tile(tf.expandDims(tensors["positionEmbedding"]), [rows, 1, 1]);
  const taps = new GradientTaps(engine, rows / 2);
  try {
    const pass = () => sessionStates({ form, engine, tensors: { ...tensors, ...own }, input, taps });
    const [, items, ...positions] = tf.grads(pass)([taps.root, ...Object.values(own)], byStates);
    const byItems = tf.reshape(tf.slice(items, 1), [rows, maxLength, embeddingSize]) as Tensor3D;
    const tables = [byItems, ...positions].map((gradients) => explicitProducts(tf, gradients));
    const common = shared === null ? [] : [sharedProducts(shared, byItems, tf)];
    return tf.addN([taps.products(), ...tables, ...common]);
  } finally {
    taps.dispose();
  }
}

/**
 * Tokens by which every row reads items from a stretch of its own, the same item always from its first place; padding
 * stays 0.
 */
function ownTokens(tokens: Int32Array, maxLength: number): Int32Array {
  return tokens.map((token, place) => (token === 0 ? 0 : 1 + tokens.indexOf(token, place - (place % maxLength))));
}

/** The one loss's gradient by an embedding as an output row, times the other's by the same embedding as it is read. */
function sharedProducts(
  { byLogits, states }: SharedRows,
  byItems: Tensor3D,
  tf: UploadedSessionModel["engine"]["tf"],
): PairProducts {
  const asInput = tf.sum(tf.mul(byItems, tf.expandDims(states, 1)), 2);
  const swapped = (both: Tensor) => tf.concat(tf.split(both, 2, 1).reverse(), 1);
  return pairProducts(tf, tf.concat([byLogits, asInput], 1), (a, b) => tf.sum(tf.mul(a, swapped(b)), 1));
}

import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/**
 * The sum of a b over all elements; in float64, without another tensor as large as they are, where their memory can be
 * reached.
 */
export function innerProduct(tf: TensorLibrary, memory: TensorMemory | undefined, a: Tensor, b: Tensor): number {
  if (memory !== undefined) return memory.operations.dot(memory.floats(a), memory.floats(b));
  return tf.tidy(() => tf.sum(tf.mul(a, b)).dataSync<"float32">()[0]);
}

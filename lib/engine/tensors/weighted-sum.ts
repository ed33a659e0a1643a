import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/**
 * The sum of tensors of one shape, each times its weight; without another tensor for each, where their memory can be
 * reached.
 */
export function weightedSum(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  tensors: readonly Tensor[],
  weights: ArrayLike<number>,
): Tensor {
  if (memory === undefined) return tf.tidy(() => tf.addN(tensors.map((one, k) => tf.mul(one, weights[k]))));
  const sum = memory.make(tensors[0].shape);
  const values = memory.floats(sum).fill(0);
  tensors.forEach((one, k) => memory.operations.axpy(weights[k], memory.floats(one), values));
  return sum;
}

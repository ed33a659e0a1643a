import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { type FusedFunction, runFused } from "./fused";
import { detached } from "./gradients";
import type { TensorLibrary, TensorMemory } from "./memory";

/** log(softmax(x)) over the last axis, right in gradients of any order. */
export function logSoftmax<T extends Tensor>(tf: TensorLibrary, logits: T): T {
  return tf.tidy(() => {
    const shifted = tf.sub(
      logits,
      detached(tf, logits, (x) => tf.max(x, -1, true)),
    );
    return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
  });
}

/**
 * The weighted sum of the cross-entropies of softmax over a whole catalogue: sum of weight (log(sum of exp(x_j)) - x_label).
 *
 * @param logits x, `[rows, classes]`
 * @param labels int32, `[rows]`
 * @param weights `[rows]`; by default 1 / rows each, which gives the mean
 */
export function softmaxCrossEntropy(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  logits: Tensor2D,
  labels: Tensor1D,
  weights?: Tensor1D,
): Scalar {
  const rows = logits.shape[0];
  const fused: FusedFunction<Scalar> = {
    composed([x], [ids, w]) {
      const likelihood = tf.sum(tf.mul(logSoftmax(tf, x), tf.oneHot(ids as Tensor1D, x.shape[1] as number)), 1);
      return tf.neg(tf.sum(tf.mul(likelihood, w)));
    },
    forward({ operations, make, floats, integers }, [x], [ids, w]) {
      const [losses, gradient] = [make([rows]), make(x.shape)];
      operations.softmaxCrossEntropy(floats(x), integers(ids), floats(w), floats(losses), floats(gradient));
      return { value: tf.sum(tf.mul(losses, w)), saved: [gradient] };
    },
    backward: (_memory, dy, _inputs, [gradient]) => [tf.mul(gradient, dy)],
  };
  return tf.tidy(() => runFused(tf, memory, fused, [logits], [labels, weights ?? tf.fill([rows], 1 / rows)]));
}

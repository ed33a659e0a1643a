import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { nowMs } from "../../core";
import { tensorEngine } from "../backend";

const [batch, heads, length, width] = [32, 2, 50, 32];
const repeats = 7;

/**
 * Milliseconds of one forward and backward pass of self-attention on the engine in use: the least of a few.
 *
 * @example
 * const ms = await measureEngine(); // of wasm, unless RECSYS_ENGINE names another engine
 */
export async function measureEngine(): Promise<number> {
  const { tf } = await tensorEngine();
  const inputs = [1, 2, 3].map((seed) => tf.randomNormal([batch, heads, length, width], 0, 1, "float32", seed));
  const attention = (q: Tensor, k: Tensor, v: Tensor) =>
    tf.sum(tf.square(tf.matMul(tf.softmax(tf.matMul(q, k as Tensor2D, false, true)), v as Tensor4D)));
  let least = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = nowMs();
    const gradients = tf.grads(attention)(inputs);
    gradients[0].dataSync();
    least = Math.min(least, nowMs() - start);
    tf.dispose(gradients);
  }
  tf.dispose(inputs);
  return least;
}

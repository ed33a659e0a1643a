import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import type { LayerNorm } from "../operations";
import { type FusedFunction, runFused } from "./fused";
import type { TensorLibrary, TensorMemory } from "./memory";

/**
 * (x - mean) / sqrt(variance + epsilon) gain + bias over the last axis.
 *
 * @param x `[…, width]`
 * @param gain `[width]`
 * @param bias `[width]`
 * @param epsilon added to the variance
 */
export function layerNorm<T extends Tensor>(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  x: T,
  gain: Tensor1D,
  bias: Tensor1D,
  epsilon: number,
): T {
  const rows = x.size / gain.size;
  const layer = ({ floats }: TensorMemory, tensors: readonly Tensor[]): LayerNorm => {
    const [values, gains, mean, inverseDeviation] = tensors.map(floats);
    return { x: values, gain: gains, mean, inverseDeviation };
  };
  const fused: FusedFunction<T> = {
    composed([input, gains, biases]) {
      const centred = tf.sub(input, tf.mean(input, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), gains), biases);
    },
    forward(room, [input, gains, biases]) {
      const [mean, inverse, out] = [room.make([rows]), room.make([rows]), room.make(input.shape)];
      const norm = layer(room, [input, gains, mean, inverse]);
      room.operations.layerNorm(norm, room.floats(biases), epsilon, room.floats(out));
      return { value: out as T, saved: [mean, inverse] };
    },
    backward(room, dy, [input, gains, biases], [mean, inverse]) {
      const outs = [room.make(input.shape), room.make(gains.shape), room.make(biases.shape)];
      const norm = layer(room, [input, gains, mean, inverse]);
      const [outX, outGain, outBias] = outs.map(room.floats);
      room.operations.layerNormGradient(norm, room.floats(dy), outX, outGain, outBias);
      return outs;
    },
  };
  return runFused(tf, memory, fused, [x, gain, bias]);
}

import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { NetworkPass } from "./session-network";

/** The part of a pass that a layer needs. */
type LayerPass = Pick<NetworkPass<unknown>, "engine" | "tensors" | "taps">;

/** x W + b, with the parameters `nameWeight` and `nameBias`. */
export function linear({ engine: { tf }, tensors, taps }: LayerPass, name: string, x: Tensor2D): Tensor2D {
  const y = tf.add(tf.matMul(x, tensors[`${name}Weight`] as Tensor2D), tensors[`${name}Bias`]) as Tensor2D;
  return taps === undefined ? y : taps.linear(name, x, y);
}

/**
 * Layer normalisation with the parameters `nameGain`, times `gainScale`, and `nameBias`.
 *
 * @param epsilon added to the variance
 */
export function norm(
  { engine, tensors, taps }: LayerPass,
  name: string,
  x: Tensor2D,
  { epsilon, gainScale = 1 }: { readonly epsilon: number; readonly gainScale?: number },
): Tensor2D {
  const gain = tensors[`${name}Gain`] as Tensor1D;
  const scaled = gainScale === 1 ? gain : (engine.tf.mul(gain, gainScale) as Tensor1D);
  const y = engine.layerNorm(x, scaled, tensors[`${name}Bias`] as Tensor1D, epsilon);
  if (taps === undefined) return y;
  const { tf } = engine;
  const normalised = engine.layerNorm(x, tf.fill(gain.shape, gainScale), tf.zeros(gain.shape), epsilon);
  return taps.scale(name, normalised, y);
}

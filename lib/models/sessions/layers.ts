import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import type { NetworkPass } from "./session-network";

/** The part of a pass that a layer needs. */
type LayerPass = Pick<NetworkPass<unknown>, "engine" | "tensors">;

/** x W + b, with the parameters `nameWeight` and `nameBias`. */
export function linear({ engine: { tf }, tensors }: LayerPass, name: string, x: Tensor2D): Tensor2D {
  return tf.add(tf.matMul(x, tensors[`${name}Weight`] as Tensor2D), tensors[`${name}Bias`]);
}

/** Layer normalisation with the parameters `nameGain`, times `gainScale`, and `nameBias`. @param epsilon added to the variance */
export function norm(
  { engine, tensors }: LayerPass,
  name: string,
  x: Tensor2D,
  { epsilon, gainScale = 1 }: { readonly epsilon: number; readonly gainScale?: number },
): Tensor2D {
  const gain = tensors[`${name}Gain`] as Tensor1D;
  const scaled = gainScale === 1 ? gain : (engine.tf.mul(gain, gainScale) as Tensor1D);
  return engine.layerNorm(x, scaled, tensors[`${name}Bias`] as Tensor1D, epsilon);
}

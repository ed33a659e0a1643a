import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "./library";

/** Whether an outer gradient is being recorded, so that the present gradient must itself be differentiable. */
export function isNested(tf: TensorLibrary): boolean {
  return tf.engine().state.gradientDepth > 0;
}

/**
 * Repairs gradients whose own gradients are silently wrong: those of Sigmoid, Tanh, Exp and Softmax use the saved
 * output, which an outer tape does not see as a function of the input. Under an outer gradient ours computes the output
 * again from the input; else it uses the saved one, at no cost.
 *
 * `tf.logSoftmax` has the same defect in an inner function that cannot be replaced: use `logSoftmax` of the tensor
 * engine.
 */
export function repairSecondOrder(tf: TensorLibrary): void {
  const replace = (kernelName: string, input: string, forward: Forward, backward: Backward) => {
    const gradient: GradConfig = {
      kernelName,
      inputsToSave: [input],
      outputsToSave: [true],
      gradFunc: (dy, [x, saved], attributes) => ({
        [input]: () => backward(dy as Tensor, isNested(tf) ? forward(x) : saved, attributes?.["dim"] as number),
      }),
    };
    tf.unregisterGradient(kernelName);
    tf.registerGradient(gradient);
  };
  replace("Sigmoid", "x", tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))));
  replace("Tanh", "x", tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))));
  replace("Exp", "x", tf.exp, (dy, y) => tf.mul(dy, y));
  replace("Softmax", "logits", tf.softmax, (dy, y, axis) => {
    const weighted = tf.mul(dy, y);
    return tf.sub(weighted, tf.mul(tf.sum(weighted, [axis], true), y));
  });
}

type Forward = (x: Tensor) => Tensor;
type Backward = (dy: Tensor, y: Tensor, axis: number) => Tensor;

/** The same values, cut off from every tape. */
export function detached(tf: TensorLibrary, x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  return tf.customGrad((input) => ({
    value: compute(input as Tensor),
    gradFunc: () => tf.zerosLike(x),
  }))(x);
}

import type { Tensor } from "@tensorflow/tfjs";
import { isNested } from "./gradients";
import type { TensorLibrary, TensorMemory } from "./memory";

/** What a fused forward pass gives. */
interface FusedForward<T extends Tensor> {
  readonly value: T;
  /** What the backward pass needs beside the inputs. */
  readonly saved: readonly Tensor[];
}

/** One differentiable function in two forms: as composed tensor operations, and as fused ones with a gradient of their own. */
export interface FusedFunction<T extends Tensor> {
  /** Of tensor operations alone. Serves the native backend, and gradients of gradients. */
  composed(inputs: readonly Tensor[], constants: readonly Tensor[]): Tensor;
  forward(memory: TensorMemory, inputs: readonly Tensor[], constants: readonly Tensor[]): FusedForward<T>;
  /** The gradient of each input. `dy`: of the value */
  backward(memory: TensorMemory, dy: Tensor, inputs: readonly Tensor[], saved: readonly Tensor[]): Tensor[];
}

/**
 * Runs the fused form where its memory can be reached, the composed one else. A gradient that is itself to be differentiated goes
 * through the composed form, so that gradients of any order are right.
 *
 * @param constants tensors without a gradient, such as labels; kept until the gradient is taken, whatever scope they were made in
 */
export function runFused<T extends Tensor>(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  fused: FusedFunction<T>,
  inputs: readonly Tensor[],
  constants: readonly Tensor[] = [],
): T {
  if (memory === undefined) return tf.tidy(() => fused.composed(inputs, constants) as T);
  const operation = tf.customGrad((...given) => {
    const save = given.pop() as (tensors: Tensor[]) => void;
    const { value, saved } = fused.forward(memory, given as Tensor[], constants);
    save([...(given as Tensor[]), ...constants, ...saved]);
    return {
      value,
      gradFunc(dy: Tensor, kept: Tensor[]) {
        const x = kept.slice(0, inputs.length);
        const fixed = kept.slice(inputs.length, inputs.length + constants.length);
        if (isNested(tf)) return tf.grads((...again) => fused.composed(again, fixed))(x, dy);
        return fused.backward(memory, dy, x, kept.slice(inputs.length + constants.length));
      },
    };
  });
  return tf.tidy(() => operation(...inputs) as T);
}

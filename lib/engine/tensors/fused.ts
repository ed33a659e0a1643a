import type { Tensor } from "@tensorflow/tfjs-core";
import { isNested } from "./gradients";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/** What a fused forward pass gives. */
interface FusedForward<T extends Tensor> {
  readonly value: T;
  /** What the backward pass needs beside the inputs. */
  readonly saved: readonly Tensor[];
}

/** A forward pass of tensor operations, and its gradient written by hand. */
interface HandWritten<T extends Tensor> {
  forward(inputs: readonly Tensor[], constants: readonly Tensor[]): FusedForward<T>;
  /** The gradient of each input. `dy`: of the value */
  backward(dy: Tensor, inputs: readonly Tensor[], constants: readonly Tensor[], saved: readonly Tensor[]): Tensor[];
}

/**
 * One differentiable function in several forms: as composed tensor operations, and as fused ones with a gradient of
 * their own.
 */
export interface FusedFunction<T extends Tensor> {
  /** Of tensor operations alone. Serves gradients of gradients, and the native backend where there is no `native`. */
  composed(inputs: readonly Tensor[], constants: readonly Tensor[]): Tensor;
  forward(memory: TensorMemory, inputs: readonly Tensor[], constants: readonly Tensor[]): FusedForward<T>;
  /** The gradient of each input. `dy`: of the value */
  backward(memory: TensorMemory, dy: Tensor, inputs: readonly Tensor[], saved: readonly Tensor[]): Tensor[];
  /**
   * For the native backend, where the tape of the composed form takes many more passes over memory than a gradient by
   * hand.
   */
  readonly native?: HandWritten<T>;
}

/**
 * Runs the fused form where its memory can be reached, the native or else the composed one where not. A gradient that
 * is itself to be differentiated goes through the composed form, so that gradients of any order are right.
 *
 * @param constants tensors without a gradient, such as labels; kept until the gradient is taken, whatever scope they
 *   were made in
 */
export function runFused<T extends Tensor>(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  fused: FusedFunction<T>,
  inputs: readonly Tensor[],
  constants: readonly Tensor[] = [],
): T {
  const form = memory === undefined ? fused.native : inMemory(memory, fused);
  if (form === undefined) return tf.tidy(() => fused.composed(inputs, constants) as T);
  const operation = tf.customGrad((...given) => {
    const save = given.pop() as (tensors: Tensor[]) => void;
    const { value, saved } = form.forward(given as Tensor[], constants);
    save([...(given as Tensor[]), ...constants, ...saved]);
    return {
      value,
      gradFunc(dy: Tensor, kept: Tensor[]) {
        const x = kept.slice(0, inputs.length);
        const fixed = kept.slice(inputs.length, inputs.length + constants.length);
        if (isNested(tf)) return tf.grads((...again) => fused.composed(again, fixed))(x, dy);
        return form.backward(dy, x, fixed, kept.slice(inputs.length + constants.length));
      },
    };
  });
  return tf.tidy(() => operation(...inputs) as T);
}

function inMemory<T extends Tensor>(memory: TensorMemory, fused: FusedFunction<T>): HandWritten<T> {
  return {
    forward: (inputs, constants) => fused.forward(memory, inputs, constants),
    backward: (dy, inputs, _constants, saved) => fused.backward(memory, dy, inputs, saved),
  };
}

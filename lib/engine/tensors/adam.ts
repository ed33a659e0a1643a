import type { NamedTensorMap, Variable } from "@tensorflow/tfjs";
import { type AdamOptions, adamStep, resolveAdamOptions } from "../adam";
import type { TensorLibrary, TensorMemory } from "./memory";

/** Adam over variables. Holds two moments for each until it is disposed of. */
export interface TensorAdam {
  /** One step. `gradients`: by variable name, as `tf.variableGrads` gives them; a variable without one stays as it is */
  apply(gradients: NamedTensorMap): void;
  dispose(): void;
}

/** Adam in one pass over each variable; the library's own on the native backend. */
export function tensorAdam(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  variables: readonly Variable[],
  options?: Partial<AdamOptions>,
): TensorAdam {
  const resolved = resolveAdamOptions(options);
  const { learningRate, beta1, beta2, epsilon } = resolved;
  if (memory === undefined) {
    const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
    return { apply: (gradients) => optimizer.applyGradients(named(gradients)), dispose: () => optimizer.dispose() };
  }
  const moments = variables.map((variable) => [0, 0].map(() => tf.keep(tf.zeros(variable.shape))));
  let steps = 0;
  return {
    apply(gradients) {
      const step = adamStep(resolved, ++steps);
      variables.forEach((variable, n) => {
        if (!(variable.name in gradients)) return;
        // Copies: the operation works in place and leaves the gradient zero, and tensors may share their values.
        const [parameters, gradient] = [variable, gradients[variable.name]].map((tensor) => tf.mul(tensor, 1));
        const [firstMoment, secondMoment] = moments[n].map(memory.floats);
        const state = { parameters: memory.floats(parameters), gradient: memory.floats(gradient) };
        memory.operations.adam({ ...state, firstMoment, secondMoment }, step);
        variable.assign(parameters);
        tf.dispose([parameters, gradient]);
      });
    },
    dispose: () => tf.dispose(moments),
  };
}

function named(gradients: NamedTensorMap) {
  return Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
}

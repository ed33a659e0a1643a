import type { NamedTensorMap, Tensor, Variable } from "@tensorflow/tfjs-core";
import { type AdamOptions, adamStep, resolveAdamOptions } from "../adam";
import type { AdamStep } from "../operations";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/** What Adam over variables remembers between steps. */
export interface TensorAdamState {
  readonly steps: number;
  /** By variable, in their order. */
  readonly firstMoments: readonly Float32Array[];
  readonly secondMoments: readonly Float32Array[];
}

/** Adam over variables. Holds two moments for each until it is disposed of. */
export interface TensorAdam {
  /**
   * One step. `gradients`: by variable name, as `tf.variableGrads` gives them; a variable without one stays as it is
   */
  apply(gradients: NamedTensorMap): void;
  /** A copy of what it remembers. */
  snapshot(): TensorAdamState;
  /** Continues from a snapshot, to the bit. */
  restore(state: TensorAdamState): void;
  dispose(): void;
}

/** A variable and what Adam keeps of it. */
interface Moved {
  readonly variable: Variable;
  readonly firstMoment: Variable;
  readonly secondMoment: Variable;
}

/** Adam in one pass over each variable; composed of tensor operations on the native backend. */
export function tensorAdam(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  variables: readonly Variable[],
  options?: Partial<AdamOptions>,
): TensorAdam {
  const resolved = resolveAdamOptions(options);
  const moved = variables.map((variable): Moved => {
    const [firstMoment, secondMoment] = [0, 0].map(() => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)));
    return { variable, firstMoment, secondMoment };
  });
  let steps = 0;
  return {
    apply(gradients) {
      const step = adamStep(resolved, ++steps);
      for (const one of moved) {
        const gradient = gradients[one.variable.name];
        if (gradient === undefined) continue;
        if (memory === undefined) composed(tf, one, gradient, step);
        else inPlace(tf, memory, one, gradient, step);
      }
    },
    snapshot: () => ({
      steps,
      firstMoments: moved.map(({ firstMoment }) => firstMoment.dataSync<"float32">().slice()),
      secondMoments: moved.map(({ secondMoment }) => secondMoment.dataSync<"float32">().slice()),
    }),
    restore(state) {
      steps = state.steps;
      moved.forEach(({ variable, firstMoment, secondMoment }, n) => {
        const { shape } = variable;
        tf.tidy(() => firstMoment.assign(tf.tensor(state.firstMoments[n].slice(), shape)));
        tf.tidy(() => secondMoment.assign(tf.tensor(state.secondMoments[n].slice(), shape)));
      });
    },
    dispose: () => moved.forEach(({ firstMoment, secondMoment }) => tf.dispose([firstMoment, secondMoment])),
  };
}

/**
 * The operation leaves the gradient zero, so it gets a copy; and it works in place, so what shares its values is copied
 * too.
 */
function inPlace(tf: TensorLibrary, memory: TensorMemory, one: Moved, gradient: Tensor, step: AdamStep): void {
  const targets = [one.variable, one.firstMoment, one.secondMoment];
  for (const target of targets) if (memory.isShared(target)) tf.tidy(() => target.assign(tf.mul(target, 1)));
  const copy = tf.mul(gradient, 1);
  const [parameters, firstMoment, secondMoment] = targets.map(memory.floats);
  memory.operations.adam({ parameters, gradient: memory.floats(copy), firstMoment, secondMoment }, step);
  copy.dispose();
}

function composed(tf: TensorLibrary, one: Moved, gradient: Tensor, step: AdamStep): void {
  tf.tidy(() => {
    const { variable, firstMoment, secondMoment } = one;
    const { beta1, beta2, stepSize, rootScale, epsilon } = step;
    firstMoment.assign(tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1)));
    secondMoment.assign(tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
    const root = tf.add(tf.mul(tf.sqrt(secondMoment), rootScale), epsilon);
    variable.assign(tf.sub(variable, tf.mul(tf.div(firstMoment, root), stepSize)));
  });
}

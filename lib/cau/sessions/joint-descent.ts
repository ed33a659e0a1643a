import type { NamedTensorMap, Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { NumericalError, Random } from "../../core";
import { type ForgetSamples, selectSamples } from "../../data";
import type { TensorAdam } from "../../engine";
import {
  classOfItem,
  Dropout,
  nextInput,
  sessionClassifier,
  type SessionInput,
  type SessionModel,
  sessionStates,
  type SessionTensors,
  type UploadedSessionModel,
} from "../../models";
import { lossNames } from "../loss-names";
import { lossGradients } from "./loss-gradients";
import { OriginalOutputs } from "./original-outputs";
import { type ParetoOptions, paretoStep } from "../pareto";

/** How a model is moved along several losses at once. */
export interface JointDescentOptions extends ParetoOptions {
  /** Which losses are stepped along, as numbers into `lossNames`, ascending. */
  readonly tasks: readonly number[];
  /** Adam's step size. */
  readonly learningRate: number;
  /** Whether the model drops out while it is moved. */
  readonly dropout: boolean;
  readonly seed: number;
}

/** What one step saw. */
export interface JointStep {
  /**
   * Of the batch before the step, in the order of `lossNames`; the recommendation loss of a batch without next items
   * is 0.
   */
  readonly losses: readonly number[];
  /** The weights α of the losses, in the same order; 0 for those that are not stepped along. */
  readonly weights: readonly number[];
  /** The lengths of the gradients, in the same order; 0 for those that are not stepped along. */
  readonly gradientNorms: readonly number[];
}

/** A model on its way from the original, on the tensor engine; dispose of it. */
export class JointDescent {
  private readonly variables: readonly Variable[];
  private readonly tensors: SessionTensors;
  private readonly adam: TensorAdam;
  private readonly originalOutputs: OriginalOutputs;
  private steps = 0;

  private constructor(
    private readonly original: SessionModel,
    private readonly held: UploadedSessionModel,
    private readonly samples: ForgetSamples,
    private readonly options: JointDescentOptions,
  ) {
    const { tf } = held.engine;
    const parameters = original.parameters();
    this.variables = parameters.map(({ shape, values }) =>
      tf.tidy(() => tf.variable(tf.tensor(values.slice(), [...shape]))),
    );
    this.tensors = Object.fromEntries(parameters.map(({ name }, n) => [name, this.variables[n]]));
    this.adam = held.engine.adam(this.variables, { learningRate: options.learningRate });
    this.originalOutputs = new OriginalOutputs(held, samples);
  }

  static async from(original: SessionModel, samples: ForgetSamples, options: JointDescentOptions) {
    return new JointDescent(original, await original.upload(), samples, options);
  }

  /**
   * One step on some samples.
   *
   * @param where names it in errors, such as `"epoch 1, batch 3"`
   * @throws NumericalError when a loss is not finite
   */
  step(chosen: Int32Array, where: string): JointStep {
    this.steps++;
    let seen: JointStep;
    this.held.engine.tf.tidy(() => {
      const { losses, gradients } = this.gradients(this.batch(chosen));
      seen = this.move(losses, gradients, where);
    });
    return seen!;
  }

  /** The model as it is now. */
  model(): SessionModel {
    const values = this.original
      .parameters()
      .map(({ name }, n) => [name, this.variables[n].dataSync<"float32">().slice()] as const);
    return this.original.withParameters(new Map(values));
  }

  dispose(): void {
    this.adam.dispose();
    this.held.engine.tf.dispose([...this.variables]);
    this.held.dispose();
  }

  /** The samples of a step, those with a next item first. */
  private batch(chosen: Int32Array): Batch {
    const { form } = this.original;
    const { next, ...samples } = this.samples;
    const { tf } = this.held.engine;
    const withNext = chosen.filter((sample) => next[sample] >= 0);
    const ordered = Int32Array.of(...withNext, ...chosen.filter((sample) => next[sample] < 0));
    const classes = (items: Int32Array): Tensor1D => {
      const ids = items.map((item) => classOfItem(form, item));
      return tf.tensor1d(ids, "int32");
    };
    return {
      samples: ordered,
      input: nextInput(form, samples, ordered),
      target: classes(selectSamples(samples, ordered).target),
      next: classes(withNext.map((sample) => next[sample])),
    };
  }

  /**
   * The losses and the gradients of those that are stepped along: one pass forward, and below the output layer one back
   * for each.
   */
  private gradients({ samples, input, target, next }: Batch): { losses: Tensor1D; gradients: Tensor[][] } {
    const { form, engine } = this.held;
    const pass = { form, engine, tensors: this.tensors };
    const recording = engine.record(this.variables, () => {
      const { weight, bias } = sessionClassifier(pass);
      return [sessionStates({ ...pass, input, dropout: this.dropout() }), weight, bias];
    });
    try {
      const [states, weight, bias] = recording.outputs as [Tensor2D, Tensor2D, Tensor1D];
      const original = this.originalOutputs.of(samples, input, target);
      const { losses, gradients } = lossGradients(engine, { states, layer: { weight, bias } }, original, target, next);
      const ofEach = this.options.tasks.map((task) => {
        const by = gradients[task];
        return recording.pullBack([by.states, by.weight, by.bias]);
      });
      return { losses, gradients: ofEach };
    } finally {
      recording.dispose();
    }
  }

  /** Other zeros in every step. */
  private dropout(): Dropout | undefined {
    const { dropout, seed } = this.options;
    return dropout ? new Dropout(this.held.engine.tf, Random.derive(seed, "cau dropout", this.steps)) : undefined;
  }

  /** Weighs the gradients and takes the step. */
  private move(losses: Tensor1D, gradients: readonly Tensor[][], where: string): JointStep {
    const { tasks } = this.options;
    const values = losses.dataSync<"float32">();
    const gram = this.gram(gradients);
    if (!values.every(Number.isFinite) || !gram.every(Number.isFinite))
      throw new NumericalError(`unlearning ${this.original.kind}: the losses are ${values.join(", ")}`, {
        where,
        remedy: "use a smaller learning rate",
      });
    const { weights, gradientWeights } = paretoStep(gram, this.options);
    this.adam.apply(this.combine(gradients, gradientWeights));
    const places = lossNames.map((_, loss) => tasks.indexOf(loss)); // -1 for a loss that is not stepped along
    return {
      losses: [...values],
      weights: places.map((k) => (k < 0 ? 0 : weights[k])),
      gradientNorms: places.map((k) => (k < 0 ? 0 : Math.sqrt(gram[k * tasks.length + k]))),
    };
  }

  /** Inner products of the gradients, row by row. */
  private gram(gradients: readonly Tensor[][]): Float64Array {
    const { engine } = this.held;
    const tasks = gradients.length;
    const gram = new Float64Array(tasks ** 2);
    for (let i = 0; i < tasks; i++)
      for (let j = 0; j <= i; j++) {
        const products = gradients[i].map((one, n) => engine.innerProduct(one, gradients[j][n]));
        gram[i * tasks + j] = gram[j * tasks + i] = products.reduce((sum, product) => sum + product, 0);
      }
    return gram;
  }

  private combine(gradients: readonly Tensor[][], weights: Float64Array): NamedTensorMap {
    const { engine } = this.held;
    const combined = this.variables.map(({ name }, n) => {
      const ofEach = gradients.map((one) => one[n]);
      return [name, engine.weightedSum(ofEach, weights)] as const;
    });
    return Object.fromEntries(combined);
  }
}

/** The samples of one step, on the engine. */
interface Batch {
  /** Their numbers. */
  readonly samples: Int32Array;
  readonly input: SessionInput;
  /** Classes, `[samples]`. */
  readonly target: Tensor1D;
  /** Classes, of the first samples, `[with next]`. */
  readonly next: Tensor1D;
}

import type { NamedTensorMap, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs";
import { NumericalError, Random } from "../core";
import { selectSamples } from "../data";
import type { TensorAdam } from "../engine";
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
} from "../models";
import type { ForgetSamples } from "./forget-samples";
import { type LossGradients, lossGradients, lossNames } from "./loss-gradients";
import { OriginalOutputs } from "./original-outputs";
import { type ParetoOptions, paretoStep } from "./pareto";

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
  /** Of the batch before the step, in the order of `lossNames`; the recommendation loss of a batch without next items is 0. */
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
    const { tf } = this.held.engine;
    this.steps++;
    const gradients: NamedTensorMap[] = [];
    const shared: { current?: LossGradients } = {};
    const batch = this.batch(chosen);
    try {
      for (const task of this.options.tasks) gradients.push(this.gradient(batch, task, shared));
      const { losses } = shared.current!;
      return this.move(losses, gradients, where);
    } finally {
      tf.dispose([...gradients.flatMap((one) => Object.values(one)), batch.target, batch.next]);
      if (shared.current !== undefined) tf.dispose(tensorsOf(shared.current));
    }
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
   * The gradient of one loss by every parameter. What the losses have in common is computed with the first of them and kept; below the
   * output layer each takes a backward pass of its own.
   */
  private gradient(batch: Batch, task: number, shared: { current?: LossGradients }): NamedTensorMap {
    const { input, target, next } = batch;
    const { form, engine } = this.held;
    const { tf } = engine;
    const lossOf = tf.customGrad((...given) => {
      const [states, weight, bias] = given as [Tensor2D, Tensor2D, Tensor1D];
      if (shared.current === undefined) {
        const original = this.originalOutputs.of(batch.samples, input, target);
        shared.current = lossGradients(engine, { states, layer: { weight, bias } }, original, target, next);
        for (const tensor of tensorsOf(shared.current)) tf.keep(tensor);
      }
      const { losses, gradients } = shared.current;
      const gradient = gradients[task];
      return {
        value: tf.reshape(tf.slice(losses, task, 1), []) as Scalar,
        gradFunc: () => [gradient.states, gradient.weight, gradient.bias],
      };
    });
    const { value, grads } = tf.variableGrads(() => {
      const pass = { form, engine, tensors: this.tensors };
      const { weight, bias } = sessionClassifier(pass);
      return lossOf(sessionStates({ ...pass, input, dropout: this.dropout() }), weight, bias) as Scalar;
    }, [...this.variables]);
    value.dispose();
    return grads;
  }

  /** The same zeros for all losses of a step. */
  private dropout(): Dropout | undefined {
    const { dropout, seed } = this.options;
    return dropout ? new Dropout(this.held.engine.tf, Random.derive(seed, "cau dropout", this.steps)) : undefined;
  }

  /** Weighs the gradients and takes the step. */
  private move(losses: Tensor1D, gradients: readonly NamedTensorMap[], where: string): JointStep {
    const { tf } = this.held.engine;
    const { tasks } = this.options;
    const values = losses.dataSync<"float32">();
    const gram = this.gram(gradients);
    if (!values.every(Number.isFinite) || !gram.every(Number.isFinite))
      throw new NumericalError(`unlearning ${this.original.kind}: the losses are ${values.join(", ")}`, {
        where,
        remedy: "use a smaller learning rate",
      });
    const { weights, gradientWeights } = paretoStep(gram, this.options);
    const combined = this.combine(gradients, gradientWeights);
    this.adam.apply(combined);
    tf.dispose(combined);
    const places = lossNames.map((_, loss) => tasks.indexOf(loss)); // -1 for a loss that is not stepped along
    return {
      losses: [...values],
      weights: places.map((k) => (k < 0 ? 0 : weights[k])),
      gradientNorms: places.map((k) => (k < 0 ? 0 : Math.sqrt(gram[k * tasks.length + k]))),
    };
  }

  /** Inner products of the gradients, row by row. */
  private gram(gradients: readonly NamedTensorMap[]): Float64Array {
    const { engine } = this.held;
    const tasks = gradients.length;
    const gram = new Float64Array(tasks ** 2);
    for (let i = 0; i < tasks; i++)
      for (let j = 0; j <= i; j++) {
        const products = this.variables.map(({ name }) => engine.innerProduct(gradients[i][name], gradients[j][name]));
        gram[i * tasks + j] = gram[j * tasks + i] = products.reduce((sum, product) => sum + product, 0);
      }
    return gram;
  }

  private combine(gradients: readonly NamedTensorMap[], weights: Float64Array): NamedTensorMap {
    const { engine } = this.held;
    const combined = this.variables.map(({ name }) => {
      const ofEach = gradients.map((one) => one[name]);
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

function tensorsOf({ losses, gradients }: LossGradients): Tensor[] {
  return [losses, ...gradients.flatMap(({ states, weight, bias }) => [states, weight, bias])];
}

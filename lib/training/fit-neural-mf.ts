import type { Tensor } from "@tensorflow/tfjs-core";
import { Breather, optionList, type OptionsOf, wholeOption, withInitial } from "../core";
import type { Interactions } from "../data";
import { Adam, createWorkspace, type TensorEngine, tensorEngine, type Workspace } from "../engine";
import { auc } from "../metrics";
import { NeuralMf, neuralMfLoss, type NeuralMfTensors } from "../models";
import { type Batch, Batches } from "./batches";
import type { Checkpoints } from "./checkpoint";
import { embeddingFields } from "./embedding-options";
import { missing } from "./embedding-trainee";
import { fit, type FitHistory, notFinite, requireFittable, type Trainee } from "./fit";

/** How neural MF is trained. */
export const fitNeuralMfOptions = optionList("fitNeuralMf", {
  ...embeddingFields,
  embeddingSize: withInitial(embeddingFields.embeddingSize, 16),
  hiddenSize: wholeOption("Width of the hidden layer.", 16, 1),
  learningRate: withInitial(embeddingFields.learningRate, 1e-2),
  initialDeviation: withInitial(embeddingFields.initialDeviation, 0.05),
  epochs: withInitial(embeddingFields.epochs, 200),
});

/** Options of `fitNeuralMf`; defaults and ranges are in `fitNeuralMfOptions`. */
export interface FitNeuralMfOptions extends OptionsOf<typeof fitNeuralMfOptions.fields> {}

/** A trained neural MF model and how it came about. */
export interface NeuralMfFit extends FitHistory {
  /** The parameters of the best epoch. */
  readonly model: NeuralMf;
  /** Area under the ROC curve on the validation rows, of that model. */
  readonly validationAuc: number;
  /** Every option it was trained with. */
  readonly options: FitNeuralMfOptions;
}

/**
 * Trains neural matrix factorisation: binary cross-entropy with logits by tensor gradients, mean over each batch, Adam,
 * early stopping on the validation AUC, the best epoch's parameters kept.
 *
 * @param valid both labels must occur
 * @param checkpoints where to go on from and to save
 * @throws InvalidOptionError for an unknown option or one out of range
 * @throws InvalidArgumentError when there is nothing to train on, or validation has one class only
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const { model } = await fitNeuralMf(train, valid, { hiddenSize: 32 });
 */
export async function fitNeuralMf(
  train: Interactions,
  valid: Interactions,
  options?: Partial<FitNeuralMfOptions>,
  checkpoints?: Checkpoints,
): Promise<NeuralMfFit> {
  const resolved = fitNeuralMfOptions.resolve(options);
  requireFittable(train, valid);
  const { userCount, itemCount } = train;
  const start = NeuralMf.initialise({ userCount, itemCount, ...resolved });
  const engine = await tensorEngine();
  const workspace = createWorkspace();
  try {
    const trainee = new NeuralMfTrainee(engine, workspace, start, train, valid, resolved);
    const history = await fit(trainee, resolved, checkpoints);
    return { ...history, model: trainee.best, validationAuc: history.bestValidation, options: resolved };
  } finally {
    workspace.dispose();
  }
}

/** The state of one training. All parameters are parts of one array, so that one optimiser moves them. */
class NeuralMfTrainee implements Trainee {
  readonly label = "neural mf";
  best: NeuralMf;
  private readonly all: Float32Array;
  private readonly optimizer: Adam;
  private readonly batches: Batches;
  private readonly breather = new Breather("training neural mf");

  constructor(
    private readonly engine: TensorEngine,
    workspace: Workspace,
    private readonly start: NeuralMf,
    train: Interactions,
    private readonly valid: Interactions,
    { batchSize, seed, learningRate }: FitNeuralMfOptions,
  ) {
    this.best = start;
    const parameters = start.parameters();
    this.all = workspace.float32(parameters.reduce((sum, { values }) => sum + values.length, 0));
    this.parts(this.all).forEach((part, n) => part.set(parameters[n].values));
    this.optimizer = new Adam(workspace, this.all, { learningRate });
    this.batches = new Batches(workspace, train, batchSize, this.label, seed);
  }

  async runEpoch(epoch: number): Promise<number> {
    let sum = 0;
    let number = 0;
    for (const batch of this.batches.shuffled(epoch)) {
      await this.breather.breathe();
      number++;
      const loss = this.addGradient(batch);
      if (!Number.isFinite(loss)) throw notFinite(this.label, "loss", loss, `epoch ${epoch}, batch ${number}`);
      this.optimizer.step();
      sum += loss;
    }
    return sum / this.batches.rows;
  }

  validate(): number {
    return auc(this.model().score(this.valid.user, this.valid.item), this.valid.label) ?? NaN;
  }

  keepBest(): void {
    this.best = this.model();
  }

  snapshot(): ReadonlyMap<string, Float32Array> {
    const { steps, firstMoment, secondMoment } = this.optimizer.snapshot();
    const best = this.best.parameters().map(({ name, values }) => [`best ${name}`, values] as const);
    return new Map([
      ["parameters", Float32Array.from(this.all)],
      ...best,
      ["first moment", firstMoment],
      ["second moment", secondMoment],
      ["steps", Float32Array.of(Math.floor(steps / 65536), steps % 65536)], // exact beyond float32's 2^24
    ]);
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    const of = (name: string): Float32Array => tensors.get(name) ?? missing(name);
    this.all.set(of("parameters"));
    this.best = this.start.withParameters(
      new Map(this.start.parameters().map(({ name }) => [name, of(`best ${name}`)])),
    );
    const [high, low] = of("steps");
    this.optimizer.restore({
      steps: high * 65536 + low,
      firstMoment: of("first moment"),
      secondMoment: of("second moment"),
    });
  }

  /** Adds the gradient of the batch's mean loss to the optimiser's; returns the summed loss. */
  private addGradient({ user, item, label }: Batch): number {
    const { tf } = this.engine;
    const { value, grads } = tf.tidy(() => {
      const shapes = this.start.parameters();
      const parameters = this.parts(this.all).map((part, n) => tf.tensor(part, [...shapes[n].shape]));
      const loss = (...moved: Tensor[]) => {
        const named = Object.fromEntries(shapes.map(({ name }, n) => [name, moved[n]])) as unknown as NeuralMfTensors;
        return neuralMfLoss(tf, named, user, item, label);
      };
      return tf.valueAndGrads(loss)(parameters);
    });
    const loss = value.dataSync()[0];
    this.parts(this.optimizer.gradient).forEach((part, n) => {
      const gradient = grads[n].dataSync();
      for (let i = 0; i < part.length; i++) part[i] += gradient[i] / user.length;
    });
    tf.dispose([value, ...grads]);
    return loss;
  }

  /** One array cut into the parameters, in their order. */
  private parts(all: Float32Array): Float32Array[] {
    let from = 0;
    return this.start.parameters().map(({ values }) => all.subarray(from, (from += values.length)));
  }

  private model(): NeuralMf {
    const parts = this.parts(this.all);
    return this.start.withParameters(
      new Map(this.start.parameters().map(({ name }, n) => [name, Float32Array.from(parts[n])])),
    );
  }
}

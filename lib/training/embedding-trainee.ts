import { Breather, CorruptFileError } from "../core";
import { type Interactions, selectRows } from "../data";
import { createWorkspace, operations, type Optimizer, type Workspace } from "../engine";
import { auc } from "../metrics";
import { type Batch, Batches, TouchedRows } from "./batches";
import type { Checkpoints } from "./checkpoint";
import {
  fit,
  fitEpochs,
  type FitHistory,
  notFinite,
  requireFittable,
  requireTrainable,
  type ResumableTrainee,
} from "./fit";

/** Embeddings of users and items, and where gradients with respect to them are added. */
export interface TrainableTables {
  /** Both, users first, `[userCount + itemCount, width]`; the other arrays are parts of these two. */
  readonly all: Float32Array;
  readonly gradient: Float32Array;
  /** `[userCount, width]` */
  readonly p: Float32Array;
  /** `[itemCount, width]` */
  readonly q: Float32Array;
  readonly gradientP: Float32Array;
  readonly gradientQ: Float32Array;
  readonly width: number;
}

/** How the scored embeddings come from the trained ones, and gradients go back. */
export interface Encoder {
  /** The embeddings whose dot products are the scores. */
  readonly encoded: TrainableTables;
  /** Brings `encoded` up to date with the trained embeddings. */
  forward(): void;
  /** Adds what the gradient of `encoded` means for the trained embeddings to the optimiser's, and leaves it zero. */
  backward(batch: Batch): void;
}

/** What is minimised over a batch. */
export interface Objective {
  /** Called before the batches of an epoch, from 1. */
  startEpoch(epoch: number): void;
  /** Adds the gradient of the batch's mean loss; returns the summed loss. */
  lossGradient(batch: Batch, tables: TrainableTables): number;
}

/** How one kind of model is trained that scores by dot products of embeddings. */
export interface EmbeddingTraining<M> {
  /** Names the model in progress, errors and random streams, such as `"mf"`. */
  readonly label: string;
  readonly limits: { readonly epochs: number; readonly patience: number };
  readonly batchSize: number;
  readonly seed: number;
  readonly start: {
    readonly userEmbedding: Float32Array;
    readonly itemEmbedding: Float32Array;
    readonly embeddingSize: number;
  };
  /** @param all the trained embeddings, users first, moved in place */
  optimizer(workspace: Workspace, all: Float32Array): Optimizer;
  encoder(workspace: Workspace, trained: TrainableTables): Encoder;
  objective(workspace: Workspace, train: Interactions): Objective;
  /** The rows of the training set that batches are drawn from; by default all. */
  batchRows?(train: Interactions): Interactions;
  /** A model with such embeddings, `[userCount + itemCount, width]`, users first. */
  model(all: Float32Array): M;
}

/**
 * Trains with early stopping on the validation AUC, the best epoch's parameters kept.
 *
 * @throws InvalidArgumentError when there is nothing to train on, or validation has one class only
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 */
export async function fitEmbeddings<M>(
  training: EmbeddingTraining<M>,
  train: Interactions,
  valid: Interactions,
  checkpoints?: Checkpoints,
): Promise<FitHistory & { readonly model: M; readonly validationAuc: number }> {
  requireFittable(train, valid);
  return withTrainee(training, train, valid, async (trainee) => {
    const history = await fit(trainee, training.limits, checkpoints);
    return { ...history, model: training.model(trainee.best), validationAuc: history.bestValidation };
  });
}

/**
 * Trains for a number of epochs and looks at no validation rows.
 *
 * @throws InvalidArgumentError when there is nothing to train on
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 */
export async function refitEmbeddings<M>(
  training: EmbeddingTraining<M>,
  train: Interactions,
  epochs: number,
): Promise<M> {
  return withTrainee(training, train, selectRows(train, noRows), async (trainee) => {
    await fitEpochs(trainee, epochs);
    return training.model(trainee.best);
  });
}

async function withTrainee<M, R>(
  training: EmbeddingTraining<M>,
  train: Interactions,
  valid: Interactions,
  work: (trainee: EmbeddingTrainee<M>) => Promise<R>,
): Promise<R> {
  requireTrainable("training", train);
  const workspace = createWorkspace();
  try {
    return await work(new EmbeddingTrainee(workspace, training, train, valid));
  } finally {
    workspace.dispose();
  }
}

const noRows = new Int32Array(0);

/** The state of one training. Users and items are rows of one matrix, so that one optimiser moves both. */
class EmbeddingTrainee<M> implements ResumableTrainee {
  readonly label: string;
  /** The embeddings of the best epoch. */
  best: Float32Array;
  private readonly trained: TrainableTables;
  private readonly users: number;
  private readonly optimizer: Optimizer;
  private readonly encoder: Encoder;
  private readonly objective: Objective;
  private readonly batches: Batches;
  private readonly validation: { user: Int32Array; item: Int32Array; label: Float32Array; scores: Float32Array };
  private readonly touched: TouchedRows;
  private readonly breather: Breather;

  constructor(workspace: Workspace, training: EmbeddingTraining<M>, train: Interactions, valid: Interactions) {
    const { userEmbedding, itemEmbedding, embeddingSize: width } = training.start;
    this.label = training.label;
    this.breather = new Breather(`training ${training.label}`);
    const split = userEmbedding.length;
    this.users = split / width;
    const all = workspace.float32(split + itemEmbedding.length);
    all.set(userEmbedding);
    all.set(itemEmbedding, split);
    this.best = Float32Array.from(all);
    this.optimizer = training.optimizer(workspace, all);
    this.trained = tablesOf(all, this.optimizer.gradient, split, width);
    this.encoder = training.encoder(workspace, this.trained);
    this.objective = training.objective(workspace, train);
    const rows = training.batchRows?.(train) ?? train;
    this.batches = new Batches(workspace, rows, training.batchSize, training.label, training.seed);
    this.validation = {
      user: workspace.copyOf(valid.user),
      item: workspace.copyOf(valid.item),
      label: valid.label,
      scores: workspace.float32(valid.user.length),
    };
    this.touched = new TouchedRows(all.length / width);
  }

  async runEpoch(epoch: number): Promise<number> {
    this.objective.startEpoch(epoch);
    let sum = 0;
    let number = 0;
    for (const batch of this.batches.shuffled(epoch)) {
      await this.breather.breathe();
      number++;
      const rows = this.optimizer.wantsRows ? this.touched.of(batch.user, batch.item, this.users) : noRows;
      this.optimizer.beforeBatch(rows);
      this.encoder.forward();
      const loss = this.objective.lossGradient(batch, this.encoder.encoded);
      if (!Number.isFinite(loss)) throw notFinite(this.label, "loss", loss, `epoch ${epoch}, batch ${number}`);
      this.encoder.backward(batch);
      this.optimizer.step(rows);
      sum += loss;
    }
    this.optimizer.settle();
    return sum / this.batches.rows;
  }

  validate(): number {
    const { user, item, label, scores } = this.validation;
    this.encoder.forward();
    const { p, q, width } = this.encoder.encoded;
    operations().mfScores(p, q, user, item, width, scores);
    return auc(scores, label) ?? NaN;
  }

  keepBest(): void {
    this.best = Float32Array.from(this.trained.all);
  }

  snapshot(): ReadonlyMap<string, Float32Array> {
    const { steps, firstMoment, secondMoment } = this.optimizer.snapshot();
    return new Map([
      ["embeddings", Float32Array.from(this.trained.all)],
      ["best embeddings", this.best],
      ["first moment", firstMoment],
      ["second moment", secondMoment],
      ["steps", Float32Array.of(Math.floor(steps / 65536), steps % 65536)], // exact beyond float32's 2^24
    ]);
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    const tensor = (name: string) => tensors.get(name) ?? missing(name);
    this.trained.all.set(tensor("embeddings"));
    this.best = tensor("best embeddings");
    const [high, low] = tensor("steps");
    const moments = { firstMoment: tensor("first moment"), secondMoment: tensor("second moment") };
    this.optimizer.restore({ steps: high * 65536 + low, ...moments });
  }
}

/** @throws CorruptFileError always: a checkpoint lacks what it should hold */
export function missing(name: string): never {
  throw new CorruptFileError(`the checkpoint has no "${name}"`, { remedy: "remove it to train from the start" });
}

/** A table and its gradient cut into users and items. @param split where the items begin */
export function tablesOf(all: Float32Array, gradient: Float32Array, split: number, width: number): TrainableTables {
  return {
    all,
    gradient,
    p: all.subarray(0, split),
    q: all.subarray(split),
    gradientP: gradient.subarray(0, split),
    gradientQ: gradient.subarray(split),
    width,
  };
}

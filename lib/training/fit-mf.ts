import {
  Breather,
  CorruptFileError,
  InvalidArgumentError,
  Random,
  requireNumber,
  requireOneOf,
  resolveOptions,
} from "../core";
import { type Interactions, rowCount, selectRows } from "../data";
import { Adam, createWorkspace, LazyAdam, operations, type Optimizer, type Workspace } from "../engine";
import { auc } from "../metrics";
import { Mf } from "../models";
import type { Checkpoints } from "./checkpoint";
import { fit, fitEpochs, type FitHistory, notFinite, type Trainee } from "./fit";

/** How MF is trained. The defaults are IFRU's for BookCrossing (`lib/ifru/README.md`). */
export interface FitMfOptions {
  /** Default 48. */
  readonly embeddingSize: number;
  /** Adam's step size. Default 1e-3. */
  readonly learningRate: number;
  /** Standard deviation of the initial embeddings. Default 1e-3. */
  readonly initialDeviation: number;
  /** Rows per step. Default 2048. */
  readonly batchSize: number;
  /** The most epochs there may be. Default 5000: early stopping ends the training. */
  readonly epochs: number;
  /** Epochs in a row without a better validation AUC that end the training. Default 11. */
  readonly patience: number;
  /** Added to each row's loss: regularization x (|p_u|² + |q_i|²). Default 0. */
  readonly regularization: number;
  /** Default 1024. */
  readonly seed: number;
  /**
   * `adam` moves every parameter at every step, as the authors' code does; `lazy-adam` gives the same parameters to 1e-5 and
   * visits only what a batch touches, which pays where a batch touches few of the rows. Default `adam`.
   */
  readonly optimizer: "adam" | "lazy-adam";
}

const defaults: FitMfOptions = {
  embeddingSize: 48,
  learningRate: 1e-3,
  initialDeviation: 1e-3,
  batchSize: 2048,
  epochs: 5000,
  patience: 11,
  regularization: 0,
  seed: 1024,
  optimizer: "adam",
};

/** A trained MF model and how it came about. */
export interface MfFit extends FitHistory {
  /** The parameters of the best epoch. */
  readonly model: Mf;
  /** Area under the ROC curve on the validation rows, of that model. */
  readonly validationAuc: number;
  /** Every option it was trained with. */
  readonly options: FitMfOptions;
}

/** The options with their defaults. @throws InvalidOptionError for an unknown option or one out of range */
export function resolveFitMfOptions(options?: Partial<FitMfOptions>): FitMfOptions {
  const resolved = resolveOptions(defaults, options, "fitMf");
  for (const name of ["embeddingSize", "batchSize", "epochs", "patience"] as const)
    requireNumber(name, resolved[name], { min: 1, integer: true });
  requireNumber("learningRate", resolved.learningRate, { above: 0 });
  for (const name of ["initialDeviation", "regularization"] as const) requireNumber(name, resolved[name], { min: 0 });
  requireNumber("seed", resolved.seed, { integer: true });
  requireOneOf("optimizer", resolved.optimizer, ["adam", "lazy-adam"]);
  return resolved;
}

/**
 * Trains matrix factorisation on explicit labels 0 and 1: binary cross-entropy with logits, mean over each batch, Adam, early
 * stopping on the validation AUC, the best epoch's parameters kept (IFRU's protocol, `lib/ifru/README.md`). Equal seeds and rows
 * give equal bytes.
 *
 * @param train the rows to learn from
 * @param valid the rows early stopping watches; both labels must occur
 * @param initial the model to start from, unchanged by this; by default a random one
 * @param checkpoints where to go on from and to save; a training that went on gives the same bytes as one that never stopped
 * @throws InvalidArgumentError when there is nothing to train on, or validation has one class only
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 */
export async function fitMf(
  train: Interactions,
  valid: Interactions,
  options?: Partial<FitMfOptions>,
  initial?: Mf,
  checkpoints?: Checkpoints,
): Promise<MfFit> {
  const resolved = resolveFitMfOptions(options);
  if (rowCount(train) === 0) throw new InvalidArgumentError("there are no rows to train on");
  if (!valid.label.includes(0) || !valid.label.includes(1))
    throw new InvalidArgumentError("the validation rows do not hold both labels, so their AUC is undefined", {
      remedy: "give more validation rows, with labels 0 and 1",
    });
  const { userCount, itemCount } = train;
  const workspace = createWorkspace();
  try {
    const start = initial ?? Mf.initialise({ userCount, itemCount, ...resolved });
    const trainee = new MfTrainee(workspace, start, train, valid, resolved);
    const history = await fit(trainee, resolved, checkpoints);
    return { ...history, model: trainee.best, validationAuc: history.bestValidation, options: resolved };
  } finally {
    workspace.dispose();
  }
}

/**
 * Trains again as an original was trained, on other rows: same options and seed, for exactly as many epochs as the original's best
 * took. No validation rows are looked at.
 *
 * @param original how the original came about
 * @param rows what to train on, under the same ids
 * @throws InvalidArgumentError when there is nothing to train on
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 */
export async function refitMf(original: Pick<MfFit, "options" | "bestEpoch">, rows: Interactions): Promise<Mf> {
  const { options, bestEpoch } = original;
  if (rowCount(rows) === 0) throw new InvalidArgumentError("there are no rows to train on");
  const workspace = createWorkspace();
  try {
    const start = Mf.initialise({ userCount: rows.userCount, itemCount: rows.itemCount, ...options });
    const trainee = new MfTrainee(workspace, start, rows, selectRows(rows, noRows), options);
    await fitEpochs(trainee, bestEpoch);
    return trainee.best;
  } finally {
    workspace.dispose();
  }
}

/** The state of one training. Users and items are rows of one matrix, so that one optimiser moves both. */
class MfTrainee implements Trainee {
  readonly label = "mf";
  best: Mf;
  private readonly users: number;
  private readonly width: number;
  private readonly embeddings: { readonly p: Float32Array; readonly q: Float32Array };
  private readonly gradients: { readonly gradientP: Float32Array; readonly gradientQ: Float32Array };
  private readonly optimizer: Optimizer;
  private readonly batches: Batches;
  private readonly validation: { user: Int32Array; item: Int32Array; label: Float32Array; scores: Float32Array };
  private readonly touched: TouchedRows;
  private readonly breather = new Breather("training mf");

  constructor(
    workspace: Workspace,
    start: Mf,
    train: Interactions,
    valid: Interactions,
    private readonly options: FitMfOptions,
  ) {
    this.best = start;
    this.users = start.userCount;
    this.width = start.embeddingSize;
    const split = start.userEmbedding.length;
    const all = workspace.float32(split + start.itemEmbedding.length);
    all.set(start.userEmbedding);
    all.set(start.itemEmbedding, split);
    const { optimizer: kind, learningRate } = options;
    this.optimizer =
      kind === "adam"
        ? new Adam(workspace, all, { learningRate })
        : new LazyAdam(workspace, all, this.width, { learningRate });
    const { gradient } = this.optimizer;
    this.embeddings = { p: all.subarray(0, split), q: all.subarray(split) };
    this.gradients = { gradientP: gradient.subarray(0, split), gradientQ: gradient.subarray(split) };
    this.batches = new Batches(workspace, train, options.batchSize, options.seed);
    this.validation = {
      user: workspace.copyOf(valid.user),
      item: workspace.copyOf(valid.item),
      label: valid.label,
      scores: workspace.float32(valid.user.length),
    };
    this.touched = new TouchedRows(all.length / this.width);
  }

  async runEpoch(epoch: number): Promise<number> {
    const { p, q } = this.embeddings;
    const penalty = 2 * this.options.regularization;
    let sum = 0;
    let number = 0;
    for (const batch of this.batches.shuffled(epoch)) {
      await this.breather.breathe();
      number++;
      const rows = this.optimizer.wantsRows ? this.touched.of(batch.user, batch.item, this.users) : noRows;
      this.optimizer.beforeBatch(rows);
      const scale = 1 / batch.user.length;
      const loss = operations().mfLossGradient({
        ...{ ...batch, ...this.gradients, p, q },
        ...{ width: this.width, scale, penalty },
      });
      if (!Number.isFinite(loss)) throw notFinite(this.label, "loss", loss, `epoch ${epoch}, batch ${number}`);
      this.optimizer.step(rows);
      sum += loss;
    }
    this.optimizer.settle();
    return sum / this.batches.rows;
  }

  validate(): number {
    const { user, item, label, scores } = this.validation;
    operations().mfScores(this.embeddings.p, this.embeddings.q, user, item, this.width, scores);
    return auc(scores, label) ?? NaN;
  }

  keepBest(): void {
    this.best = new Mf(Float32Array.from(this.embeddings.p), Float32Array.from(this.embeddings.q), this.width);
  }

  snapshot(): ReadonlyMap<string, Float32Array> {
    const { steps, firstMoment, secondMoment } = this.optimizer.snapshot();
    return new Map([
      ["p", Float32Array.from(this.embeddings.p)],
      ["q", Float32Array.from(this.embeddings.q)],
      ["best p", this.best.userEmbedding],
      ["best q", this.best.itemEmbedding],
      ["first moment", firstMoment],
      ["second moment", secondMoment],
      ["steps", Float32Array.of(Math.floor(steps / 65536), steps % 65536)], // exact beyond float32's 2^24
    ]);
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    const tensor = (name: string) => tensors.get(name) ?? missing(name);
    this.embeddings.p.set(tensor("p"));
    this.embeddings.q.set(tensor("q"));
    this.best = new Mf(tensor("best p"), tensor("best q"), this.width);
    const [high, low] = tensor("steps");
    const moments = { firstMoment: tensor("first moment"), secondMoment: tensor("second moment") };
    this.optimizer.restore({ steps: high * 65536 + low, ...moments });
  }
}

function missing(name: string): never {
  throw new CorruptFileError(`the checkpoint has no "${name}"`, { remedy: "remove it to train from the start" });
}

const noRows = new Int32Array(0);

/** The columns of one batch, in the engine's memory. */
interface Batch {
  readonly user: Int32Array;
  readonly item: Int32Array;
  readonly label: Float32Array;
  readonly residual: Float32Array;
}

/** The training rows, cut anew each epoch. The order of an epoch depends on the seed and the epoch alone. */
class Batches {
  readonly rows: number;
  private readonly order: Int32Array;
  private readonly columns: Batch;
  private readonly cut: Batch[];

  constructor(
    workspace: Workspace,
    private readonly train: Interactions,
    batchSize: number,
    private readonly seed: number,
  ) {
    this.rows = rowCount(train);
    this.order = new Int32Array(this.rows);
    const [user, item] = [workspace.int32(this.rows), workspace.int32(this.rows)];
    const [label, residual] = [workspace.float32(this.rows), workspace.float32(Math.min(batchSize, this.rows))];
    this.columns = { user, item, label, residual };
    this.cut = Array.from({ length: Math.ceil(this.rows / batchSize) }, (_, n) => {
      const [from, to] = [n * batchSize, Math.min((n + 1) * batchSize, this.rows)];
      return {
        user: user.subarray(from, to),
        item: item.subarray(from, to),
        label: label.subarray(from, to),
        residual: residual.subarray(0, to - from),
      };
    });
  }

  shuffled(epoch: number): readonly Batch[] {
    const { order, train, columns } = this;
    countUp(order);
    Random.derive(this.seed, "mf batches", epoch).shuffle(order);
    gather(train.user, order, columns.user);
    gather(train.item, order, columns.item);
    gather(train.label, order, columns.label);
    return this.cut;
  }
}

// Loops of their own: V8 throws away the optimised form of a function that goes on after a long loop, at every call.

function countUp(order: Int32Array): void {
  for (let k = 0; k < order.length; k++) order[k] = k;
}

function gather<T extends Int32Array | Float32Array>(from: T, order: Int32Array, to: T): void {
  for (let k = 0; k < order.length; k++) to[k] = from[order[k]];
}

/** Finds which rows of the joint matrix a batch touches, each once. */
class TouchedRows {
  private readonly lastBatch: Int32Array;
  private readonly found: Int32Array;
  private batch = 0;

  /** @param rows users and items together */
  constructor(rows: number) {
    this.lastBatch = new Int32Array(rows);
    this.found = new Int32Array(rows);
  }

  of(user: Int32Array, item: Int32Array, users: number): Int32Array {
    this.batch++;
    let count = 0;
    const visit = (row: number) => {
      if (this.lastBatch[row] === this.batch) return;
      this.lastBatch[row] = this.batch;
      this.found[count++] = row;
    };
    for (let k = 0; k < user.length; k++) {
      visit(user[k]);
      visit(users + item[k]);
    }
    return this.found.subarray(0, count);
  }
}

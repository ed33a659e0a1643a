import { CancelledError, InvalidArgumentError, nowMs, NumericalError, ProgressTask } from "../core";
import { type Interactions, requireSameIds, rowCount } from "../data";
import type { Checkpoint, Checkpoints, EpochRecord } from "./checkpoint";
import { EarlyStopping } from "./early-stopping";

/** A model in training, as the fit loop sees it. */
export interface Trainee {
  /** What is trained, in progress and errors, such as `"mf"`. */
  readonly label: string;
  /** One pass over the training rows, yielding now and then. Returns the mean loss. @param epoch from 1 */
  runEpoch(epoch: number): Promise<number>;
  /** The score that early stopping watches: higher is better. */
  validate(): number | Promise<number>;
  /** Called when the present state is the best so far. */
  keepBest(): void;
}

/** A model whose training can be interrupted and go on. */
export interface ResumableTrainee extends Trainee {
  /** Copies of everything the next epoch depends on, and of what `keepBest` kept, by name. */
  snapshot(): ReadonlyMap<string, Float32Array>;
  /** Continues from a snapshot, to the bit. */
  restore(tensors: ReadonlyMap<string, Float32Array>): void;
}

/** How a training went. */
export interface FitHistory {
  /** How many epochs were run. */
  readonly epochs: number;
  /** The epoch whose parameters were kept, from 1. */
  readonly bestEpoch: number;
  readonly bestValidation: number;
  readonly history: readonly EpochRecord[];
  /** Wall-clock time of all epochs with their validation. */
  readonly seconds: number;
  /** Which limit ended it. */
  readonly endedBy: "epochs" | "patience" | "seconds";
}

/** When a training ends at the latest. */
export interface FitLimits {
  /** The most epochs there may be. */
  readonly epochs: number;
  /** Epochs in a row without a better validation score that end it. */
  readonly patience: number;
  /**
   * Wall-clock seconds after which no further epoch begins; 0 or nothing for no limit. What ended a training stands in
   * its history.
   */
  readonly maxSeconds?: number;
}

/**
 * @throws InvalidArgumentError when there is nothing to train on, columns differ in length, labels are not 0 and 1, the
 *   AUC of the validation rows is undefined, or they have other ids
 */
export function requireFittable(train: Interactions, valid: Interactions): void {
  requireTrainable("training", train);
  requireBinaryRows("validation", valid);
  requireSameIds(train, valid, ["train", "valid"]);
  if (rowCount(valid) === 0)
    throw new InvalidArgumentError("there are no validation rows", { remedy: "give rows with labels 0 and 1" });
  const only = valid.label[0];
  if (valid.label.some((label) => label !== only)) return;
  throw new InvalidArgumentError(`every validation label is ${only}, so the AUC of these rows is undefined`, {
    where: "validation rows",
    remedy: (only === 1 ? toGetNegatives : toGetPositives) + ", or give more validation rows",
  });
}

// Whether `train` holds both labels proves nothing: rows to forget carry flipped ones.
const toGetNegatives =
  "if all ratings are positive (implicit data), add rows with label 0 before the split, such as random items that the " +
  "user has no row with; else raise positiveAbove of ifruSplit";
const toGetPositives =
  "lower positiveAbove of ifruSplit below the highest rating (implicit data need rows with label 0, too)";

/** @throws InvalidArgumentError when there are no rows, columns differ in length, or a label is neither 0 nor 1 */
export function requireTrainable(what: string, rows: Interactions): void {
  if (rowCount(rows) === 0) throw new InvalidArgumentError("there are no rows to train on");
  requireBinaryRows(what, rows);
}

function requireBinaryRows(what: string, { user, item, label }: Interactions): void {
  if (user.length !== item.length || user.length !== label.length)
    throw new InvalidArgumentError(
      `the columns differ in length: user ${user.length}, item ${item.length}, label ${label.length}`,
      { where: `${what} rows`, remedy: "give one value per row in each" },
    );
  const row = label.findIndex((value) => value !== 0 && value !== 1);
  if (row >= 0)
    throw new InvalidArgumentError(`the label of ${what} row ${row} is ${label[row]}, not 0 or 1`, {
      where: `label[${row}]`,
      remedy: "make labels of ratings, as ifruSplit does with positiveAbove: 1 where the rating is above it, else 0",
    });
}

/**
 * Trains until the validation score has not improved for `patience` epochs in a row, for `epochs` epochs, or until
 * `maxSeconds` are over. Reports progress and honours cancellation (through `runEpoch`).
 *
 * @throws NumericalError when the score is NaN
 * @throws CancelledError when it is interrupted
 * @example
 * import { fit } from "recsys-unlearning/training";
 * let [weight, best] = [0, 0]; // a model of one number, which is right at 1
 * const runEpoch = async () => (1 - (weight += 0.5 * (1 - weight))) ** 2;
 * const trainee = { label: "mine", runEpoch, validate: () => -Math.abs(1 - weight), keepBest: () => (best = weight) };
 * const { epochs, endedBy } = await fit(trainee, { epochs: 20, patience: 3 }); // 20 and "epochs": better to the last
 */
export async function fit(trainee: Trainee, limits: FitLimits): Promise<FitHistory>;
/**
 * The same for a training that can go on from a checkpoint.
 *
 * @param checkpoints where to go on from, if there is anything, and where to save; without, nothing is saved
 * @throws NumericalError when the score is NaN
 * @throws CancelledError when it is interrupted; the last whole epoch is saved first
 */
export async function fit(trainee: ResumableTrainee, limits: FitLimits, checkpoints?: Checkpoints): Promise<FitHistory>;
export async function fit(
  trainee: Trainee & Partial<ResumableTrainee>,
  limits: FitLimits,
  checkpoints?: Checkpoints,
): Promise<FitHistory> {
  const resumed = (await checkpoints?.load()) ?? null;
  if (resumed !== null) trainee.restore?.(resumed.tensors);
  const stopping = new EarlyStopping(limits.patience, resumed ?? undefined);
  const history: EpochRecord[] = [...(resumed?.history ?? [])];
  const start = nowMs() - 1000 * (resumed?.seconds ?? 0);
  const seconds = () => (nowMs() - start) / 1000;
  const saver = checkpoints && new Saver(checkpoints, trainee as ResumableTrainee);
  const ending = (): FitHistory["endedBy"] | undefined => {
    if (history.length >= limits.epochs) return "epochs";
    if (stopping.exhaustedAt(history.length)) return "patience";
    return limits.maxSeconds && seconds() >= limits.maxSeconds ? "seconds" : undefined;
  };
  let endedBy: FitHistory["endedBy"] | undefined;
  const progress = new ProgressTask(`training ${trainee.label}`, null, "epochs");
  try {
    while ((endedBy = ending()) === undefined) {
      const epoch = history.length + 1;
      const loss = await trainee.runEpoch(epoch);
      const validation = await trainee.validate();
      if (Number.isNaN(validation)) throw notFinite(trainee.label, "validation score", validation, `epoch ${epoch}`);
      history.push({ epoch, loss, validation });
      if (stopping.improves(epoch, validation)) trainee.keepBest();
      progress.update(epoch, `best ${stopping.bestScore.toFixed(4)} at epoch ${stopping.bestEpoch}`);
      await saver?.epochDone({ history: [...history], ...stopping.best(), seconds: seconds() });
    }
  } catch (error) {
    if (error instanceof CancelledError) await saver?.saveLatest();
    throw error;
  } finally {
    progress.finish();
  }
  const { bestEpoch, bestScore: bestValidation } = stopping.best();
  return { epochs: history.length, bestEpoch, bestValidation, history, seconds: seconds(), endedBy };
}

/** Holds the state after the last whole epoch, and writes it now and then. */
class Saver {
  private latest: Checkpoint | undefined;
  private lastSave = nowMs();

  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly trainee: ResumableTrainee,
  ) {}

  async epochDone(state: Omit<Checkpoint, "tensors">): Promise<void> {
    this.latest = { ...state, tensors: this.trainee.snapshot() };
    if (nowMs() - this.lastSave >= this.checkpoints.everyMs) await this.saveLatest();
  }

  async saveLatest(): Promise<void> {
    if (this.latest !== undefined) await this.checkpoints.save(this.latest);
    this.lastSave = nowMs();
  }
}

/**
 * Trains for a number of epochs and keeps the last state; nothing is validated.
 *
 * @throws CancelledError when it is interrupted
 * @example
 * let [weight, last] = [0, 0]; // a model of one number, which is right at 1
 * const runEpoch = async () => (1 - (weight += 0.5 * (1 - weight))) ** 2;
 * await fitEpochs({ label: "mine", runEpoch, validate: () => NaN, keepBest: () => void (last = weight) }, 3);
 * last; // 0.875
 */
export async function fitEpochs(trainee: Trainee, epochs: number): Promise<void> {
  const progress = new ProgressTask(`training ${trainee.label}`, epochs, "epochs");
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await trainee.runEpoch(epoch);
      progress.update(epoch);
    }
    trainee.keepBest();
  } finally {
    progress.finish();
  }
}

/**
 * The error of a training whose numbers ran away.
 *
 * @param where such as `"epoch 3, batch 17"`
 * @example
 * const loss = 1e308 * 10; // Infinity
 * if (!Number.isFinite(loss)) throw notFinite("my model", "loss", loss, "epoch 3, batch 17");
 */
export function notFinite(label: string, what: string, value: number, where: string): NumericalError {
  return new NumericalError(`training ${label}: the ${what} is ${value}`, {
    where,
    remedy: "use a smaller learning rate or initial deviation",
  });
}

/** One line of a training history. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch's rows, each taken before its batch's step. */
  readonly loss: number;
  /** The score that early stopping watches. */
  readonly validation: number;
}

/** What a training needs to go on between two epochs as if it had never stopped. */
export interface Checkpoint {
  /** The epochs run so far; the last one is where it stands. */
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly bestScore: number;
  /** Wall-clock seconds spent so far. */
  readonly seconds: number;
  /**
   * The parameters, those of the best epoch, and what the optimiser remembers, by name. Random numbers need no state:
   * each epoch derives its own from the seed.
   */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/** Where a training keeps its checkpoints. */
export interface Checkpoints {
  /** The newest one that can be read, or `null`. */
  load(): Promise<Checkpoint | null>;
  save(checkpoint: Checkpoint): Promise<void>;
  /** Least time between two saves, in milliseconds; what is lost to a kill. An interruption always saves. */
  readonly everyMs: number;
}

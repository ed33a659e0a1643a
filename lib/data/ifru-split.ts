import { InvalidDataError, numpyShuffledIndices, requireNumber, resolveOptions } from "../core";
import type { Interactions } from "./interactions";
import { kCoreRows } from "./k-core";
import { applySplit } from "./splits";

/** Options of `ifruSplit`. */
export interface IfruSplitOptions {
  /** A rating strictly above this is a positive (label 1), any other a negative. Default 3; the paper: Amazon 4, BookCrossing 5. */
  positiveAbove: number;
  /** Users and items with fewer rows are dropped, recursively. Default 5; 0 keeps all. */
  coreSize: number;
  /** Share of the training rows to forget, in [0, 1). Default 0.02. */
  forgetFraction: number;
  /** Seed of numpy's legacy shuffle. Default 1024, the paper's. */
  seed: number;
  /** Whether the rows to forget carry flipped labels in `train`, as in the paper. Default true. */
  flip: boolean;
}

/** IFRU's data, ready for training. Every part shares the ids of `train`. */
export interface IfruSplit {
  /** Rows with labels 0 and 1 as *Original* is trained on them: those to forget are flipped. */
  readonly train: Interactions;
  /** The true label of every training row, `[train rows]`. */
  readonly trueLabel: Float32Array;
  /** Rows of `train` to forget, ascending. */
  readonly forgetRows: Int32Array;
  /** The other rows of `train`, ascending: what *Retrain* is trained on. */
  readonly retainRows: Int32Array;
  readonly valid: Interactions;
  readonly test: Interactions;
}

const defaults: IfruSplitOptions = { positiveAbove: 3, coreSize: 5, forgetFraction: 0.02, seed: 1024, flip: true };

/**
 * IFRU's data protocol (`lib/ifru/README.md`, data): k-core, numpy's legacy shuffle, 60 / 20 / 20 at random, ids by first
 * appearance in train, unseen users and items dropped from the rest, and the *last* rows of train to forget, labels flipped.
 *
 * @param interactions ratings as the dataset has them
 * @throws InvalidDataError when the k-core leaves too few rows to split
 */
export function ifruSplit(interactions: Interactions, options?: Partial<IfruSplitOptions>): IfruSplit {
  const { positiveAbove, coreSize, forgetFraction, seed, flip } = resolveOptions(defaults, options, "ifruSplit");
  requireNumber("coreSize", coreSize, { min: 0, integer: true });
  requireNumber("forgetFraction", forgetFraction, { min: 0, max: 0.99 });
  requireNumber("seed", seed, { min: 0, max: 0xffffffff, integer: true });

  const core = kCoreRows(interactions, coreSize);
  const shuffled = numpyShuffledIndices(core.length, seed).map((index) => core[index]);
  const trainEnd = Math.floor(0.6 * core.length);
  const validEnd = Math.floor(0.8 * core.length);
  if (trainEnd === 0)
    throw new InvalidDataError(`the ${coreSize}-core leaves ${core.length} rows, too few to split`, {
      remedy: "use a smaller coreSize or more data",
    });

  const parts = applySplit(interactions, {
    train: shuffled.subarray(0, trainEnd),
    valid: shuffled.subarray(trainEnd, validEnd),
    test: shuffled.subarray(validEnd),
  });
  const train = binarised(parts.train, positiveAbove);
  const trueLabel = train.label.slice();
  const firstForgotten = Math.trunc(trainEnd * (1 - forgetFraction));
  if (flip) for (let row = firstForgotten; row < trainEnd; row++) train.label[row] = 1 - train.label[row];
  return {
    train,
    trueLabel,
    forgetRows: range(firstForgotten, trainEnd),
    retainRows: range(0, firstForgotten),
    valid: binarised(parts.valid, positiveAbove),
    test: binarised(parts.test, positiveAbove),
  };
}

/** The labels of a rating column: 1 strictly above the threshold, else 0. */
function binarised(ratings: Interactions, positiveAbove: number): Interactions {
  return { ...ratings, label: ratings.label.map((rating) => (rating > positiveAbove ? 1 : 0)) };
}

function range(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i);
}

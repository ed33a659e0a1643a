import {
  flagOption,
  InvalidDataError,
  numberOption,
  numpyShuffledIndices,
  optionList,
  type OptionsOf,
  wholeOption,
} from "../core";
import type { Interactions } from "./interactions";
import { kCoreRows } from "./k-core";
import { applySplit } from "./splits";

/** The options of `ifruSplit`. */
export const ifruSplitOptions = optionList("ifruSplit", {
  positiveAbove: numberOption(
    "A rating strictly above this is a positive (label 1), any other a negative. The paper: Amazon 4, BookCrossing 5.",
    3,
  ),
  coreSize: wholeOption("Users and items with fewer rows are dropped, recursively; 0 keeps all.", 5, 0),
  forgetFraction: numberOption("Share of the training rows to forget.", 0.02, { min: 0, max: 0.99 }),
  seed: numberOption("Seed of numpy's legacy shuffle; the paper's.", 1024, { min: 0, max: 0xffffffff, integer: true }),
  flip: flagOption("Whether the rows to forget carry flipped labels in `train`, as in the paper.", true),
});

/** Options of `ifruSplit`; defaults and ranges are in `ifruSplitOptions`. */
export interface IfruSplitOptions extends OptionsOf<typeof ifruSplitOptions.fields> {}

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

/**
 * IFRU's data protocol (`lib/ifru/README.md`, data): k-core, numpy's legacy shuffle, 60 / 20 / 20 at random, ids by
 * first appearance in train, unseen users and items dropped from the rest, and the *last* rows of train to forget,
 * labels flipped.
 *
 * @param interactions ratings as the dataset has them
 * @throws InvalidDataError when the k-core leaves too few rows to split
 * @example
 * const { interactions } = await loadDataset("ml-100k");
 * const { train, valid, test, forgetRows } = ifruSplit(interactions, { forgetFraction: 0.05 });
 */
export function ifruSplit(interactions: Interactions, options?: Partial<IfruSplitOptions>): IfruSplit {
  const { positiveAbove, coreSize, forgetFraction, seed, flip } = ifruSplitOptions.resolve(options);

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

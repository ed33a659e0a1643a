import {
  flagOption,
  givenOption,
  InvalidDataError,
  numberOption,
  optionList,
  type OptionsOf,
  Random,
  seedOption,
} from "../../core";
import { retainedRows } from "../forget-rows";
import type { IfruSplit } from "../ifru-split";
import { type Interactions, rowCount } from "../interactions";
import type { Split } from "../splits";
import { type NegativeOptions, withNegatives } from "./negatives";

/** The options of `trainingSplit`. */
export const trainingSplitOptions = optionList("trainingSplit", {
  positiveAbove: numberOption("A rating strictly above this is a positive (label 1), any other a negative.", 3),
  negatives: givenOption<Partial<NegativeOptions> | null>(
    "For implicit data: every row is a positive, and each part gets negatives drawn by these options of `withNegatives`. " +
      "Default: none, labels come from the ratings.",
    null,
  ),
  forgetFraction: numberOption("Share of the training rows to forget, drawn at random.", 0.02, { min: 0, max: 0.99 }),
  flip: flagOption("Whether the rows to forget carry flipped labels in `train`, as in IFRU's paper.", false),
  seed: seedOption("Draws the rows to forget.", 1),
});

/** Options of `trainingSplit`; defaults and ranges are in `trainingSplitOptions`. */
export interface TrainingSplitOptions extends OptionsOf<typeof trainingSplitOptions.fields> {}

/**
 * A split of one's own as models and methods take it: labels 0 and 1, and rows to forget. `fitMf`, `fitLightGcn` and
 * the methods of IFRU take the result as they take that of `ifruSplit`.
 *
 * @param split of `loadSplit`, `splitInteractions` or `splitByColumn`
 * @example
 * const split = trainingSplit(await loadSplit({ train: "train.csv", valid: "valid.csv", test: "test.csv" }));
 * const clicks = trainingSplit(splitInteractions(interactions, { by: "leave-last-out" }), { negatives: { ratio: 4 } });
 * @throws InvalidDataError where all training labels are the same: nothing can be learnt from them
 */
export function trainingSplit(split: Split, options?: Partial<TrainingSplitOptions>): IfruSplit {
  const { positiveAbove, negatives, forgetFraction, flip, seed } = trainingSplitOptions.resolve(options);
  const { train, valid, test } = negatives === null ? binarised(split, positiveAbove) : sampled(split, negatives);
  requireBothLabels(train, negatives === null, positiveAbove);
  const count = Math.round(forgetFraction * rowCount(train));
  const forgetRows = Random.derive(seed, "forget rows").sample(rowCount(train), count).sort();
  const trueLabel = train.label;
  const label = trueLabel.slice();
  if (flip) for (const row of forgetRows) label[row] = 1 - label[row];
  return {
    train: { ...train, label },
    trueLabel,
    forgetRows,
    retainRows: retainedRows(train, forgetRows),
    valid,
    test,
  };
}

function binarised({ train, valid, test }: Split, positiveAbove: number): Split {
  const labels = (rows: Interactions) => ({
    ...rows,
    label: rows.label.map((rating) => Number(rating > positiveAbove)),
  });
  return { train: labels(train), valid: labels(valid), test: labels(test) };
}

/** Each part with negatives of its own; a pair that any part has is a negative in none. */
function sampled(split: Split, options: Partial<NegativeOptions>): Split {
  const { train, valid, test } = split;
  const seed = options.seed ?? 1;
  const draw = (part: Interactions, further: number, known: readonly Interactions[]) =>
    withNegatives(part, known, { ...options, seed: seed + further });
  const ownTrain = draw(train, 0, [valid, test]);
  const ownValid = draw(valid, 1, [ownTrain, test]);
  return { train: ownTrain, valid: ownValid, test: draw(test, 2, [ownTrain, ownValid]) };
}

function requireBothLabels({ label }: Interactions, isRated: boolean, positiveAbove: number): void {
  const positives = label.reduce((sum, one) => sum + one, 0);
  if (positives > 0 && positives < label.length) return;
  throw new InvalidDataError(`all ${label.length} training labels are ${positives > 0 ? 1 : 0}`, {
    where: "trainingSplit",
    remedy: isRated
      ? `give another positiveAbove than ${positiveAbove}, or negatives: {} for implicit data`
      : "give a ratio of negatives above 0, and users who do not have every item",
  });
}

import { numberOption, optionList, type OptionsOf, seedOption, wholeOption } from "../../core";
import type { AttributionScores, Estimate, Retrainable } from "./attribution";
import { randomSubsets } from "./cases";
import { compareWithTraining } from "./compare";

/** How `datamodelingScore` draws and trains. */
export const datamodelingOptions = optionList("datamodelingScore", {
  keptShare: numberOption("The share of the training rows that each subset keeps.", 0.9, { above: 0, max: 1 }),
  subsets: wholeOption("Random subsets.", 50, 3),
  retrainings: wholeOption("Trainings of each subset, with seeds of their own; their mean is the reference.", 10, 1),
  seed: seedOption("Draws the subsets; trainings take it and those after it.", 1),
});

/** Options of `datamodelingScore`; defaults and ranges are in `datamodelingOptions`. */
export interface DatamodelingOptions extends OptionsOf<typeof datamodelingOptions.fields> {}

/**
 * The linear datamodeling score (Park et al., TRAK, ICML 2023): how well estimates predict what training on random
 * subsets of the rows gives. Spearman's correlation over the subsets, output by output, and its mean over outputs;
 * beside it the ceiling, which is what one more training reaches. `README.md` says how to read it.
 *
 * @param task trains on rows, and gives the outputs that are predicted
 * @param estimates say without training what the outputs are, by name
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @throws InvalidArgumentError for no rows to leave out, or outputs that are not finite or not as many as before
 * @throws CancelledError when it is interrupted
 * @example
 * const pairs = { user: test.user, item: test.item };
 * const withSeed = (seed: number) => ({ ...fit, options: { ...fit.options, seed } });
 * const task = {
 *   rowCount: train.user.length,
 *   retrain: async (rows: Int32Array, seed: number) =>
 *     (await refitMf(withSeed(seed), selectRows(train, rows))).score(pairs.user, pairs.item),
 * };
 * const ifruScores = async (kept: Int32Array, left: Int32Array) => {
 *   const answer = await ifru.unlearn(fit.model, { name: "a subset", train, forgetRows: left }, {}, prepared);
 *   return applyUpdate(fit.model, answer.update).score(pairs.user, pairs.item);
 * };
 * const scores = await datamodelingScore(task, { IFRU: ifruScores }, { subsets: 10, retrainings: 2 });
 * scores.table().toText(); // a row for IFRU, and one for what another training reaches
 */
export async function datamodelingScore(
  task: Retrainable,
  estimates: Readonly<Record<string, Estimate>>,
  options: Partial<DatamodelingOptions> = {},
): Promise<AttributionScores> {
  const { keptShare, subsets, retrainings, seed } = datamodelingOptions.resolve(options);
  const cases = randomSubsets(task.rowCount, { keptShare, subsets, seed });
  const what = `${Math.round(100 * keptShare)} % of ${task.rowCount.toLocaleString("en")} rows kept`;
  return compareWithTraining(task, estimates, { where: "datamodelingScore", what, cases, retrainings, seed });
}

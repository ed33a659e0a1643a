import { InvalidArgumentError, optionList, type OptionsOf, seedOption, wholeOption } from "../../core";
import type { AttributionScores, Estimate, Retrainable } from "./attribution";
import { caseWithout } from "./cases";
import { compareWithTraining } from "./compare";

/** How `leaveOut` trains. */
export const leaveOutOptions = optionList("leaveOut", {
  retrainings: wholeOption("Trainings of each deletion, with seeds of their own; their mean is the reference.", 1, 1),
  seed: seedOption("Of the trainings, with those after it.", 1),
});

/** Options of `leaveOut`; defaults and ranges are in `leaveOutOptions`. */
export interface LeaveOutOptions extends OptionsOf<typeof leaveOutOptions.fields> {}

/**
 * How well estimates predict what leaving out rows changes: each deletion is trained without its rows and compared with
 * a training on all rows of the same seed. Spearman's correlation over the deletions, output by output, and its mean.
 * Train until nothing moves any more, with the same order of batches: otherwise chance hides what one row does.
 *
 * @param task trains on rows, and gives the outputs that are predicted
 * @param deletions the rows of each, ascending: one row, those of a user, those of an item
 * @param estimates say without training by how much the outputs change, by name
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @throws InvalidArgumentError for fewer than 3 deletions, rows that are not there or not ascending, or outputs that
 *   are not finite or not as many as before
 * @throws CancelledError when it is interrupted
 * @example
 * const task = {
 *   rowCount: train.user.length,
 *   retrain: async (rows: Int32Array) => (await refitMf(fit, selectRows(train, rows))).score(test.user, test.item),
 * };
 * const before = fit.model.score(test.user, test.item);
 * const changes = async (kept: Int32Array, left: Int32Array) => {
 *   const answer = await ifru.unlearn(fit.model, { name: "a user", train, forgetRows: left }, {}, prepared);
 *   return applyUpdate(fit.model, answer.update).score(test.user, test.item).map((score, k) => score - before[k]);
 * };
 * const users = Array.from({ length: 100 }, (_, user) => userRows(train, user));
 * const scores = await leaveOut(task, users, { IFRU: changes });
 */
export async function leaveOut(
  task: Retrainable,
  deletions: readonly Int32Array[],
  estimates: Readonly<Record<string, Estimate>>,
  options: Partial<LeaveOutOptions> = {},
): Promise<AttributionScores> {
  const { retrainings, seed } = leaveOutOptions.resolve(options);
  const { rowCount } = task;
  if (deletions.length < 3)
    throw new InvalidArgumentError(`${deletions.length} deletions`, { where: "leaveOut", remedy: "give 3 or more" });
  deletions.forEach((rows, k) => requireRows(rows, k, rowCount));
  const all = Int32Array.from({ length: rowCount }, (_, row) => row);
  return compareWithTraining(task, estimates, {
    ...{ where: "leaveOut", what: `${deletions.length} deletions of ${rowCount.toLocaleString("en")} rows` },
    ...{ cases: deletions.map((left) => caseWithout(left, rowCount)), retrainings, seed },
    baseline: (of) => task.retrain(all, of),
  });
}

function requireRows(rows: Int32Array, deletion: number, rowCount: number): void {
  const bad = rows.findIndex((row, k) => row < 0 || row >= rowCount || (k > 0 && row <= rows[k - 1]));
  if (bad < 0 && rows.length > 0 && rows.length < rowCount) return;
  const problem =
    bad >= 0
      ? `row ${rows[bad]} is not there, or not above the one before it`
      : `it has ${rows.length} of the ${rowCount} rows`;
  throw new InvalidArgumentError(`deletion ${deletion}: ${problem}`, {
    where: "leaveOut",
    remedy: `give ascending rows below ${rowCount}, some and not all`,
  });
}

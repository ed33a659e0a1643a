import { InvalidArgumentError } from "../core";
import { auc } from "./auc";
import { requireEqualLength } from "./lengths";

/** Least spread of the shadow models' losses, so that a row they all agree on does not decide alone. */
const leastDeviation = 1e-3;

/**
 * How likely each row was a member of the training set, judged by shadow models that never saw it (offline
 * likelihood-ratio attack): z = (mean of the shadow models' losses - the target's loss) / their standard deviation. A
 * row the target knows much better than strangers do was probably trained on.
 *
 * @param losses of the audited model, `[rows]`
 * @param shadowLosses of each shadow model, none of which was trained on these rows, `[shadows][rows]`; at least two
 * @returns higher is likelier a member, `[rows]`
 * @throws InvalidArgumentError for fewer than two shadow models or rows that differ in number
 * @example
 * const losses = (one: Mf) => logLosses(one.score(train.user, train.item), train.label);
 * membershipScores(losses(model), [losses(retrained), losses(retrainedAgain)]); // one for each row
 */
export function membershipScores(losses: Float64Array, shadowLosses: readonly Float64Array[]): Float64Array {
  if (shadowLosses.length < 2)
    throw new InvalidArgumentError(`there are ${shadowLosses.length} shadow models`, { remedy: "give two or more" });
  for (const shadow of shadowLosses) requireEqualLength("membershipScores", { losses, shadow });
  return losses.map((loss, row) => {
    const seen = shadowLosses.map((shadow) => shadow[row]);
    const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seen.length - 1);
    return (mean - loss) / Math.max(Math.sqrt(variance), leastDeviation);
  });
}

/**
 * The attacker's AUC: the chance that a forgotten row looks more like a member than one that never was. 0.5 is knowing
 * nothing; below it, forgetting left a trace of its own. To be held against Retrain's, not against 0.5 alone.
 *
 * @param forgotten scores of the forgotten rows
 * @param unseen scores of rows that were in nobody's training set
 * @returns in [0, 1], or `null` where one side is empty
 * @example
 * const losses = (rows: Interactions) => logLosses(unlearned.score(rows.user, rows.item), rows.label);
 * membershipAuc(losses(selectRows(train, forgetRows)), losses(test)); // 0.5: they cannot be told apart
 */
export function membershipAuc(forgotten: Float64Array, unseen: Float64Array): number | null {
  const scores = new Float32Array(forgotten.length + unseen.length);
  scores.set(forgotten);
  scores.set(unseen, forgotten.length);
  return auc(
    scores,
    Float32Array.from(scores, (_, row) => (row < forgotten.length ? 1 : 0)),
  );
}

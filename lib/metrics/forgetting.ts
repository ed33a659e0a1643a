import { auc } from "./auc";
import { requireEqualLength } from "./lengths";

/**
 * The mean, or `null` of nothing.
 *
 * @example
 * mean(logLosses(model.score(test.user, test.item), test.label)); // null of nothing
 */
export function mean(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Binary cross-entropy of each row, `log(1 + exp(s)) - y s`, without overflow.
 *
 * @param scores logits, `[rows]`
 * @param labels 0 or 1, `[rows]`
 * @returns nats, `[rows]`
 * @example
 * const losses = logLosses(model.score(test.user, test.item), test.label); // in nats, one for each row
 */
export function logLosses(scores: Float32Array, labels: Float32Array): Float64Array {
  requireEqualLength("logLosses", { scores, labels });
  return Float64Array.from(
    scores,
    (score, row) => Math.max(score, 0) - labels[row] * score + Math.log1p(Math.exp(-Math.abs(score))),
  );
}

/**
 * How well a model knows the truth about what it was to forget: AUC of its scores on the forgotten rows against their
 * *true* labels. A model that still remembers flipped labels is low, a retrained one is as high as it generalises.
 *
 * @param scores of the forgotten rows, `[forgotten]`
 * @param trueLabel the true label of every training row, `[train rows]`
 * @param forgetRows row numbers of the training set, `[forgotten]`
 * @returns `null` where the rows have only one class
 * @example
 * const { trueLabel } = ifruSplit(interactions);
 * forgetAuc(unlearned.score(train.user, train.item), trueLabel, forgetRows);
 */
export function forgetAuc(scores: Float32Array, trueLabel: Float32Array, forgetRows: Int32Array): number | null {
  requireEqualLength("forgetAuc", { scores, forgetRows });
  return auc(
    scores,
    Float32Array.from(forgetRows, (row) => trueLabel[row]),
  );
}

/**
 * Mean log loss on the forgotten rows (labels as they were trained on) minus that of the retrained model: below 0 the
 * model still remembers, above 0 it over-forgets.
 *
 * @returns nats, or `null` for no rows
 * @example
 * const rows = selectRows(train, forgetRows);
 * const [scores, target] = [unlearned, retrained].map((one) => one.score(rows.user, rows.item));
 * forgetLossGap(scores, target, rows.label); // 0: the forgotten rows are as unknown as to Retrain
 */
export function forgetLossGap(scores: Float32Array, retrained: Float32Array, labels: Float32Array): number | null {
  requireEqualLength("forgetLossGap", { scores, retrained, labels });
  const ours = mean(logLosses(scores, labels));
  const theirs = mean(logLosses(retrained, labels));
  return ours === null || theirs === null ? null : ours - theirs;
}

/**
 * Mean over rows of |sigmoid(a) - sigmoid(b)|.
 *
 * @param a logits, `[rows]`
 * @param b logits, `[rows]`
 * @returns in [0, 1], or `null` for no rows
 * @example
 * const [a, b] = [unlearned, retrained].map((one) => one.score(test.user, test.item));
 * meanProbabilityDifference(a, b); // in [0, 1]
 */
export function meanProbabilityDifference(a: Float32Array, b: Float32Array): number | null {
  requireEqualLength("meanProbabilityDifference", { a, b });
  return mean(Float64Array.from(a, (logit, row) => Math.abs(sigmoid(logit) - sigmoid(b[row]))));
}

/**
 * Distance to the retrained model in units of the noise floor (the distance between two retrainings with different
 * seeds).
 *
 * @returns 1 means as near as another retraining; `null` for no rows or a floor of 0
 * @example
 * const scores = [unlearned, retrained, retrainedAgain].map((one) => one.score(test.user, test.item));
 * distanceOverNoiseFloor(scores[0], scores[1], scores[2]); // about 1: as near as another retraining
 */
export function distanceOverNoiseFloor(
  scores: Float32Array,
  retrained: Float32Array,
  retrainedAgain: Float32Array,
): number | null {
  const distance = meanProbabilityDifference(scores, retrained);
  const floor = meanProbabilityDifference(retrainedAgain, retrained);
  return distance === null || floor === null || floor === 0 ? null : distance / floor;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

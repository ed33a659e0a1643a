import { auc, exposureMasks, forgetAuc, forgetLossGap, logLosses, mean, meanProbabilityDifference } from "../metrics";
import type { Evaluation, MetricPart } from "./parts";

/** Labels of the rows to forget as the original was trained on them. */
const trainedLabels = ({ request }: Evaluation): Float32Array =>
  request.forgetRows.length === 0
    ? new Float32Array()
    : Float32Array.from(request.forgetRows, (row) => request.train.label[row]);

const masksOf = ({ split, request }: Evaluation) => exposureMasks(split.test, request.train, request.forgetRows);

/** The metrics experiments know, by name, in the order of tables. */
export const metrics: Readonly<Record<string, MetricPart>> = {
  auc: {
    label: "AUC",
    better: "higher",
    value: ({ scores, split }) => auc(scores.test, split.test.label),
  },
  "auc-or": {
    label: "AUC (or)",
    better: "higher",
    value: (evaluation) => auc(evaluation.scores.test, evaluation.split.test.label, masksOf(evaluation).or),
  },
  "auc-and": {
    label: "AUC (and)",
    better: "higher",
    value: (evaluation) => auc(evaluation.scores.test, evaluation.split.test.label, masksOf(evaluation).and),
  },
  "test-log-loss": {
    label: "test log loss",
    better: "lower",
    value: ({ scores, split }) => mean(logLosses(scores.test, split.test.label)),
    samples: (scores, split) => logLosses(scores.test, split.test.label),
  },
  "forget-auc": {
    label: "forget AUC",
    value: ({ scores, split, request }) => forgetAuc(scores.forget, split.trueLabel, request.forgetRows),
  },
  "forget-loss-gap": {
    label: "forget-loss gap",
    value: (evaluation) =>
      evaluation.retrained === null
        ? null
        : forgetLossGap(evaluation.scores.forget, evaluation.retrained.forget, trainedLabels(evaluation)),
  },
  "distance-to-retrain": {
    label: "distance to Retrain",
    better: "lower",
    value: ({ scores, retrained }) =>
      retrained === null ? null : meanProbabilityDifference(scores.test, retrained.test),
  },
  "validation-auc": {
    label: "validation AUC",
    better: "higher",
    value: ({ scores, split }) => auc(scores.valid, split.valid.label),
  },
};

import {
  auc,
  exposureMasks,
  forgetAuc,
  forgetLossGap,
  logLosses,
  mean,
  meanProbabilityDifference,
} from "../../metrics";
import { type Evaluation, noiseFloorMethod } from "../../experiments";
import { afterMetrics } from "./after";
import { attributionMetricsNamed } from "./attribution";
import { auditMetrics } from "./audit-metrics";
import { marginMetrics } from "./margins";
import type { Ratings, RatingsMetric, RatingsRequest } from "./types";

type Metric = Omit<RatingsMetric, "task">;

/** Labels of the rows to forget as the original was trained on them. */
const trainedLabels = ({ forgetRows, train }: RatingsRequest): Float32Array =>
  Float32Array.from(forgetRows, (row) => train.label[row]);

const masksOf = ({ split, request }: Evaluation<Ratings>) =>
  exposureMasks(split.test, request.train, request.forgetRows);

const lossGap = ({ scores, retrained, request }: Evaluation<Ratings>, among?: (row: number) => boolean) => {
  if (retrained === null) return null;
  const keep = Int32Array.from(request.forgetRows.keys()).filter((k) => among?.(request.forgetRows[k]) ?? true);
  const at = (values: Float32Array) => Float32Array.from(keep, (k) => values[k]);
  return forgetLossGap(at(scores["forget"]), at(retrained["forget"]), at(trainedLabels(request)));
};

/** Whether each row's user has more training rows than half of those who are to be forgotten. */
function byActiveUser({ train, forgetRows }: RatingsRequest): (row: number) => boolean {
  const activity = new Int32Array(train.userCount);
  for (const user of train.user) activity[user]++;
  const asking = [...new Set(forgetRows.map((row) => train.user[row]))].map((user) => activity[user]);
  const median = asking.sort((a, b) => a - b)[asking.length >> 1];
  return (row) => activity[train.user[row]] >= median;
}

function ratio(value: number | null | undefined, floor: number | null | undefined): number | null {
  return value == null || floor == null || floor === 0 ? null : value / floor;
}

/** Metrics of every run. */
const cheap: Readonly<Record<string, Metric>> = {
  auc: {
    label: "AUC",
    better: "higher",
    value: ({ scores, split }) => auc(scores["test"], split.test.label),
  },
  "auc-or": {
    label: "AUC (or)",
    better: "higher",
    value: (evaluation) => auc(evaluation.scores["test"], evaluation.split.test.label, masksOf(evaluation).or),
  },
  "auc-and": {
    label: "AUC (and)",
    better: "higher",
    value: (evaluation) => auc(evaluation.scores["test"], evaluation.split.test.label, masksOf(evaluation).and),
  },
  "test-log-loss": {
    label: "test log loss",
    better: "lower",
    value: ({ scores, split }) => mean(logLosses(scores["test"], split.test.label)),
    samples: (scores, { split }) => logLosses(scores["test"], split.test.label),
  },
  "forget-auc": {
    label: "forget AUC",
    value: ({ scores, split, request }) => forgetAuc(scores["forget"], split.trueLabel, request.forgetRows),
  },
  "forget-loss-gap": {
    label: "forget-loss gap",
    value: (evaluation) => lossGap(evaluation),
  },
  "forget-loss-gap-active": {
    label: "forget-loss gap, active users",
    value: (evaluation) => lossGap(evaluation, byActiveUser(evaluation.request)),
  },
  "forget-loss-gap-inactive": {
    label: "forget-loss gap, inactive users",
    value: (evaluation) => {
      const isActive = byActiveUser(evaluation.request);
      return lossGap(evaluation, (row) => !isActive(row));
    },
  },
  "distance-to-retrain": {
    label: "distance to Retrain",
    better: "lower",
    value: ({ scores, retrained }) =>
      retrained === null ? null : meanProbabilityDifference(scores["test"], retrained["test"]),
  },
  "distance-over-noise-floor": {
    label: "distance / noise floor",
    better: "lower",
    level: { value: 1, label: "noise floor" },
    relativeTo: {
      method: noiseFloorMethod,
      value: (own, floor) => ratio(own["distance-to-retrain"], floor["distance-to-retrain"]),
    },
  },
  "validation-auc": {
    label: "validation AUC",
    better: "higher",
    value: ({ scores, split }) => auc(scores["valid"], split.valid.label),
  },
};

/** The metrics of ratings, by name, in the order of tables. */
export const ratingsMetrics: Readonly<Record<string, RatingsMetric>> = Object.fromEntries(
  Object.entries({ ...cheap, ...auditMetrics, ...attributionMetricsNamed(""), ...marginMetrics, ...afterMetrics }).map(
    ([name, metric]) => [name, { task: "ratings", ...metric }],
  ),
);

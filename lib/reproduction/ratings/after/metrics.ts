import type { ModelOutputs } from "../../../experiments";
import { mean } from "../../../metrics";
import type { RatingsMetric } from "../types";

type Metric = Omit<RatingsMetric, "task">;
type Given = "all" | "few";

/** What is told of an audit's scores, under a name. */
function told(label: string, decimals: number, value: (scores: ModelOutputs) => number | null): Metric {
  return { label, format: { decimals }, audit: "after", value: ({ scores }) => value(scores) };
}

/**
 * Steps until all rows are known as well as *Retrain* knows them half-way, so that who learns slower has a number too;
 * `null` where even all steps are too few.
 */
function stepsToKnow(scores: ModelOutputs): number | null {
  const [answer, retrained] = [scores["all answer"], scores["all retrained"]];
  const goal = retrained[retrained.length >> 1];
  const reached = answer.findIndex((loss) => loss <= goal);
  return reached < 0 ? null : reached;
}

/** How much higher the loss on the forgotten rows is than *Retrain*'s, as a mean over all steps. */
function lossAbove(given: Given) {
  return (scores: ModelOutputs): number | null => {
    const retrained = scores[`${given} retrained`];
    return mean(Float64Array.from(scores[`${given} answer`], (loss, step) => loss - retrained[step]));
  };
}

const excess = (where: string) => (scores: ModelOutputs) => scores[`near ${where}`][0] ?? null;

/** How fast the forgotten comes back, and what else was forgotten. */
export const afterMetrics: Readonly<Record<string, Metric>> = {
  "relearn-steps": told("steps to relearn", 1, stepsToKnow),
  "relearn-loss": told("loss while relearning, above Retrain's", 4, lossAbove("all")),
  "relearn-loss-few": told("loss while relearning a tenth, above Retrain's", 4, lossAbove("few")),
  "over-forgetting-user": told("loss of the same users' rows, above Retrain's", 4, excess("same user")),
  "over-forgetting-item": told("of the same items'", 4, excess("same item")),
  "over-forgetting-nearest": told("of the nearest", 4, excess("nearest")),
  "over-forgetting-far": told("far away", 4, excess("far")),
};

import { referenceMethod } from "../../../experiments";
import type { RatingsMetric } from "../types";

type Metric = Omit<RatingsMetric, "task">;

const format = { decimals: 3 } as const;

/** What the audit found, under a name. */
function found(name: string, about: Pick<Metric, "label" | "better" | "bounds">): Metric {
  return { format, ...about, audit: "attribution", value: ({ scores }) => scores[name][0] ?? null };
}

/** How estimates of influence agree with training again. */
export const attributionMetrics: Readonly<Record<string, Metric>> = {
  "attribution-score": found("score", {
    ...{ label: "Spearman", better: "higher" },
    bounds: ["attribution-low", "attribution-high"],
  }),
  "attribution-low": found("low", { label: "95 % from" }),
  "attribution-high": found("high", { label: "to" }),
  "attribution-ceiling": {
    ...{ label: "ceiling", format },
    relativeTo: { method: referenceMethod, value: (_own, retrain) => retrain["attribution-score"] ?? null },
  },
  "attribution-share": {
    ...{ label: "of the ceiling", format: { percent: 0 }, better: "higher" },
    relativeTo: {
      method: referenceMethod,
      value: (own, retrain) => shareOf(own["attribution-score"], retrain["attribution-score"]),
    },
  },
};

function shareOf(score: number | null | undefined, ceiling: number | null | undefined): number | null {
  return score == null || ceiling == null || ceiling <= 0 ? null : score / ceiling;
}

import { mean, membershipAuc } from "../../metrics";
import type { ModelOutputs } from "../../experiments";
import type { RatingsMetric } from "./types";

type Metric = Omit<RatingsMetric, "task">;

const values = (outputs: ModelOutputs, name: string) => Float64Array.from(outputs[name]);

/**
 * The mean of what an audit found, one value for each user or row; paired tests where both models have the same ones.
 */
function meanOf(audit: string, name: string, about: Pick<Metric, "label" | "better">, paired = false): Metric {
  return {
    ...about,
    audit,
    value: ({ scores }) => mean(values(scores, name)),
    ...(paired ? { samples: (outputs) => values(outputs, name) } : {}),
  };
}

/** Metrics that need an audit. */
export const auditMetrics: Readonly<Record<string, Metric>> = {
  "recall@10": meanOf("ranking", "recall@10", { label: "recall@10", better: "higher" }, true),
  "ndcg@10": meanOf("ranking", "ndcg@10", { label: "ndcg@10", better: "higher" }, true),
  "recall@20": meanOf("ranking", "recall@20", { label: "recall@20", better: "higher" }, true),
  "ndcg@20": meanOf("ranking", "ndcg@20", { label: "ndcg@20", better: "higher" }, true),
  "rank-drop": meanOf("ranking", "rankDrop", { label: "rank drop" }),
  "exposure@10": meanOf("ranking", "exposure@10", { label: "exposure@10" }),
  "membership-auc": {
    label: "attacker's AUC",
    audit: "membership",
    value: ({ scores }) => membershipAuc(values(scores, "forgotten"), values(scores, "unseen")),
  },
};

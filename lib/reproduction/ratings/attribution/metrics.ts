import { type MetricPart, type Metrics, type ModelOutputs, referenceMethod } from "../../../experiments";

/** A metric of either task: it looks at the audit's scores alone. */
type Metric = Omit<MetricPart, "task" | "value"> & {
  value?(evaluation: { readonly scores: ModelOutputs }): number | null;
};

const format = { decimals: 3 } as const;

/** What the audit found, under a name. */
function found(name: string, about: Pick<Metric, "label" | "better" | "bounds" | "isContext">): Metric {
  return { format, ...about, audit: "attribution", value: ({ scores }) => scores[name][0] ?? null };
}

/**
 * How estimates of influence agree with training again.
 *
 * @param prefix of their names: metrics of all tasks have one list
 */
export function attributionMetricsNamed(prefix: string): Readonly<Record<string, Metric>> {
  const [score, low, high] = ["score", "low", "high"].map((name) => `${prefix}attribution-${name}`);
  const ofRetrain = (retrain: Metrics) => retrain[score] ?? null;
  return {
    [score]: found("score", { label: "Spearman", better: "higher", bounds: [low, high] }),
    [low]: found("low", { label: "95 % from", isContext: true }),
    [high]: found("high", { label: "to", isContext: true }),
    [`${prefix}attribution-ceiling`]: {
      ...{ label: "ceiling", format, isContext: true },
      relativeTo: { method: referenceMethod, value: (_own, retrain) => ofRetrain(retrain) },
    },
    [`${prefix}attribution-share`]: {
      ...{ label: "of the ceiling", format: { percent: 0 }, better: "higher" },
      relativeTo: { method: referenceMethod, value: (own, retrain) => shareOf(own[score], ofRetrain(retrain)) },
    },
  };
}

function shareOf(score: number | null | undefined, ceiling: number | null | undefined): number | null {
  return score == null || ceiling == null || ceiling <= 0 ? null : score / ceiling;
}

import type { ModelOutputs } from "../../../experiments";
import { mean } from "../../../metrics";
import type { RatingsMetric } from "../types";

type Metric = Omit<RatingsMetric, "task">;

/** Nothing is told of Retrain as a single model. */
const isTold = (scores: ModelOutputs) => Object.keys(scores).length > 0;

/** What is told of an audit's scores, under a name. */
function told(label: string, value: (scores: ModelOutputs) => number | null, decimals = 3): Metric {
  return {
    label,
    format: { decimals },
    audit: "margins",
    value: ({ scores }) => (isTold(scores) ? value(scores) : null),
  };
}

const meanOf = (name: string) => (scores: ModelOutputs) => mean(Float64Array.from(scores[name]));
const worstOf = (name: string) => (scores: ModelOutputs) => scores[name].reduce((a, b) => Math.max(a, b));

function percentile95(values: Float32Array): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.ceil(0.95 * sorted.length) - 1];
}

/** The mean over that of retrained models against retrained ones. */
function overFloor(name: string) {
  return (scores: ModelOutputs): number | null => {
    const [own, floor] = [meanOf(name)(scores), meanOf(`${name} floor`)(scores)];
    return own === null || floor === null || floor === 0 ? null : own / floor;
  };
}

function shareAboveFloor(name: string) {
  return (scores: ModelOutputs): number => {
    const limit = percentile95(scores[`${name} floor`]);
    return scores[name].filter((value) => value > limit).length / scores[name].length;
  };
}

const quality = (label: string, name: string) =>
  told(`told by ${label}`, (scores) => scores[`told by ${name}`]?.[0] ?? null, 2);

/** Where retrained models are. */
const atFloor = { level: { value: 1, label: "noise floor" } };

const [forgotten, retained] = ["histogram forgotten", "histogram retained"];

/** How margins of many models differ from those of retrained ones, and which measures tell them apart. */
export const marginMetrics: Readonly<Record<string, Metric>> = {
  klom: told("KLoM", meanOf(forgotten)),
  "klom-floor": told("floor", meanOf(`${forgotten} floor`)),
  "klom-over-floor": { ...told("KLoM / floor", overFloor(forgotten), 2), ...atFloor },
  "klom-95": told("95 % of rows below", (scores) => percentile95(scores[forgotten])),
  "klom-worst": { ...told("worst row", worstOf(forgotten)), level: null }, // each request has a floor of its own
  "klom-worst-floor": told("floor's worst", worstOf(`${forgotten} floor`)),
  "klom-share-above": {
    ...told("rows above the floor", shareAboveFloor(forgotten)),
    format: { percent: 1 },
  },
  "klom-gaussian": { ...told("KLoM, Gaussian / floor", overFloor("gaussian forgotten"), 2), ...atFloor },
  "margin-shift": told("shift of margins (logits)", meanOf("shift"), 4),
  "margin-shift-floor": told("floor's shift", meanOf("shift floor"), 4),
  "klom-retained": { ...told("rows that stay: KLoM / floor", overFloor(retained), 2), ...atFloor },
  "told-by-loss": quality("loss", "loss"),
  "told-by-attack": quality("attacker", "attack"),
  "told-by-shadow-attack": quality("attacker with shadows", "shadowAttack"),
  "told-by-truth": quality("forget AUC", "truth"),
  "told-by-distance": quality("distance", "distance"),
  "told-by-klom": quality("KLoM of 10", "klom"),
};

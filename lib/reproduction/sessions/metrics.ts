import { mean, mrrAt, ndcgAt, recallAt, type UScores, uScores } from "../../metrics";
import { type Metrics, type ModelOutputs, startMethod } from "../../experiments";
import { attributionMetricsNamed } from "../ratings/attribution/metrics";
import type { SessionsMetric } from "./types";

type Metric = Omit<SessionsMetric, "task">;
type Gain = typeof recallAt;
type About = Pick<Metric, "label" | "better">;

/** Of what is recommended, and of what should be forgotten: SRU's. */
const cutoffs = { accuracy: [5, 10, 20, 50], forgetting: [1, 5, 10, 20] };

const ranksOf = (outputs: ModelOutputs, name: string) => Int32Array.from(outputs[name]);

/** The mean gain at k of stored ranks; paired tests over samples where `paired`. */
function meanAt(k: number, gain: Gain, ranks: string, about: About, paired = false): Metric {
  const gains = (outputs: ModelOutputs) => gain(k, ranksOf(outputs, ranks));
  return { ...about, value: ({ scores }) => mean(gains(scores)), ...(paired ? { samples: gains } : {}) };
}

/** How well the next item of unseen sessions is predicted. Names that ratings have too begin with `session-`. */
function accuracyAt(k: number): Record<string, Metric> {
  return {
    [`session-recall@${k}`]: meanAt(k, recallAt, "test", { label: `recall@${k}`, better: "higher" }),
    [`session-ndcg@${k}`]: meanAt(k, ndcgAt, "test", { label: `ndcg@${k}`, better: "higher" }, k === 10),
    [`session-mrr@${k}`]: meanAt(k, mrrAt, "test", { label: `mrr@${k}`, better: "higher" }),
  };
}

const validation = meanAt(10, ndcgAt, "valid", { label: "validation ndcg@10", better: "higher" });

/** What is said of forgetting at a cutoff, with 500 drawn candidates and among all items. */
function forgettingAt(k: number): Record<string, Metric> {
  return {
    ...forgettingAmong(k, "", "", ""),
    ...forgettingAmong(k, "AmongAll", "-among-all", ", among all items"),
    ...Object.fromEntries(uScoreLabels.map(([kind, name, label]) => [`${name}@${k}`, uScoreAt(k, kind, label)])),
    [`drop@${k}`]: {
      label: `loss of recall@${k} since Original`,
      better: "lower",
      relativeTo: {
        method: startMethod,
        value: (own, original) => comparedAt(k, own, original)?.drop ?? null,
      },
    },
  };
}

/**
 * Hit_u (the share of forget samples whose item is among the first k), the same of unseen sessions, and how far it is
 * from Retrain's.
 */
function forgettingAmong(k: number, ranks: string, name: string, label: string): Record<string, Metric> {
  const hit = `hit-u${name}@${k}`;
  const forget = meanAt(k, recallAt, `forget${ranks}`, { label: `Hit_u@${k}${label}` }, true);
  return {
    [hit]: forget,
    [`unseen${name}@${k}`]: meanAt(k, recallAt, `unseen${ranks}`, { label: `unseen@${k}${label}` }),
    [`hit-gap${name}@${k}`]: {
      label: `|Hit_u@${k} - Retrain|${label}`,
      better: "lower",
      value({ scores, retrained }) {
        const [ours, theirs] = [scores, retrained].map((of) => of && mean(recallAt(k, ranksOf(of, `forget${ranks}`))));
        return ours === null || theirs === null ? null : Math.abs(ours - theirs);
      },
    },
  };
}

/** Our definitions (`uScores`): the papers' formula is not known. */
const uScoreLabels = [
  ["relative", "u-score", "U-score"],
  ["absolute", "u-score-absolute", "absolute U-score"],
  ["calibrated", "u-score-calibrated", "calibrated U-score"],
] as const;

function uScoreAt(k: number, kind: (typeof uScoreLabels)[number][0], label: string): Metric {
  return {
    label: `${label}@${k} (our definition)`,
    relativeTo: { method: startMethod, value: (own, original) => comparedAt(k, own, original)?.[kind] ?? null },
  };
}

/** A run beside Original; the level to reach is Original's on unseen sessions, which is known without retraining. */
function comparedAt(k: number, own: Metrics, original: Metrics): UScores | null {
  const [recall, hit] = [own[`session-recall@${k}`], own[`hit-u@${k}`]];
  const [originalRecall, level] = [original[`session-recall@${k}`], original[`unseen@${k}`]];
  if (recall == null || hit == null || originalRecall == null || originalRecall === 0 || level == null) return null;
  return uScores({ recall, originalRecall, hit, level });
}

function statistic(label: string, of: string, per?: string, decimals = 0): Metric {
  const value = (outputs: ModelOutputs) => outputs[of][0] / (per === undefined ? 1 : outputs[per][0]);
  return { label, audit: "statistics", format: { decimals }, value: ({ scores }) => value(scores) };
}

/** How large a dataset is. */
const statistics: Readonly<Record<string, Metric>> = {
  sessions: statistic("sessions", "sessions"),
  items: statistic("items", "items"),
  interactions: statistic("interactions", "interactions"),
  "mean-length": statistic("mean length", "interactions", "sessions", 1),
  "longest-session": statistic("longest", "longest"),
  "train-sessions": statistic("train", "trainSessions"),
  "validation-sessions": statistic("validation", "validSessions"),
  "test-sessions": statistic("test", "testSessions"),
};

/** The metrics of sessions, by name, in the order of tables. */
export const sessionsMetrics: Readonly<Record<string, SessionsMetric>> = Object.fromEntries(
  Object.entries({
    ...Object.assign({}, ...cutoffs.accuracy.map(accuracyAt)),
    "validation-ndcg@10": validation,
    ...Object.assign({}, ...cutoffs.forgetting.map(forgettingAt)),
    ...statistics,
    ...attributionMetricsNamed("session-"),
  } as Record<string, Metric>).map(([name, metric]) => [name, { task: "sessions", ...metric }]),
);

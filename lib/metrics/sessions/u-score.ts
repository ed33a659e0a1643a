import { requireNumber } from "../../core";

/** What a model after unlearning is judged by, all in [0, 1]. */
export interface UnlearningOutcome {
  /** Recall@k on test sessions, of the model after unlearning. */
  readonly recall: number;
  /** The same, of the original. */
  readonly originalRecall: number;
  /** Hit_u@k: the share of forget samples whose target is still among the first k. */
  readonly hit: number;
  /** Hit_u@k of a model that never saw what was forgotten: Retrain's, or that of unseen sessions. */
  readonly level: number;
}

/**
 * One number for recommending well and having forgotten, after an idea of CAU's. The papers' formula is not known: all
 * three are **our definitions**, harmonic means 2 R F / (R + F).
 */
export interface UScores {
  /** R = recall / original recall, at most 1; F = 1 - hit. Rewards forgetting without end, so also what damages. */
  readonly relative: number;
  /** R = recall as it is; F = 1 - hit. */
  readonly absolute: number;
  /**
   * R as in `relative`; F = 1 - |hit - level| / max(level, 1 - level): 1 for ranking what was forgotten like what was
   * never seen, less for remembering and for over-forgetting.
   */
  readonly calibrated: number;
  /** 1 - recall / original recall: how much of the accuracy was lost; below 0 where it grew. */
  readonly drop: number;
  /** hit - level: above 0 it still remembers, below 0 it over-forgets. */
  readonly gap: number;
}

/**
 * How well a model recommends and how far it has forgotten, in one number, by three definitions of ours.
 *
 * @throws InvalidOptionError for a value that is not in [0, 1], or an original that recommends nothing right
 * @example
 * const { relative, calibrated } = uScores({ recall: 0.18, originalRecall: 0.2, hit: 0.1, level: 0.1 });
 * relative; // 0.9: it keeps 90 % of the recall, and 90 % of the forgotten samples are out of the first k
 * calibrated; // 0.947…: it ranks them like what was never seen, so that only the recall is less
 */
export function uScores(outcome: UnlearningOutcome): UScores {
  const { recall, originalRecall, hit, level } = outcome;
  for (const [name, value] of Object.entries(outcome)) requireNumber(name, value as number, { min: 0, max: 1 });
  requireNumber("originalRecall", originalRecall, { above: 0 });
  const kept = Math.min(1, recall / originalRecall);
  const gap = hit - level;
  return {
    relative: harmonicMean(kept, 1 - hit),
    absolute: harmonicMean(recall, 1 - hit),
    calibrated: harmonicMean(kept, 1 - Math.abs(gap) / Math.max(level, 1 - level)),
    drop: 1 - recall / originalRecall,
    gap,
  };
}

function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

import {
  drawnSamples,
  eventsWithoutHistory,
  historyCount,
  prefixSamples,
  type PrefixSamples,
  type Sessions,
} from "../data";
import { candidateRanks, ndcgAt, recallAt, targetRanks, unseenSamples } from "../metrics";
import type { SessionRecommender } from "../models";
import type { SessionUnlearningRequest } from "../training";
import type { Evaluation, Measure } from "./measure";
import { aucReading, meanReading } from "./reading";

/** What a model of sessions puts out: ranks, from 1. */
interface SessionsOutputs {
  /** Of the forgotten events among all items, and among 500 drawn ones. */
  readonly forget: Int32Array;
  readonly forgetSampled: Int32Array;
  /** Of one event of each test session, among all items. */
  readonly unseen: Int32Array;
  /** Of what comes next in test sessions, among all items. */
  readonly test: Int32Array;
}

/** How models of sessions are looked at. */
export interface SessionsEvaluation extends Evaluation<SessionsOutputs> {
  outputs(model: SessionRecommender): Promise<SessionsOutputs>;
}

const cutoff = 10;

/**
 * Prepares to look at models.
 *
 * @param test sessions that no model was trained on; `null` for none
 * @param mostSamples of the test sessions that are ranked
 */
export function sessionsEvaluation(
  { train, forgetRows, samples }: SessionUnlearningRequest,
  test: Sessions | null,
  mostSamples: number,
  seed: number,
): SessionsEvaluation {
  const ranked = test === null ? null : drawnSamples(prefixSamples(test), mostSamples, seed);
  const unseen = test === null ? null : unseenSamples(test, seed);
  const ranksOf = async (model: SessionRecommender, of: PrefixSamples | null) =>
    of === null || historyCount(of) === 0 ? new Int32Array(0) : targetRanks(model, of);
  return {
    async outputs(model) {
      const forget = await candidateRanks(model, samples, { seed });
      return {
        forget: forget.full,
        forgetSampled: forget.sampled,
        unseen: await ranksOf(model, unseen),
        test: await ranksOf(model, ranked),
      };
    },
    measures: [...completeness(unseen !== null), ...(ranked === null || historyCount(ranked) === 0 ? [] : utility)],
    beliefs: ({ forget }) => logRanks(forget),
    distanceLabel: "distance of log2 ranks from Retrain",
    forgotten: historyCount(samples),
    unit: "events",
    untold: untoldOf(train, forgetRows, test === null),
  };
}

const logRanks = (ranks: Int32Array): Float64Array => Float64Array.from(ranks, Math.log2);

function completeness(hasUnseen: boolean): Measure<SessionsOutputs>[] {
  const own: Measure<SessionsOutputs>[] = [
    {
      ...{ label: "log2 rank of the forgotten items", about: "completeness", towards: -1 },
      read: ({ forget }) => meanReading(logRanks(forget)),
    },
    {
      ...{ label: `forgotten items among the first ${cutoff} of 501`, about: "completeness", towards: 1 },
      read: ({ forgetSampled }) => meanReading(recallAt(cutoff, forgetSampled)),
    },
  ];
  const attacker: Measure<SessionsOutputs> = {
    ...{ label: "attacker's AUC, forgotten against unseen events", about: "completeness", towards: 1 },
    read({ forget, unseen }) {
      const nearness = (ranks: Int32Array) => logRanks(ranks).map((rank) => -rank);
      return aucReading(nearness(forget), nearness(unseen));
    },
  };
  return hasUnseen ? [...own, attacker] : own;
}

const utility: Measure<SessionsOutputs>[] = [
  {
    ...{ label: `recall@${cutoff} on the test sessions`, about: "utility", towards: 1 },
    read: ({ test }) => meanReading(recallAt(cutoff, test)),
  },
  {
    ...{ label: `ndcg@${cutoff} on the test sessions`, about: "utility", towards: 1 },
    read: ({ test }) => meanReading(ndcgAt(cutoff, test)),
  },
];

function untoldOf(train: Sessions, forgetRows: Int32Array, noTest: boolean): string[] {
  const openers = eventsWithoutHistory(train, forgetRows).length;
  return [
    ...(noTest ? ["Without test sessions neither utility nor what an attacker sees can be told: pass { test }."] : []),
    ...(openers === 0
      ? []
      : [`${openers} forgotten events open their session: nothing predicts them, and they are not looked at.`]),
  ];
}

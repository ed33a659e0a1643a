import { Random } from "../core";
import {
  indexInteractions,
  type Interactions,
  placesWhere,
  requireSameIds,
  retainedRows,
  rowCount,
  rowsWhere,
  selectRows,
} from "../data";
import { fullRanking, logLosses } from "../metrics";
import type { Recommender } from "../models";
import { type RatingsRecommender, scoredOften } from "../recommendations";
import type { UnlearningRequest } from "../training";
import type { Evaluation, Measure } from "./measure";
import { aucReading, meanReading } from "./reading";

/** What a model of ratings puts out. */
interface RatingsOutputs {
  /** Logits of the forgotten rows. */
  readonly forget: Float32Array;
  /** Logits of the test rows; none without them. */
  readonly test: Float32Array;
  /** ndcg@10 of the ranked users; none without test rows. */
  readonly ndcg: Float64Array;
}

/** What is looked at beside the request. */
export interface RatingsRows {
  /** Rows that no model was trained on, labels 0 and 1, under the same ids; `null` for none. */
  readonly test: Interactions | null;
  /** The true label of every training row, where the forgotten rows carried wrong ones; `null` where they did not. */
  readonly trueLabel: Float32Array | null;
  readonly rankedUsers: number;
  readonly seed: number;
}

/** How models of ratings are looked at. */
export interface RatingsEvaluation extends Evaluation<RatingsOutputs> {
  outputs(model: Recommender): RatingsOutputs;
}

/** Prepares to look at models. @throws InvalidArgumentError when test rows have other ids than the training rows */
export function ratingsEvaluation(request: UnlearningRequest, rows: RatingsRows): RatingsEvaluation {
  const { train, forgetRows } = request;
  if (rows.test !== null) requireSameIds(train, rows.test, ["train", "test"]);
  const test = rows.test ?? selectRows(train, new Int32Array(0));
  const asked = selectRows(train, forgetRows);
  const ranked = rankedRows(test, rows);
  const seen = selectRows(train, retainedRows(train, forgetRows));
  return {
    outputs(model) {
      const scorer = scoredOften(model as RatingsRecommender);
      return {
        forget: scorer.score(asked.user, asked.item),
        test: scorer.score(test.user, test.item),
        ndcg: rowCount(ranked) === 0 ? new Float64Array(0) : ndcgOf(scorer, seen, ranked),
      };
    },
    measures: [
      ...completeness(asked.label, test.label),
      ...(rows.trueLabel === null ? [] : [againstTruth(forgetRows.map((row) => rows.trueLabel?.[row] ?? 0))]),
      ...utility(test.label, rowCount(ranked)),
    ],
    beliefs: ({ forget }) => Float64Array.from(forget, (logit) => 1 / (1 + Math.exp(-logit))),
    distanceLabel: "distance of probabilities from Retrain",
    forgotten: forgetRows.length,
    unit: "rows",
    untold: untoldOf(train, test, rows.test === null),
  };
}

function completeness(forgetLabel: Float32Array, testLabel: Float32Array): Measure<RatingsOutputs>[] {
  const loss: Measure<RatingsOutputs> = {
    ...{ label: "log loss on the forgotten rows", about: "completeness", towards: -1 },
    read: ({ forget }) => meanReading(logLosses(forget, forgetLabel)),
  };
  const attacker: Measure<RatingsOutputs> = {
    ...{ label: "attacker's AUC, forgotten against unseen rows", about: "completeness", towards: 1 },
    read({ forget, test }) {
      const [own, unseen] = [logLosses(forget, forgetLabel), logLosses(test, testLabel)];
      return aucReading(
        own.map((value) => -value),
        unseen.map((value) => -value),
      );
    },
  };
  return testLabel.length === 0 ? [loss] : [loss, attacker];
}

/** A model that still believes wrong labels ranks the rows by their true ones badly. */
function againstTruth(trueLabel: ArrayLike<number>): Measure<RatingsOutputs> {
  return {
    ...{ label: "forget AUC, by the true labels", about: "completeness", towards: -1 },
    read: ({ forget }) => aucOf(forget, trueLabel),
  };
}

function utility(testLabel: Float32Array, ranked: number): Measure<RatingsOutputs>[] {
  const measures: Measure<RatingsOutputs>[] = [];
  if (testLabel.length > 0)
    measures.push({
      ...{ label: "AUC on the test rows", about: "utility", towards: 1 },
      read: ({ test }) => aucOf(test, testLabel),
    });
  if (ranked > 0)
    measures.push({
      ...{ label: "ndcg@10, all items ranked", about: "utility", towards: 1 },
      read: ({ ndcg }) => meanReading(ndcg),
    });
  return measures;
}

function aucOf(scores: Float32Array, labels: ArrayLike<number>) {
  const of = (positive: boolean) => Float64Array.from(scores.filter((_, row) => labels[row] > 0 === positive));
  return aucReading(of(true), of(false));
}

function ndcgOf(scorer: Recommender, seen: Interactions, ranked: Interactions): Float64Array {
  return fullRanking(scorer, seen, ranked, [10]).get(10)?.ndcg.values ?? new Float64Array(0);
}

/** The test rows of some users, drawn. */
function rankedRows(test: Interactions, { rankedUsers, seed }: RatingsRows): Interactions {
  const { userPointers } = indexInteractions(test);
  const active = placesWhere(test.userCount, (user) => userPointers[user] < userPointers[user + 1]);
  const count = Math.min(rankedUsers, active.length);
  const drawn = new Set(
    Array.from(Random.derive(seed, "verdict", "users").sample(active.length, count), (k) => active[k]),
  );
  return selectRows(
    test,
    rowsWhere(test, (row) => drawn.has(test.user[row])),
  );
}

function untoldOf(train: Interactions, test: Interactions, isMissing: boolean): string[] {
  if (isMissing) return ["Without test rows neither utility nor what an attacker sees can be told: pass { test }."];
  const pairs = new Set(Array.from(train.user, (user, row) => user * train.itemCount + train.item[row]));
  const both = Array.from(test.user).filter((user, row) => pairs.has(user * test.itemCount + test.item[row])).length;
  if (both === 0) return [];
  return [
    `${both} of ${rowCount(test)} test rows are of pairs that stand in the training rows too: utility looks too good.`,
  ];
}

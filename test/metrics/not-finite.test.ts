import { describe, expect, test } from "vitest";
import { InvalidArgumentError, RecsysError } from "../../lib/core";
import { IdMap, type Interactions, type PrefixSamples } from "../../lib/data";
import * as metrics from "../../lib/metrics";
import type { Recommender } from "../../lib/models";

const bad = [NaN, Infinity, -Infinity];

describe("values that are not finite are refused by name", () => {
  test.each(bad)("paired tests of %d", (value) => {
    for (const run of [metrics.permutationTest, metrics.pairedTTest, metrics.wilcoxonTest]) {
      expect(() => run([1, value, 3], [1, 2, 4])).toThrow(InvalidArgumentError);
      expect(() => run([1, 2, 3], [1, value, 4])).toThrow(/b\[1\] is/);
    }
  });
  test.each(bad)("summaries of %d", (value) => {
    expect(() => metrics.summarise([1, value])).toThrow(/values\[1\] is/);
    expect(() => metrics.bootstrapInterval([1, value])).toThrow(/values\[1\] is/);
    expect(() => metrics.holm([0.1, value])).toThrow(/ps\[1\] is/);
  });
  test("ranks and top items of NaN", () => {
    const scores = Float32Array.of(1, NaN, 2);
    expect(() => metrics.topItems(scores, 2)).toThrow(/scores\[1\] is NaN/);
    expect(() => metrics.rankOf(scores, 1)).toThrow(/scores\[1\] is NaN/);
    expect([...metrics.topItems(Float32Array.of(1, -Infinity, 2), 3)]).toEqual([2, 0]);
  });
});

const scores = Float32Array.of(1, NaN, 2);
const labels = Float32Array.of(1, 0, 1);
const clean = Float32Array.of(1, 0, 2);
const losses = Float64Array.of(0.1, NaN);
const broken = { userCount: 1, itemCount: 3, score: () => Float32Array.from(scores) } as unknown as Recommender;
const ids = { users: new IdMap("user"), items: new IdMap("item") };
const none: Interactions = { userCount: 1, itemCount: 3, ...emptyColumns(), ...ids };
const rows = { ...none, user: Int32Array.of(0), item: Int32Array.of(0), label: Float32Array.of(1) };
const samples = {
  item: Int32Array.of(0),
  start: Int32Array.of(0),
  end: Int32Array.of(1),
  target: Int32Array.of(0),
} as PrefixSamples;
const session = { kind: "broken", itemCount: 3, scores: () => Float32Array.from(scores) };
const one = { recall: 0.1, originalRecall: 0.2, hit: 0.1, level: 0.1 };
const masks = { or: Uint8Array.of(1, 1, 0), and: Uint8Array.of(0, 1, 0) };
const lists = { users: Int32Array.of(0), lists: [Int32Array.of(0)], relevant: [Int32Array.of(0)], itemCount: 2 };

function emptyColumns() {
  return { user: new Int32Array(0), item: new Int32Array(0), label: new Float32Array(0) };
}

/** What each metric gives for a NaN among what it is given: `null` (undefined), NaN, or a refusal. */
const given: Record<string, readonly (() => unknown)[]> = {
  auc: [() => metrics.auc(scores, labels)],
  aucByExposure: [() => metrics.aucByExposure(scores, labels, masks).all],
  bootstrapInterval: [() => metrics.bootstrapInterval(losses)],
  distanceOverNoiseFloor: [
    () => metrics.distanceOverNoiseFloor(scores, clean, labels),
    () => metrics.distanceOverNoiseFloor(clean, scores, labels),
    () => metrics.distanceOverNoiseFloor(clean, labels, scores),
  ],
  exposureGini: [() => metrics.exposureGini(NaN, lists), () => metrics.exposureGini(1, lists, NaN)],
  exposureAtK: [() => metrics.exposureAtK(broken, none, Int32Array.of(1), 2)],
  forgetAuc: [() => metrics.forgetAuc(scores, labels, Int32Array.of(0, 1, 2))],
  forgetLossGap: [
    () => metrics.forgetLossGap(scores, clean, labels),
    () => metrics.forgetLossGap(clean, scores, labels),
  ],
  fullRanking: [() => metrics.fullRanking(broken, none, rows, [1])],
  gini: [() => metrics.gini(losses)],
  holm: [() => metrics.holm([NaN])],
  itemCoverage: [() => metrics.itemCoverage(NaN, lists)],
  logLosses: [() => metrics.logLosses(scores, labels)[1]],
  mean: [() => metrics.mean(losses)],
  meanProbabilityDifference: [
    () => metrics.meanProbabilityDifference(scores, clean),
    () => metrics.meanProbabilityDifference(clean, scores),
  ],
  meanRanks: [() => metrics.meanRanks([1, NaN])],
  median: [() => metrics.median([1, NaN, 3]), () => metrics.median([NaN, 1, 3])],
  membershipAuc: [
    () => metrics.membershipAuc(losses, Float64Array.of(1)),
    () => metrics.membershipAuc(Float64Array.of(1), losses),
  ],
  membershipScores: [
    () => metrics.membershipScores(losses, [Float64Array.of(1, 2), Float64Array.of(1, 3)])[1],
    () => metrics.membershipScores(Float64Array.of(1, 2), [losses, Float64Array.of(1, 3)])[1],
  ],
  mrrAt: [() => metrics.mrrAt(1, Int32Array.of(NaN))],
  ndcgAt: [() => metrics.ndcgAt(1, Int32Array.of(NaN))],
  pairedTTest: [() => metrics.pairedTTest([1, NaN], [1, 2])],
  pearson: [() => metrics.pearson([1, NaN], [1, 2]), () => metrics.pearson([1, 2], [NaN, 1])],
  permutationTest: [() => metrics.permutationTest([1, NaN], [1, 2])],
  rankDrops: [() => metrics.rankDrops(broken, broken, rows, Int32Array.of(0), none)],
  rankOf: [() => metrics.rankOf(scores, 0), () => metrics.rankOf(scores, 1)],
  rankingSummary: [() => metrics.rankingSummary(Int32Array.of(NaN))],
  recallAt: [() => metrics.recallAt(1, Int32Array.of(NaN))],
  spearman: [() => metrics.spearman([1, NaN], [1, 2]), () => metrics.spearman([1, 2], [NaN, 1])],
  summarise: [() => metrics.summarise([1, NaN])],
  oneSidedTTest: [() => metrics.oneSidedTTest([1, NaN], 0), () => metrics.oneSidedTTest([1, 2], NaN)],
  topItems: [() => metrics.topItems(scores, 2)],
  topListMetric: [() => metrics.topListMetric("map", NaN, lists)],
  topListSummary: [() => metrics.topListSummary(lists, [NaN])],
  topLists: [() => metrics.topLists(broken, none, rows, 2)],
  uScores: Object.keys(one).map((name) => () => metrics.uScores({ ...one, [name]: NaN })),
  wilcoxonTest: [() => metrics.wilcoxonTest([1, NaN], [1, 2])],
};

/** Exports that are no measure of numbers which may be NaN, or tested below. */
const others = ["FullRanking", "candidateRanks", "exposureMasks", "sessionCutoffs", "targetRanks", "unseenSamples"];

describe("no metric makes a number of NaN", () => {
  test("every export is looked at", () => {
    expect([...Object.keys(given), ...others].sort()).toEqual(Object.keys(metrics).sort());
  });

  test.each(Object.keys(given))("%s", (name) => {
    for (const run of given[name]) {
      let value: unknown;
      try {
        value = run();
      } catch (error) {
        expect(error).toBeInstanceOf(RecsysError);
        expect(String(error)).toMatch(/NaN|ranks\[0\] is 0|not a number/);
        continue;
      }
      expect([NaN, null]).toContainEqual(value);
    }
  });

  test("ranks of session targets count every NaN as above", async () => {
    expect([...(await metrics.targetRanks(session as never, samples))]).toEqual([3]);
    const { full, sampled } = await metrics.candidateRanks(session as never, samples);
    expect([full[0], sampled[0]]).toEqual([3, 3]);
  });
});

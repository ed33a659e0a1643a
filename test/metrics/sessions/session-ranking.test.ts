import { fc, test as property } from "@fast-check/vitest";
import * as core from "recsys-unlearning/core";
import type * as data from "recsys-unlearning/data";
import * as metrics from "recsys-unlearning/metrics";
import type * as models from "recsys-unlearning/models";
import { describe, expect, it } from "vitest";

/** A recommender that scores by a formula. */
function scorer(itemCount: number, score: (last: number, item: number) => number): models.SessionRecommender {
  return {
    kind: "formula",
    itemCount,
    scores: async ({ item, end }) =>
      Float32Array.from({ length: end.length * itemCount }, (_, k) =>
        score(item[end[Math.floor(k / itemCount)] - 1], k % itemCount),
      ),
  };
}

function samplesOf(pairs: readonly (readonly [number, number])[]): data.PrefixSamples {
  return {
    item: Int32Array.from(pairs, ([last]) => last),
    start: Int32Array.from(pairs.keys()),
    end: Int32Array.from(pairs.keys(), (k) => k + 1),
    target: Int32Array.from(pairs, ([, target]) => target),
  };
}

describe("targetRanks", () => {
  property.prop([
    fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 12 }),
    fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 600 }),
  ])("are places in the sorted list, ties by id", async (values, drawn) => {
    const items = values.length;
    const pairs = drawn.map(([last, target]) => [last % items, target % items] as const);
    const score = (last: number, item: number) => (values[item] + last) % 5;
    const ranks = await metrics.targetRanks(scorer(items, score), samplesOf(pairs));
    const expected = pairs.map(([last, target]) => {
      const order = [...values.keys()].sort((a, b) => score(last, b) - score(last, a) || a - b);
      return 1 + order.indexOf(target);
    });
    expect([...ranks]).toEqual(expected);
  });

  it("are each sample's own, also past the first block of histories", async () => {
    const pairs = Array.from({ length: 600 }, (_, k) => [k % 11, (7 * k) % 11] as const);
    const model = scorer(11, (last, item) => (item + last) % 11);
    const ranks = await metrics.targetRanks(model, samplesOf(pairs));
    expect([...ranks]).toEqual(pairs.map(([last, target]) => 11 - ((target + last) % 11)));
  });

  it("a score that is no number comes last", async () => {
    const broken = scorer(7, (_, item) => (item === 3 ? NaN : 0));
    expect([...(await metrics.targetRanks(broken, samplesOf([[0, 3]])))]).toEqual([7]);
    expect([...(await metrics.candidateRanks(broken, samplesOf([[0, 3]]))).sampled]).toEqual([6]);
    await expect(metrics.targetRanks(broken, samplesOf([[0, 7]]))).rejects.toThrow(core.InvalidArgumentError);
  });

  it("can be interrupted", async () => {
    const controller = new AbortController();
    core.setCurrentSignal(controller.signal);
    controller.abort();
    try {
      await expect(
        metrics.targetRanks(
          scorer(3, () => 0),
          samplesOf([[0, 1]]),
        ),
      ).rejects.toThrow(core.CancelledError);
    } finally {
      core.setCurrentSignal(undefined);
    }
  });
});

describe("candidateRanks", () => {
  it("of a scorer that knows nothing are even: hits at k come to k / 501", async () => {
    const pairs = Array.from({ length: 4000 }, (_, k) => [k % 2000, (k * 17 + 1) % 2000] as const);
    const random = scorer(2000, (last, item) => Math.imul(last * 2000 + item, 2654435761) >>> 8);
    const { sampled } = await metrics.candidateRanks(random, samplesOf(pairs));
    for (const k of [10, 100]) expect(metrics.mean(metrics.recallAt(k, sampled))).toBeCloseTo(k / 501, 1.7);
    expect(Math.max(...sampled)).toBeLessThanOrEqual(501);
  });

  it("draw the same candidates for every model: a rank upwards and one downwards complete each other", async () => {
    const samples = samplesOf(Array.from({ length: 50 }, (_, k) => [k, k + 1] as const));
    const [up, down] = [scorer(60, (_, item) => item), scorer(60, (_, item) => -item)];
    const ranks = async (model: models.SessionRecommender, seed: number) =>
      (await metrics.candidateRanks(model, samples, { candidates: 5, seed })).sampled;
    const [upward, downward] = [await ranks(up, 1), await ranks(down, 1)];
    expect([...upward.map((rank, k) => rank + downward[k])]).toEqual(Array(50).fill(7));
    expect(await ranks(up, 2)).not.toEqual(upward);
  });

  it("draw nothing that is in the history", async () => {
    const samples = samplesOf(Array.from({ length: 300 }, (_, k) => [k % 20, 20] as const));
    const onlySeen = scorer(22, (last, item) => Number(item === last));
    const { sampled, full } = await metrics.candidateRanks(onlySeen, samples, { candidates: 5 });
    expect(Math.max(...sampled)).toBeLessThanOrEqual(6);
    expect(Math.min(...full)).toBe(21);
    const everyOther = await metrics.candidateRanks(
      scorer(22, () => 0),
      samples,
      { candidates: 19 },
    );
    expect(Math.max(...everyOther.sampled)).toBeLessThanOrEqual(20);
  });

  it("are all there are where there are few", async () => {
    const { sampled } = await metrics.candidateRanks(
      scorer(5, (_, item) => item),
      samplesOf([[4, 0]]),
    );
    expect([...sampled]).toEqual([4]);
  });
});

describe("metrics of ranks", () => {
  const ranks = Int32Array.of(1, 2, 3, 11);

  it("are what their formulas say", () => {
    expect([...metrics.recallAt(2, ranks)]).toEqual([1, 1, 0, 0]);
    expect([...metrics.ndcgAt(10, ranks)]).toEqual([1, 1 / Math.log2(3), 0.5, 0]);
    expect([...metrics.mrrAt(10, ranks)]).toEqual([1, 1 / 2, 1 / 3, 0]);
    expect(metrics.rankingSummary(Int32Array.of(1, 1), [5])).toEqual({ "recall@5": 1, "ndcg@5": 1, "mrr@5": 1 });
    expect(Object.keys(metrics.rankingSummary(ranks)).length).toBe(12);
    expect(metrics.rankingSummary(new Int32Array(0))["ndcg@10"]).toBeNull();
    for (const k of [0, -1, 1.5, NaN])
      for (const metric of [metrics.recallAt, metrics.ndcgAt, metrics.mrrAt])
        expect(() => metric(k, ranks)).toThrow(core.InvalidOptionError);
  });
});

describe("uScores", () => {
  const original = { recall: 0.2, originalRecall: 0.2, hit: 0.5, level: 0.3 };

  it("are the harmonic means of their definitions", () => {
    const { relative, absolute, calibrated, drop, gap } = metrics.uScores({ ...original, recall: 0.1, hit: 0.4 });
    expect(relative).toBeCloseTo((2 * 0.5 * 0.6) / 1.1, 12);
    expect(absolute).toBeCloseTo((2 * 0.1 * 0.6) / 0.7, 12);
    expect(calibrated).toBeCloseTo((2 * 0.5 * (1 - 0.1 / 0.7)) / (1.5 - 0.1 / 0.7), 12);
    expect([drop, gap]).toEqual([0.5, expect.closeTo(0.1, 12) as number]);
  });

  it("the first two reward over-forgetting that costs a tenth of the accuracy; the calibrated one does not", () => {
    const retrained = metrics.uScores({ ...original, hit: 0.3 });
    const damaged = metrics.uScores({ ...original, recall: 0.18, hit: 0 });
    expect(damaged.relative).toBeGreaterThan(retrained.relative);
    expect(damaged.calibrated).toBeLessThan(retrained.calibrated);
    expect(retrained.calibrated).toBe(1);
  });

  it("are 0 where nothing is recommended right and nothing forgotten", () => {
    const { relative, absolute, calibrated } = metrics.uScores({ recall: 0, originalRecall: 0.2, hit: 1, level: 0 });
    expect([relative, absolute, calibrated]).toEqual([0, 0, 0]);
  });

  it("refuse what is no share", () => {
    expect(() => metrics.uScores({ ...original, hit: 1.2 })).toThrow(/"hit" is 1.2/);
    expect(() => metrics.uScores({ ...original, originalRecall: 0 })).toThrow(core.InvalidOptionError);
  });
});

import * as cau from "recsys-unlearning/cau";
import * as core from "recsys-unlearning/core";
import * as data from "recsys-unlearning/data";
import * as engine from "recsys-unlearning/engine";
import * as metrics from "recsys-unlearning/metrics";
import type * as models from "recsys-unlearning/models";
import * as training from "recsys-unlearning/training";
import { beforeAll, describe, expect, it } from "vitest";

const { train, valid } = data.splitSessions(
  data.toSessions(
    data.generateInteractions({ userCount: 150, itemCount: 40, interactionsPerUser: 12, sessionLength: 12 }),
  ),
);
const forgetRows = data.sessionItemRows(train, 0.4, 1);
const request = { name: "test", train, forgetRows, samples: data.forgetSamples(train, forgetRows) };
const count = data.historyCount(request.samples);
const training12 = {
  embeddingSize: 12,
  maxLength: 6,
  learningRate: 0.02,
  batchSize: 64,
  epochs: 12,
  patience: 12,
  seed: 3,
};

let original: models.SessionModel;
beforeAll(async () => {
  original = (await training.fitSessionModel("gru4rec", { train, valid }, training12)).model;
}, 60_000);

const settings = { learningRate: 0.008, batchSize: 16, epochs: 20, validation: valid } as const;
const unlearn = async (options: Partial<cau.CauOptions>) => {
  const { update, diagnostics, cost } = await cau.cau.unlearn(original, request, { ...settings, ...options });
  if (update.kind !== "model") throw new Error("a whole model is given");
  return { model: update.model, diagnostics, cost, points: diagnostics.points as readonly cau.CalibrationPoint[] };
};

const bytes = (model: models.SessionModel) =>
  model.parameters().map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"));
const hitOf = async (model: models.SessionModel) =>
  metrics.mean(metrics.recallAt(10, (await metrics.candidateRanks(model, request.samples)).sampled))!;

describe("a model between two", () => {
  it("is the one at 0 and the other at 1, to the bit, and a weighted mean of parameters elsewhere", async () => {
    const { model: other } = await unlearn({ select: "last", epochs: 1 });
    expect(bytes(cau.modelBetween(original, other, 0))).toEqual(bytes(original));
    expect(bytes(cau.modelBetween(original, other, 1))).toEqual(bytes(other));
    const [from, to] = [original, other].map((model) => model.parameters());
    cau
      .modelBetween(original, other, 0.3)
      .parameters()
      .forEach(({ name, values }, n) => {
        expect(name).toBe(from[n].name);
        const mean = from[n].values.map((value, k) => (1 - 0.3) * value + 0.3 * to[n].values[k]);
        expect(values).toEqual(mean);
      });
  });
});

describe("the share at the level", () => {
  /** A hit rate of `samples` falls from sample to sample: each at a share of its own. */
  const falling = (random: core.Random, samples: number, level: number) => {
    const bend = 0.5 + 1.5 * random.uniform();
    const turns = Float64Array.from({ length: samples }, () => random.uniform() ** bend);
    const stay = 0.2 * random.uniform();
    return (share: number) => {
      const left = turns.filter((turn) => turn >= share).length / samples;
      return stay + (1 - stay) * left - level;
    };
  };

  it("comes near what a grid of shares finds, within six looks, and is never worse than the ends", async () => {
    const random = core.Random.derive(1, "shares");
    let farthest = 0;
    for (let round = 0; round < 100; round++) {
      const gap = falling(random, 50 + random.integer(300), 0.25 + 0.6 * random.uniform());
      const ends = [gap(0), gap(1)] as const;
      const looked: number[] = [];
      const near = 0.002;
      const share = await cau.shareAtLevel(ends, near, async (at) => (looked.push(at), gap(at)));
      const grid = Array.from({ length: 101 }, (_, k) => Math.abs(gap(k / 100)));
      const found = Math.abs(gap(share));
      expect(looked.length).toBeLessThanOrEqual(6);
      expect(looked.every((at) => at > 0 && at < 1)).toBe(true);
      expect(found).toBe(Math.min(...[0, 1, ...looked].map((at) => Math.abs(gap(at)))));
      farthest = Math.max(farthest, found - Math.min(...grid));
    }
    expect(farthest).toBeLessThan(0.03);
  });

  it("does not look where an end is near enough", async () => {
    const never = async () => Promise.reject(new Error("looked"));
    expect(await cau.shareAtLevel([0.3, -0.001], 0.002, never)).toBe(1);
    expect(await cau.shareAtLevel([0.001, -0.3], 0.002, never)).toBe(0);
    expect(await cau.shareAtLevel([0.2, 0], 0, never)).toBe(1);
  });
});

describe("calibrated forgetting between two epochs", () => {
  const options = { select: "between", climb: "all", learningRate: 0.05, batchSize: 64 } as const;

  it("ends as near to one error above the level as a grid of shares of the last epoch's way", async () => {
    const { model, points, diagnostics } = await unlearn(options);
    const { share, level, standardError } = diagnostics.stepBack!;
    const aim = level + standardError;
    const epochs = diagnostics.steps.at(-1)!.epoch;
    const whole = points.filter((point) => point.share === undefined);
    expect(whole.map(({ epoch }) => epoch)).toEqual([...whole.keys()]);
    for (const { gap } of whole.slice(0, -1)) expect(gap).toBeGreaterThan(standardError);
    expect(whole.at(-1)!.gap).toBeLessThanOrEqual(standardError);
    expect(standardError).toBeCloseTo(Math.sqrt(level * (1 - level) * (1 / data.sessionCount(valid) + 1 / count)), 12);
    const state = async (epoch: number) =>
      epoch === 0 ? original : (await unlearn({ ...options, select: "last", epochs: epoch })).model;
    const [above, below] = [await state(epochs - 1), await state(epochs)];
    const gaps = await Promise.all(
      Array.from({ length: 21 }, async (_, k) =>
        Math.abs((await hitOf(cau.modelBetween(above, below, k / 20))) - level),
      ),
    );
    expect(Math.abs((await hitOf(model)) - aim)).toBeLessThanOrEqual(Math.min(...gaps) + 2 / count);
    expect(diagnostics.bestEpoch).toBe(epochs);
    expect(bytes(model)).toEqual(bytes(cau.modelBetween(above, below, share)));
    expect(share > 0 && share < 1).toBe(true);
  });

  it("takes the steps of whole epochs, and then goes back", async () => {
    const [between, level] = [await unlearn(options), await unlearn({ ...options, select: "level" })];
    const steps = level.diagnostics.steps.filter(({ epoch }) => epoch === 1);
    expect(between.diagnostics.steps.slice(0, steps.length)).toEqual(steps);
    expect(level.diagnostics.stepBack).toBeUndefined();
    expect(between.points.filter(({ share }) => share !== undefined)).not.toEqual([]);
    expect(level.points.every(({ share }) => share === undefined)).toBe(true);
  });

  it("goes back from a first epoch that goes too far, without another try", async () => {
    const { points, diagnostics } = await unlearn({ ...options, learningRate: 0.16 });
    const { level, standardError, share } = diagnostics.stepBack!;
    expect(points[1].gap).toBeLessThan(-standardError);
    expect(points.every(({ learningRate }) => learningRate === 0.16)).toBe(true);
    expect(share).toBeLessThan(1);
    const distances = points.map(({ hit }) => Math.abs(hit - level - standardError));
    expect(Math.min(...distances)).toBeLessThan(standardError / 2);
  });

  it("gives the same bytes twice, and after an interruption anywhere", async () => {
    const { tf } = await engine.tensorEngine();
    const whole = bytes((await unlearn(options)).model);
    const before = [tf.memory().numTensors, engine.liveWorkspaces()];
    for (let last = 1, isOver = false; !isOver; last++) {
      let asked = 0;
      core.setCurrentSignal({ get aborted() { return ++asked > last; } } as AbortSignal); // prettier-ignore
      try {
        expect(bytes((await unlearn(options)).model)).toEqual(whole);
        isOver = true;
      } catch (error) {
        expect(error).toBeInstanceOf(core.CancelledError);
      } finally {
        core.setCurrentSignal(undefined);
      }
      expect([tf.memory().numTensors, engine.liveWorkspaces()]).toEqual(before);
    }
    expect(bytes((await unlearn(options)).model)).toEqual(whole);
  });

  it("says in records where it ended and what the level is worth", async () => {
    const { diagnostics } = await unlearn(options);
    const { share, level, standardError } = diagnostics.stepBack!;
    expect(cau.cau.description.facts(diagnostics)).toMatchObject({ share, level, levelError: standardError });
    const { diagnostics: epochs } = await unlearn({ select: "level" });
    expect(Object.keys(cau.cau.description.facts(epochs))).not.toContain("level");
  });
});

import * as cau from "recsys-unlearning/cau";
import * as core from "recsys-unlearning/core";
import * as data from "recsys-unlearning/data";
import * as engine from "recsys-unlearning/engine";
import * as metrics from "recsys-unlearning/metrics";
import * as models from "recsys-unlearning/models";
import * as training from "recsys-unlearning/training";
import { beforeAll, describe, expect, it } from "vitest";

const split = data.splitSessions(
  data.toSessions(
    data.generateInteractions({ userCount: 150, itemCount: 40, interactionsPerUser: 12, sessionLength: 12 }),
  ),
);
const { train, valid } = split;
const forgetRows = data.sessionItemRows(train, 0.4, 1);
const request = { name: "test", train, forgetRows, samples: data.forgetSamples(train, forgetRows) };
const count = data.historyCount(request.samples);
const fitted = {
  embeddingSize: 12,
  maxLength: 6,
  learningRate: 0.02,
  batchSize: 64,
  epochs: 12,
  patience: 12,
  seed: 3,
};
const quick = { learningRate: 0.01, batchSize: 16, epochs: 3, validation: valid };

const bytes = (model: models.SessionModel) =>
  model.parameters().map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"));
const remembered = async (model: models.SessionRecommender) =>
  metrics.mean(metrics.mrrAt(train.itemCount, await metrics.targetRanks(model, request.samples)))!;

let original: models.SessionModel;
beforeAll(async () => {
  original = (await training.fitSessionModel("gru4rec", { train, valid }, fitted)).model;
}, 60_000);

const methods = {
  "CAU (paper)": (options: object, asked = request) =>
    cau.cau.unlearn(original, asked, { mode: "paper", ...quick, ...options }),
  "CAU (calibrated)": (options: object, asked = request) => cau.cau.unlearn(original, asked, { ...quick, ...options }),
  "gradient ascent": (options: object, asked = request) =>
    cau.sessionGradientAscent.unlearn(original, asked, { ...quick, learningRate: 0.003, ...options }),
};
const modelOf = async (outcome: ReturnType<(typeof methods)["CAU (paper)"]>) =>
  training.applyUpdate(original as never, (await outcome).update as never) as models.SessionModel;

describe.each(Object.entries(methods))("%s", (name, unlearn) => {
  it("forgets, counts what it did, and leaves the original as it was", async () => {
    const before = bytes(original);
    const { update, cost, diagnostics } = await unlearn({});
    expect(bytes(original)).toEqual(before);
    expect(update.kind).toBe("model");
    const { steps, bestEpoch, points } = diagnostics;
    const after = update.kind === "model" ? update.model : original;
    expect(await remembered(after)).toBeLessThan(await remembered(original));
    expect(bestEpoch).toBeGreaterThan(0);
    expect(points.map(({ epoch }) => epoch)).toEqual([...points.keys()]);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, k) => k + 1));
    expect(steps.at(-1)!.losses[0]).toBeLessThan(steps[0].losses[0]);
    const tasks = name === "gradient ascent" ? 1 : 3;
    if (name !== "CAU (calibrated)") expect(cost.gradientRows).toBe(tasks * count * steps.at(-1)!.epoch);
    for (const { weights, difficulty } of steps) {
      if (tasks === 3) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
      expect(difficulty === null).toBe(tasks === 1);
    }
    expect(Object.keys(cost.seconds).sort()).toEqual([...(tasks === 3 ? ["difficulty"] : []), "selection", "steps"]);
  });

  it("gives the same bytes twice, and others for another seed", async () => {
    const first = bytes(await modelOf(unlearn({ epochs: 1, select: "last" })));
    expect(bytes(await modelOf(unlearn({ epochs: 1, select: "last" })))).toEqual(first);
    expect(bytes(await modelOf(unlearn({ epochs: 1, select: "last", seed: 2 })))).not.toEqual(first);
  });

  it("is the identity when nothing is to be forgotten", async () => {
    const none = new Int32Array(0);
    const nothing = { ...request, forgetRows: none, samples: data.forgetSamples(train, none) };
    const { update, cost, diagnostics } = await unlearn({}, nothing);
    expect(update).toEqual({ kind: "model", model: original });
    expect([cost.gradientRows, cost.rowsTouched, diagnostics.bestEpoch]).toEqual([0, 0, 0]);
    expect([diagnostics.steps, diagnostics.points]).toEqual([[], []]);
  });

  it("stops at a loss that is not finite and says where", async () => {
    const { values } = original.parameters().find((one) => one.name === "inputWeight")!;
    const kept = values[0];
    values[0] = NaN;
    try {
      await expect(unlearn({ select: "last" })).rejects.toThrow(core.NumericalError);
      await expect(unlearn({ select: "last" })).rejects.toThrow(/epoch 1, batch 1/);
    } finally {
      values[0] = kept;
    }
  });

  it("stops by name when it is interrupted, and leaves nothing behind", async () => {
    const { tf } = await engine.tensorEngine();
    const before = [tf.memory().numTensors, engine.liveWorkspaces()];
    core.setCurrentSignal(AbortSignal.abort());
    try {
      await expect(unlearn({})).rejects.toThrow(core.CancelledError);
    } finally {
      core.setCurrentSignal(undefined);
    }
    expect([tf.memory().numTensors, engine.liveWorkspaces()]).toEqual(before);
  });

  it("refuses options it does not know, and a selection without validation sessions", async () => {
    for (const options of [{ learningrate: 1 }, { batchSize: 0 }, { select: "best" }, { validation: null }])
      await expect(unlearn(options)).rejects.toThrow(core.InvalidOptionError);
  });
});

describe("the choices of CAU", () => {
  const once = (options: object) => methods["CAU (paper)"]({ epochs: 1, select: "last", ...options });

  it.each([
    ["without-unlearning", 0],
    ["without-recommendation", 1],
    ["without-kl", 2],
  ])("steps %s, which then has no weight", async (objectives, left) => {
    const { cost, diagnostics } = await once({ objectives });
    expect(diagnostics.steps.every(({ weights }) => weights[left] === 0)).toBe(true);
    expect(diagnostics.steps.some(({ weights }) => weights[(left + 1) % 3] > 0)).toBe(true);
    expect(cost.gradientRows).toBe(2 * count);
  });

  it("stalls in its literal form: every epoch is the original", async () => {
    const { diagnostics, update } = await once({ normalization: "none", inactiveBelow: 0, epochs: 2 });
    expect(diagnostics.steps.every(({ weights }) => weights[2] === 1)).toBe(true);
    expect(update.kind === "model" && bytes(update.model)).toEqual(bytes(original));
  });

  it("weighs equally where there is no solver", async () => {
    const { diagnostics } = await once({ weights: "equal", normalization: "none", inactiveBelow: 0 });
    for (const { weights } of diagnostics.steps) expect(weights).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it("goes from easy batches to hard ones, or back", async () => {
    const difficulties = async (options: object) =>
      (await once(options)).diagnostics.steps.map(({ difficulty }) => difficulty!);
    const hard = await difficulties({ sampling: "hard" });
    expect(hard).toEqual([...hard].sort((a, b) => a - b));
    const reversed = await difficulties({ sampling: "reversed", difficulty: "embedding" });
    expect(reversed).toEqual([...reversed].sort((a, b) => b - a));
  });

  it("needs no difficulty where there is no curriculum", async () => {
    const { cost, diagnostics } = await once({ sampling: "random" });
    expect(diagnostics.steps.map(({ difficulty }) => difficulty)).toEqual(diagnostics.steps.map(() => null));
    expect(Object.keys(cost.seconds)).not.toContain("difficulty");
  });

  it("finds difficulty anew before every epoch where it is told to", async () => {
    const options = { sampling: "hard", epochs: 2, batchSize: 1000, difficulty: "output-layer" };
    const means = async (refresh: boolean) =>
      (await once({ ...options, refresh })).diagnostics.steps.map(({ difficulty }) => difficulty);
    const [fixed, fresh] = [await means(false), await means(true)];
    expect(fixed[0]).toBe(fixed[1]);
    expect(fresh[0]).toBe(fixed[0]);
    expect(fresh[1]).not.toBe(fresh[0]);
  });

  it("drops out while it unlearns where it is told to, the same for all three losses", async () => {
    const options = { dropoutRate: 0.5, embeddingSize: 8, maxLength: 5 };
    const sasrec = models.SessionModel.initialise("sasrec", train.itemCount, options, 1);
    const unlearn = async (dropout: boolean) =>
      (await cau.cau.unlearn(sasrec, request, { ...quick, mode: "paper", select: "last", epochs: 1, dropout }))
        .diagnostics.steps[0];
    expect((await unlearn(false)).gradientNorms[2]).toBe(0);
    expect((await unlearn(true)).gradientNorms[2]).toBeGreaterThan(0); // which hides the stall
  });
});

it("refuses validation sessions that cannot tell where to stop", async () => {
  const validation = data.selectSessions(valid, new Int32Array(0));
  for (const [name, unlearn] of Object.entries(methods))
    await expect(unlearn({ validation }), name).rejects.toThrow(/validation sessions cannot tell/);
});

describe("an operating point", () => {
  it("is the best state among those that keep 92 % of the validation ndcg, or the original", async () => {
    const { diagnostics } = await methods["gradient ascent"]({ epochs: 40, learningRate: 0.02 });
    const points = diagnostics.points as readonly cau.OperatingPoint[];
    expect(points.at(-1)!.drop).toBeGreaterThan(cau.mostDrop); // which ends it
    expect(diagnostics.steps.at(-1)!.epoch).toBe(points.at(-1)!.epoch);
    const allowed = points.filter(({ drop }) => drop <= cau.mostDrop);
    const best = allowed.reduce((most, point) => (point.uScore > most.uScore ? point : most));
    expect(diagnostics.bestEpoch).toBe(best.epoch);
    const { ndcg, recall, uScore, hit, drop } = points[1];
    expect(drop).toBeCloseTo(1 - ndcg / points[0].ndcg, 12);
    const kept = Math.min(1, recall / points[0].recall);
    expect(uScore).toBeCloseTo((2 * kept * (1 - hit)) / (kept + 1 - hit), 12);
  });
});

describe("a first epoch that goes too far", () => {
  const ratesOf = async (outcome: ReturnType<(typeof methods)["gradient ascent"]>) =>
    (await outcome).diagnostics.points.map(({ epoch, learningRate }) => [epoch, learningRate]);

  it.each(Object.entries(methods))(
    "is taken back: %s with half the step is the same as from the start",
    async (_, unlearn) => {
      const tooFar = unlearn({ learningRate: 0.64 });
      const rates = await ratesOf(tooFar);
      const last = rates.at(-1)![1];
      expect(last).toBeLessThan(0.64);
      const tried = rates.filter(([epoch]) => epoch === 1).map(([, rate]) => rate);
      expect(tried).toEqual(tried.map((_, halvings) => 0.64 / 2 ** halvings));
      const direct = unlearn({ learningRate: last });
      expect(bytes(await modelOf(tooFar))).toEqual(bytes(await modelOf(direct)));
      expect((await tooFar).diagnostics.steps).toEqual((await direct).diagnostics.steps);
      expect((await ratesOf(direct)).slice(1)).toEqual(rates.slice(tried.length));
      expect((await tooFar).cost.gradientRows).toBeGreaterThan((await direct).cost.gradientRows); // all tries are paid for
    },
  );

  it("leaves the original where steps of every size go too far", async () => {
    const outcome = methods["gradient ascent"]({ learningRate: 100 });
    expect((await ratesOf(outcome)).map(([epoch]) => epoch)).toEqual([0, 1, 1, 1, 1, 1, 1]);
    expect(bytes(await modelOf(outcome))).toEqual(bytes(original));
  });
});

describe("calibrated forgetting", () => {
  it("ends where what is to be forgotten ranks like what was never seen, and climbs only what ranks better", async () => {
    const { diagnostics, cost } = await methods["CAU (calibrated)"]({ epochs: 20, learningRate: 0.005 });
    const points = diagnostics.points as readonly cau.CalibrationPoint[];
    expect(points[0].gap).toBeGreaterThan(0.05);
    const level = points[0].hit - points[0].gap;
    const ranks = await metrics.candidateRanks(original, metrics.unseenSamples(valid, 1));
    expect(Math.abs(level - metrics.mean(metrics.recallAt(10, ranks.sampled))!)).toBeLessThan(0.2); // that of one draw
    const error = Math.sqrt(level * (1 - level) * (1 / data.sessionCount(valid) + 1 / count));
    for (const point of points.slice(0, -1)) expect(point.gap).toBeGreaterThan(error);
    expect(points.at(-1)!.gap).toBeLessThanOrEqual(error);
    const nearest = points.reduce((best, point) => (Math.abs(point.gap) <= Math.abs(best.gap) ? point : best));
    expect(diagnostics.bestEpoch).toBe(nearest.epoch);
    const climbed = points.slice(0, -1).reduce((sum, { remembered }) => sum + remembered, 0);
    expect(cost.gradientRows).toBe(3 * climbed);
  });

  it("climbs all samples in every epoch where it is told to", async () => {
    const { diagnostics, cost } = await methods["CAU (calibrated)"]({ epochs: 2, learningRate: 0.001, climb: "all" });
    expect(cost.gradientRows).toBe(3 * count * diagnostics.steps.at(-1)!.epoch);
  });
});

describe("what tables and logs say of CAU", () => {
  const { label, facts, history } = cau.cau.description;

  it.each([
    [{}, "CAU (calibrated)"],
    [{ select: "between" }, "CAU (calibrated, stepped back)"],
    [{ mode: "paper" }, "CAU (paper)"],
    [{ mode: "paper", weights: "equal" }, "CAU (paper, w/o Pareto solver)"],
    [{ mode: "paper", weights: "equal", sampling: "random" }, "Fixed weights"],
    [{ mode: "paper", weights: "equal", sampling: "random", objectives: "without-kl" }, "Fixed weights (w/o KL)"],
    [{ weights: "equal", sampling: "random" }, "CAU (calibrated, w/o Pareto solver, w/o curriculum)"],
    [{ difficulty: "output-layer", select: "last" }, "CAU (calibrated, output-layer, last epoch)"],
    [{ mode: "paper", select: "level", climb: "remembered" }, "CAU (paper, to the level, remembered samples)"],
    [{ mode: "paper", inactiveBelow: 0, normalization: "none" }, "CAU (paper, raw gradients, literal)"],
  ])("%j is %s", (options, name) => expect(label(options)).toBe(name));

  const steps = Array.from({ length: 450 }, (_, k) => ({
    ...{ step: k + 1, epoch: 1 + Math.floor(k / 150), difficulty: k % 3 === 0 ? null : k },
    ...{ losses: [k, 0, 1], weights: [k % 2, 1, 0], gradientNorms: [1, 1, 1] },
  }));
  const diagnostics = { steps, bestEpoch: 2, points: [], notForgotten: Int32Array.of(7) };

  it("facts are counts, the epoch that was kept and mean weights", () => {
    expect(facts(diagnostics)).toEqual({
      ...{ steps: 450, epochs: 3, bestEpoch: 2, learningRate: null, eventsNotForgotten: 1 },
      ...{ unlearningWeight: 0.5, recommendationWeight: 1, klWeight: 0 },
    });
  });

  it("a log has every step, or means over stretches where they are many", () => {
    const few = history({ ...diagnostics, steps: steps.slice(0, 200) });
    expect(few.map(({ step, losses }) => [step, losses["unlearning"]])).toEqual(few.map((_, k) => [k + 1, k]));
    expect(few[0].difficulty).toBeNull();
    const many = history(diagnostics);
    expect(many).toHaveLength(150);
    expect(many[1]).toEqual({
      ...{ step: 6, epoch: 1, losses: { unlearning: 4, recommendation: 0, kl: 1 }, difficulty: 4.5 },
      weights: { unlearning: 2 / 3, recommendation: 1, kl: 0 },
    });
    expect(history({ ...diagnostics, steps: [] })).toEqual([]);
  });
});

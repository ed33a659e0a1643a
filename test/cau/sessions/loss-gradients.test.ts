import * as cau from "recsys-unlearning/cau";
import * as core from "recsys-unlearning/core";
import * as data from "recsys-unlearning/data";
import * as engine from "recsys-unlearning/engine";
import * as models from "recsys-unlearning/models";
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { JointDescent } from "../../../lib/cau/sessions/joint-descent";

const [samples, classes, width] = [5, 7, 3];
const random = core.Random.fromSeed(3);
const normal = (length: number) => Array.from({ length }, () => random.normal());

/** What the losses depend on; the last two samples have no next item. */
const given = {
  states: normal(samples * width),
  weight: normal(classes * width),
  bias: normal(classes),
};
const original = { states: normal(samples * width), weight: normal(classes * width), bias: normal(classes) };
const [target, next] = [
  [2, 0, 6, 6, 3],
  [1, 4, 6],
];

type Numbers = typeof given;

function probabilities({ states, weight, bias }: Numbers, sample: number): number[] {
  const logits = bias.map((b, c) => {
    let sum = b;
    for (let j = 0; j < width; j++) sum += states[sample * width + j] * weight[c * width + j];
    return sum;
  });
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** Equation 1, spelt out in float64. */
function spelledOut(now: Numbers): number[] {
  const losses = [0, 0, 0];
  for (let k = 0; k < samples; k++) {
    const [p, q] = [probabilities(now, k), probabilities(original, k)];
    losses[0] += Math.log(p[target[k]]) / samples;
    if (k < next.length) losses[1] -= Math.log(p[next[k]]) / samples;
    losses[2] += q.reduce((sum, value, c) => sum + value * Math.log(value / p[c]), 0) / samples;
  }
  return losses;
}

describe("the three losses and their gradients", () => {
  it("are those that brute force and finite differences give, also where no sample has a next item", async () => {
    const tensorEngine = await engine.tensorEngine();
    const { tf } = tensorEngine;
    const pass = ({ states, weight, bias }: Numbers) => ({
      states: tf.tensor2d(states, [samples, width]),
      layer: { weight: tf.tensor2d(weight, [classes, width]), bias: tf.tensor1d(bias) },
    });
    const of = (nexts: number[]) =>
      tf.tidy(() => {
        const targets = tf.tensor1d(target, "int32");
        const { losses, gradients } = cau.lossGradients(
          tensorEngine,
          pass(given),
          cau.originalOutput(tensorEngine, pass(original), targets),
          targets,
          tf.tensor1d(nexts, "int32"),
        );
        const read = (tensor: Tensor) => [...tensor.dataSync()];
        return {
          losses: read(losses),
          gradients: gradients.map(({ states, weight, bias }) => ({
            states: read(states),
            weight: read(weight),
            bias: read(bias),
          })),
        };
      });
    const { losses, gradients } = of(next);
    spelledOut(given).forEach((loss, n) => expect(losses[n]).toBeCloseTo(loss, 5));
    const h = 1e-5;
    for (const part of ["states", "weight", "bias"] as const)
      given[part].forEach((value, at) => {
        const moved = (step: number) =>
          spelledOut({ ...given, [part]: given[part].map((old, k) => (k === at ? value + step : old)) });
        const [up, down] = [moved(h), moved(-h)];
        for (const n of [0, 1, 2]) expect(gradients[n][part][at]).toBeCloseTo((up[n] - down[n]) / (2 * h), 4);
      });
    const alone = of([]);
    expect(alone.losses[1]).toBeCloseTo(0, 12);
    expect(Math.max(...Object.values(alone.gradients[1]).flat().map(Math.abs))).toBe(0);
    expect(alone.gradients[0].weight).toEqual(gradients[0].weight.map((g) => expect.closeTo(g, 5)));
  });
});

const sessions = data.toSessions(
  data.generateInteractions({ userCount: 40, itemCount: 20, interactionsPerUser: 8, sessionLength: 8 }),
);
const forget = data.forgetSamples(sessions, data.sessionItemRows(sessions, 0.5, 1));
const small = { embeddingSize: 6, maxLength: 5 };
const step = { ...cau.paretoDefaults, tasks: [0, 1, 2], learningRate: 0.05, dropout: false, seed: 1 };

/** The gradients of the three losses by plain automatic derivatives of everything, and their inner products. */
async function plainGram(model: models.SessionModel, held: models.SessionModel): Promise<Float64Array> {
  const tensorEngine = await engine.tensorEngine();
  const { tf } = tensorEngine;
  const { form } = model;
  const classesOf = (items: Int32Array) => tf.tensor1d(items.map((item) => models.classOfItem(form, item)), "int32"); // prettier-ignore
  const upload = (of: models.SessionModel) => of.parameters().map(({ shape, values }) => tf.tensor(values.slice(), [...shape])); // prettier-ignore
  const logProbabilities = (of: models.SessionModel, tensors: readonly Tensor[]) =>
    tensorEngine.logSoftmax(
      models.sessionLogits({
        form,
        engine: tensorEngine,
        tensors: Object.fromEntries(of.parameters().map(({ name }, n) => [name, tensors[n]])),
        input: models.nextInput(form, forget),
      }),
    );
  const { next: following } = forget;
  const at = (logs: Tensor2D, items: Int32Array) =>
    tf.sum(tf.mul(logs, tf.oneHot(classesOf(items) as Tensor1D, logs.shape[1])), 1);
  const mask = tf.tensor1d([...following].map((item) => Number(item >= 0)));
  const q = tf.tidy(() => logProbabilities(held, upload(held)));
  const losses: ((logs: Tensor2D) => Tensor)[] = [
    (logs) => tf.mean(at(logs, forget.target)),
    (logs) => tf.neg(tf.mean(tf.mul(mask, at(logs, following.map((item) => Math.max(item, 0)))))), // prettier-ignore
    (logs) => tf.mean(tf.sum(tf.mul(tf.exp(q), tf.sub(q, logs)), 1)),
  ];
  const gradients = losses.map((loss) =>
    tf.tidy(() =>
      tf
        .grads((...tensors) => loss(logProbabilities(model, tensors)) as Scalar)(upload(model))
        .flatMap((gradient) => [...gradient.dataSync()]),
    ),
  );
  tf.dispose([q, mask]);
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return Float64Array.from(gradients.flatMap((a) => gradients.map((b) => dot(a, b))));
}

describe("a step along the three losses", () => {
  const cases = [
    ["gru4rec", {}],
    ["gru4rec", { paddingClass: false }],
    ["sasrec", {}],
    ["sasrec", { tiedOutput: true }],
    ["bert4rec", { layerCount: 1, headCount: 2 }],
  ] as const;
  it.each(cases)("weighs the gradients that automatic derivatives give: %s %j", async (kind, more) => {
    const model = models.SessionModel.initialise(kind, 20, { ...small, ...more, initialDeviation: 0.5 }, 2);
    const all = Int32Array.from(forget.target.keys());
    const { tf } = await engine.tensorEngine();
    const before = tf.memory().numTensors;
    const descent = await JointDescent.from(model, forget, step);
    try {
      const first = descent.step(all, "first");
      const atStart = await plainGram(model, model);
      expect(first.gradientNorms[2] / first.gradientNorms[0]).toBeLessThan(1e-5); // the KL loss is at its minimum
      for (const n of [0, 1]) expect(first.gradientNorms[n] / Math.sqrt(atStart[4 * n])).toBeCloseTo(1, 4);
      const moved = descent.model();
      const gram = await plainGram(moved, model);
      const second = descent.step(all, "second");
      for (const n of [0, 1, 2]) expect(second.gradientNorms[n] / Math.sqrt(gram[4 * n])).toBeCloseTo(1, 3);
      cau.paretoStep(gram).weights.forEach((weight, n) => expect(second.weights[n]).toBeCloseTo(weight, 3));
    } finally {
      descent.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("is none in its literal form: the KL gradient is zero at the original, and so is the shortest combination", async () => {
    const model = models.SessionModel.initialise("gru4rec", 20, small, 2);
    const moved = async (options: object) => {
      const descent = await JointDescent.from(model, forget, { ...step, ...options });
      for (const n of [1, 2, 3]) descent.step(Int32Array.from(forget.target.keys()), `step ${n}`);
      const after = descent.model();
      descent.dispose();
      const change = after.parameters().map(({ values }, n) => {
        const before = model.parameters()[n].values;
        return values.reduce((most, value, k) => Math.max(most, Math.abs(value - before[k])), 0);
      });
      return Math.max(...change);
    };
    expect(await moved({ normalization: "none", inactiveBelow: 0 })).toBeLessThan(1e-3);
    expect(await moved({})).toBeGreaterThan(0.05);
  });
});

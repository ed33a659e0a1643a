import type { Scalar } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { embeddingDifficulty, gradientDifficulty, outputLayerDifficulty } from "../../../lib/cau";
import { type ForgetSamples } from "../../../lib/data";
import { InvalidArgumentError, InvalidOptionError, Random } from "../../../lib/core";
import { tensorEngine } from "../../../lib/engine";
import { nextInput, sessionLogits, sessionLoss, SessionModel, type SessionModelKind } from "../../../lib/models";

const itemCount = 12;
const small = { embeddingSize: 4, maxLength: 5, initialDeviation: 0.5 };

/**
 * Histories of 1, 3, 5, 7 and 4 items; with repeats, without a next item, with the target read before, with target and
 * next alike.
 */
const item = Int32Array.of(3, 1, 2, 1, 5, 5, 6, 5, 7, 0, 1, 2, 3, 4, 5, 6, 11, 9, 11, 2);
const samples: ForgetSamples = {
  item,
  start: Int32Array.of(0, 1, 4, 9, 16),
  end: Int32Array.of(1, 4, 9, 16, 20),
  target: Int32Array.of(2, 4, 5, 7, 3),
  next: Int32Array.of(5, 1, -1, 8, 3),
};

/** A model whose every parameter counts: gains and biases away from their start too. */
function randomModel(kind: SessionModelKind, options: object, seed: number): SessionModel {
  const model = SessionModel.initialise(kind, itemCount, { ...small, ...options }, seed);
  const random = Random.derive(seed, "test");
  return model.withParameters(
    new Map(model.parameters().map(({ name, values }) => [name, values.map((value) => value + 0.3 * random.normal())])),
  );
}

/** The gradient of a loss by all parameters, one sample alone, by ordinary automatic differentiation. */
async function gradientOf(model: SessionModel, lossOf: (pass: Parameters<typeof sessionLoss>[0]) => Scalar, k: number) {
  const engine = await tensorEngine();
  const { tf } = engine;
  const variables = model.parameters().map(({ shape, values }) => tf.variable(tf.tensor(values.slice(), [...shape])));
  const tensors = Object.fromEntries(model.parameters().map(({ name }, n) => [name, variables[n]]));
  const one = { item, start: samples.start.subarray(k, k + 1), end: samples.end.subarray(k, k + 1) };
  const pass = { form: model.form, engine, tensors, input: nextInput(model.form, one) };
  const { value, grads } = tf.variableGrads(() => lossOf(pass), variables);
  const gradient = variables.flatMap(({ name }) => [...grads[name].dataSync<"float32">()]);
  tf.dispose([value, grads, variables]);
  return gradient;
}

/** -cos of the two gradients, each spelt out. */
async function bruteForce(model: SessionModel, original: SessionModel, k: number): Promise<number> {
  const { tf, logSoftmax } = await tensorEngine();
  const uploaded = await original.upload();
  const [target, next] = [samples.target, samples.next].map((column) => column.subarray(k, k + 1));
  const forget = await gradientOf(model, (pass) => tf.neg(sessionLoss(pass, target)), k);
  const keep = await gradientOf(
    model,
    (pass) => {
      const before = logSoftmax(sessionLogits({ ...uploaded, input: pass.input }));
      const divergence = tf.sum(tf.mul(tf.exp(before), tf.sub(before, logSoftmax(sessionLogits(pass)))));
      return next[0] < 0 ? divergence.asScalar() : tf.add(sessionLoss(pass, next), divergence);
    },
    k,
  );
  uploaded.dispose();
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, n) => sum + value * b[n], 0);
  return -dot(forget, keep) / Math.sqrt(dot(forget, forget) * dot(keep, keep));
}

describe("gradient difficulty over all parameters", () => {
  it.each([
    ["gru4rec", {}],
    ["gru4rec", { skipPadding: true, paddingClass: false }],
    ["gru4rec", { tiedOutput: true }],
    ["sasrec", {}],
    ["sasrec", { headCount: 2, normaliseKeys: true, hidePadding: true, paddingClass: false }],
    ["sasrec", { tiedOutput: true, paddingClass: false }],
    ["bert4rec", { hiddenSize: 6 }],
    ["bert4rec", { headCount: 1, finalNorm: true, paddingClass: false }],
    ["bert4rec", { tiedOutput: true, layerCount: 1 }],
  ] as const)("is that of gradients spelt out, sample by sample: %s %j", async (kind, options) => {
    const [model, original] = [randomModel(kind, options, 1), randomModel(kind, options, 2)];
    const difficulty = await gradientDifficulty(model, samples, original);
    for (let k = 0; k < difficulty.length; k++)
      expect(difficulty[k]).toBeCloseTo(await bruteForce(model, original, k), 4);
    const atOriginal = await gradientDifficulty(model, samples);
    for (const k of [0, 1, 3, 4]) expect(atOriginal[k]).toBeCloseTo(await bruteForce(model, model, k), 4);
    expect(Math.abs(atOriginal[2])).toBe(0); // no next item, and the KL gradient is 0
    expect(atOriginal[4]).toBeCloseTo(1, 6); // what is to be predicted is what is to be forgotten
  });

  it("leaves no tensors behind, and knows its items", async () => {
    const { tf } = await tensorEngine();
    const model = randomModel("sasrec", {}, 3);
    await gradientDifficulty(model, samples);
    const { numTensors } = tf.memory();
    await gradientDifficulty(model, samples, randomModel("sasrec", {}, 4));
    expect(tf.memory().numTensors).toBe(numTensors);
    const strange = { ...samples, next: samples.next.map(() => itemCount) };
    await expect(gradientDifficulty(model, strange)).rejects.toThrow(InvalidArgumentError);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("differs from that over the output layer", async () => {
    const model = randomModel("gru4rec", {}, 5);
    const [all, layer] = [await gradientDifficulty(model, samples), await outputLayerDifficulty(model, samples)];
    expect(Math.abs(all[0] - layer[0])).toBeGreaterThan(0.01);
  });
});

describe("embedding difficulty", () => {
  it.each([
    ["gru4rec", {}],
    ["sasrec", { paddingClass: false }],
    ["bert4rec", { tiedOutput: true }],
  ] as const)("is the score of the item to forget without its bias: %s %j", async (kind, options) => {
    const model = randomModel(kind, options, 6);
    const [difficulty, scores] = [await embeddingDifficulty(model, samples), await model.scores(samples)];
    samples.target.forEach((target, k) =>
      expect(difficulty[k]).toBeCloseTo(scores[k * itemCount + target] - model.itemRows().bias[target], 4),
    );
    const byInput = await embeddingDifficulty(model, samples, "input");
    if (options && "tiedOutput" in options) expect(byInput).toEqual(difficulty);
    else expect(byInput[0]).not.toBeCloseTo(difficulty[0], 2);
  });

  it("refuses another table", async () => {
    const model = randomModel("gru4rec", {}, 1);
    await expect(embeddingDifficulty(model, samples, "both" as "input")).rejects.toThrow(InvalidOptionError);
  });
});

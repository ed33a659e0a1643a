import { core, engine, models } from "recsys-unlearning";
import { describe, expect, it } from "vitest";
import { describeSessionModel } from "../../contracts/session-model";

describeSessionModel("gru4rec");
describeSessionModel("sasrec");
describeSessionModel("bert4rec", { headCount: 2, hiddenSize: 32, epochs: 3 });

const itemCount = 30;
const mask = itemCount + 1;
const small = { embeddingSize: 8, maxLength: 5, initialDeviation: 0.5 };

/** The states at some places of one row of tokens. */
async function statesAt(model: models.SessionModel, tokens: number[], places: number[]): Promise<number[][]> {
  const tensorEngine = await engine.tensorEngine();
  const { tf } = tensorEngine;
  const flat = tf.tidy(() => {
    const tensors = model
      .parameters()
      .map(({ name, shape, values }) => [name, tf.tensor(values.slice(), [...shape])] as const);
    const input = { tokens: Int32Array.from(tokens), places: Int32Array.from(places) };
    const pass = { form: model.form, engine: tensorEngine, tensors: Object.fromEntries(tensors), input };
    return [...models.sessionStates(pass).dataSync()];
  });
  return places.map((_, n) => flat.slice(n * small.embeddingSize, (n + 1) * small.embeddingSize));
}

/** The same model with random values for what is read at padding. */
function withOtherPadding(model: models.SessionModel): models.SessionModel {
  const { values } = model.parameters().find(({ name }) => name === "itemEmbedding")!;
  const changed = values.slice();
  changed.fill(3, 0, small.embeddingSize);
  return model.withParameters(new Map([["itemEmbedding", changed]]));
}

function close(a: number[][], b: number[][]): void {
  a.flat().forEach((value, k) => expect(value).toBeCloseTo(b.flat()[k], 5));
}

describe.each(["gru4rec", "sasrec"] as const)("%s", (kind) => {
  const model = models.SessionModel.initialise(kind, itemCount, small);

  it("does not see the future", async () => {
    const [before, after] = [
      await statesAt(model, [0, 4, 9, 2, 7], [1, 2]),
      await statesAt(model, [0, 4, 9, 30, 1], [1, 2]),
    ];
    expect(after).toEqual(before);
    expect(await statesAt(model, [0, 4, 8, 2, 7], [2])).not.toEqual(before.slice(1));
  });

  it("never reads the padding token's embedding", async () => {
    const tokens = [0, 0, 9, 2, 7];
    close(await statesAt(withOtherPadding(model), tokens, [2, 4]), await statesAt(model, tokens, [2, 4]));
  });
});

describe("padding", () => {
  /** States of one history for two lengths of rows. */
  async function atTwoLengths(kind: models.SessionModelKind, options: object): Promise<[number[][], number[][]]> {
    const long = models.SessionModel.initialise(kind, itemCount, { ...small, ...options, maxLength: 8 });
    const values = new Map(long.parameters().map((parameter) => [parameter.name, parameter.values]));
    const positions = values.get("positionEmbedding");
    if (positions !== undefined) values.set("positionEmbedding", positions.slice(3 * small.embeddingSize));
    const form = models.sessionModelForm(kind, itemCount, { ...small, ...options });
    const short = new models.SessionModel(form, values);
    return [await statesAt(short, [0, 0, 9, 2, 7], [4]), await statesAt(long, [0, 0, 0, 0, 0, 9, 2, 7], [7])];
  }

  it.each([
    ["gru4rec", { skipPadding: true }],
    ["sasrec", { hidePadding: true }],
    ["sasrec", { hidePadding: true, normaliseKeys: true, headCount: 2 }],
    ["bert4rec", {}],
  ] as const)("of any length changes nothing: %s %j", async (kind, options) => {
    const [short, long] = await atTwoLengths(kind, options);
    close(short, long);
  });

  it.each(["gru4rec", "sasrec"] as const)("counts in the release's form of %s", async (kind) => {
    const [short, long] = await atTwoLengths(kind, {});
    expect(Math.max(...short[0].map((value, k) => Math.abs(value - long[0][k])))).toBeGreaterThan(1e-3);
  });
});

describe("bert4rec", () => {
  const model = models.SessionModel.initialise("bert4rec", itemCount, { ...small, headCount: 2, finalNorm: true });

  it("sees both ways, but no padding", async () => {
    const before = await statesAt(model, [0, 4, mask, 2, 7], [2]);
    expect(await statesAt(model, [0, 4, mask, 2, 8], [2])).not.toEqual(before);
    close(await statesAt(withOtherPadding(model), [0, 4, mask, 2, 7], [2]), before);
  });

  it("asks by a masked place at the end, which holds nothing of the target", () => {
    const samples = { item: Int32Array.of(5, 6, 7), start: Int32Array.of(0, 0), end: Int32Array.of(2, 1) };
    const { tokens, places } = models.nextInput(model.form, samples);
    expect([...tokens]).toEqual([0, 0, 6, 7, mask, 0, 0, 0, 6, mask]);
    expect([...places]).toEqual([4, 9]);
  });
});

describe("options", () => {
  it.each([
    ["gru4rec", { embeddingsize: 3 }, /embeddingSize/],
    ["sasrec", { headCount: 3 }, /embeddingSize \/ headCount/],
    ["bert4rec", { dropoutRate: 1 }, /dropoutRate/],
    ["bert4rec", { maxLength: 1 }, /maxLength/],
    ["caser" as "sasrec", {}, /no session model "caser"/],
  ] as const)("of %s are checked: %j", (kind, options, message) => {
    expect(() => models.SessionModel.initialise(kind, 10, options as object)).toThrow(message);
  });

  it("a model's parameters must fit its form", () => {
    const { form } = models.SessionModel.initialise("gru4rec", 10, small);
    expect(() => new models.SessionModel(form, new Map())).toThrow(core.InvalidArgumentError);
  });
});

describe("Dropout", () => {
  it("zeroes the share it is told, keeps the mean, and depends on its seed alone", async () => {
    const { tf } = await engine.tensorEngine();
    const masks = [1, 1, 2].map((seed) =>
      tf.tidy(() => [...new models.Dropout(tf, core.Random.fromSeed(seed)).apply(tf.ones([20_000]), 0.3).dataSync()]),
    );
    expect(masks[0].filter((value) => value === 0).length / 20_000).toBeCloseTo(0.3, 1.9);
    expect(new Set(masks[0])).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(masks[1]).toEqual(masks[0]);
    expect(masks[2]).not.toEqual(masks[0]);
  });
});

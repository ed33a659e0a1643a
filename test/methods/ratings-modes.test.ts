import { describe, expect, it } from "vitest";
import { gradientAscent, recEraser, recEraserLightGcn, scif, sisa, sisaLightGcn } from "recsys-unlearning/baselines";
import { cauMf } from "recsys-unlearning/cau";
import { generateInteractions, ifruSplit, type Interactions } from "recsys-unlearning/data";
import { ifru, ifruLightGcn, ifruNeuralMf } from "recsys-unlearning/ifru";
import type { ReplaceableParameters } from "recsys-unlearning/models";
import { builtInParts } from "recsys-unlearning/reproduction";
import { applyUpdate, fitLightGcn, fitMf, fitNeuralMf, type ModelUpdate } from "recsys-unlearning/training";

const generated = generateInteractions({ userCount: 200, itemCount: 80, interactionsPerUser: 40, noise: 0.3 });
const split = ifruSplit(generated, { forgetFraction: 0.05 });
const { train, valid: validation, forgetRows } = split;
const request = { name: "5%", train, forgetRows };
const fitted = { embeddingSize: 8, batchSize: 512, learningRate: 0.01, epochs: 8, seed: 3 };
const mf = (async () => (await fitMf(train, validation, fitted)).model)();
const lightgcn = (async () => (await fitLightGcn(train, validation, fitted)).model)();
const neuralMf = (async () => (await fitNeuralMf(train, validation, { ...fitted, hiddenSize: 8 })).model)();
const modes = ["principled", "paper"] as const;

interface Scoring {
  score(user: Int32Array, item: Int32Array): Float32Array;
}

/** What a model says, to the bit: of every kind of model and of ensembles. */
function said(model: Scoring): string {
  return Buffer.from(model.score(train.user, train.item).slice().buffer).toString("base64");
}

/** The answer of a method that starts from a model. */
async function changed<M extends ReplaceableParameters<M> & Scoring>(
  original: Promise<M>,
  answer: (model: M) => Promise<{ readonly update: ModelUpdate<M> }>,
): Promise<string> {
  const model = await original;
  return said(applyUpdate(model, (await answer(model)).update));
}

/** The answer of a method that trains shards. */
type Sharded = {
  prepare(original: never, train: Interactions, options: object): Promise<{ readonly model: object }>;
  unlearn(
    model: never,
    asked: typeof request,
    options: object,
    prepared: never,
  ): Promise<{
    readonly diagnostics: {
      readonly prepared: { readonly model: Scoring };
    };
  }>;
};
async function fromShards(method: Sharded, original: Promise<object>, mode: string): Promise<string> {
  const options = { mode, shards: 2, training: { ...fitted, epochs: 3 }, validation, attention: { epochs: 2 } };
  const prepared = await method.prepare((await original) as never, train, options);
  const { diagnostics } = await method.unlearn(prepared.model as never, request, options, prepared as never);
  return said(diagnostics.prepared.model);
}

/** By the names that experiments have for them. */
const methods: Readonly<Record<string, Readonly<Record<string, () => Promise<string>>>>> = {
  ifru: {
    "MF, principled": () => changed(mf, (model) => ifru.unlearn(model, request, { damping: 1e-3 })),
    "MF, paper": () => changed(mf, (model) => ifru.unlearn(model, request, { mode: "paper", validation })),
    "LightGCN, principled": () => changed(lightgcn, (model) => ifruLightGcn.unlearn(model, request, { damping: 1e-3 })),
    "LightGCN, paper": () =>
      changed(lightgcn, (model) => ifruLightGcn.unlearn(model, request, { mode: "paper", validation })),
    "neural MF": () => changed(neuralMf, (model) => ifruNeuralMf.unlearn(model, request, { damping: 1e-1 })),
  },
  scif: {
    principled: () => changed(mf, (model) => scif.unlearn(model, request)),
    paper: () => changed(mf, (model) => scif.unlearn(model, request, { mode: "paper", validation })),
  },
  "gradient-ascent": {
    principled: () => changed(mf, (model) => gradientAscent.unlearn(model, request, { lossRise: 0.1 })),
  },
  "cau-mf": { "": () => changed(mf, (model) => cauMf.unlearn(model, request, { lossRise: 0.1 })) },
  sisa: Object.fromEntries(
    modes.flatMap((mode) => [
      [`MF, ${mode}`, () => fromShards(sisa as unknown as Sharded, mf, mode)],
      [`LightGCN, ${mode}`, () => fromShards(sisaLightGcn as unknown as Sharded, lightgcn, mode)],
    ]),
  ),
  receraser: Object.fromEntries(
    modes.flatMap((mode) => [
      [`MF, ${mode}`, () => fromShards(recEraser as unknown as Sharded, mf, mode)],
      [`LightGCN, ${mode}`, () => fromShards(recEraserLightGcn as unknown as Sharded, lightgcn, mode)],
    ]),
  ),
};

const climb = async (mode: "paper" | "principled", extra: object = {}) => {
  const model = await mf;
  const { update, diagnostics } = await gradientAscent.unlearn(model, request, { mode, validation, ...extra });
  return { after: said(applyUpdate(model, update)), bestStep: diagnostics.bestStep };
};

describe("methods on ratings", () => {
  it("are all here", () => {
    // Estimates of influence answer no request, margins are of many models, fine-tuning forgets nothing, and a method
    // in batches is the method
    const serving = /-(calibration|shards|influence|retrainings|in-batches)$|^margin|^fine-tuning$/;
    const known = Object.keys(builtInParts.methods).filter((name) => {
      const { backbones } = builtInParts.methods[name];
      return backbones !== "all" && backbones.includes("mf") && !serving.test(name);
    });
    expect(Object.keys(methods).sort()).toEqual(known.sort());
  });

  it("give other scores each, and so do modes that claim to differ", async () => {
    const names = new Map<string, string>();
    for (const [name, forms] of Object.entries(methods))
      for (const [form, answer] of Object.entries(forms)) {
        const after = await answer();
        expect(names.get(after), `${name} (${form}) gives what another gives`).toBeUndefined();
        names.set(after, `${name} (${form})`);
      }
  }, 60_000);

  it("include gradient ascent, whose modes walk one path: they coincide where both keep the same step", async () => {
    const paper = await climb("paper");
    const low = await climb("principled", { lossRise: 0.1 });
    expect(low.bestStep).toBeLessThan(paper.bestStep);
    expect(low.after).not.toBe(paper.after);
    const asFar = await climb("principled", { lossRise: 100, steps: paper.bestStep });
    expect(asFar.bestStep).toBe(paper.bestStep);
    expect(asFar.after).toBe(paper.after);
  });
});

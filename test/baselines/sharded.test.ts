import { describe, expect, it } from "vitest";
import { recEraser, recEraserLightGcn, retrain, sisa, sisaLightGcn, type SisaOptions } from "../../lib/baselines";
import type { ShardedPrepared } from "../../lib/baselines";
import { InvalidOptionError } from "../../lib/core";
import { generateInteractions, type IfruSplit, ifruSplit, selectRows, userRows } from "../../lib/data";
import { type Ensemble, InteractionGraph, type LightGcn, type Mf } from "../../lib/models";
import { applyUpdate, fitLightGcn, fitMf, type FitMfOptions } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 8, learningRate: 1e-2, batchSize: 256, initialDeviation: 0.05, patience: 4, seed: 3 };
const attention = { epochs: 8, patience: 3, batchSize: 512, learningRate: 5e-3 };
let prepared: ShardedPrepared<Mf>;

const original = async (split: IfruSplit): Promise<Mf> => (await fitMf(split.train, split.valid, training)).model;

describeMethod<Ensemble<Mf>>("sisa, two shards of two slices", {
  retainOnly: true,
  async original(split) {
    const options = { shards: 2, slices: 2, training, validation: split.valid };
    prepared = await sisa.prepare(await original(split), split.train, options);
    return prepared.model;
  },
  prepare: async (_ensemble, split) => (of, request, extra) =>
    sisa.unlearn(of, request, { shards: 2, slices: 2, training, validation: split.valid, ...extra }, prepared),
});

describeMethod<Ensemble<Mf>>("recEraser", {
  retainOnly: true,
  async original(split) {
    const options = { shards: 2, training, attention, validation: split.valid };
    prepared = await recEraser.prepare(await original(split), split.train, options);
    return prepared.model;
  },
  prepare: async (_ensemble, split) => (of, request, extra) =>
    recEraser.unlearn(of, request, { shards: 2, training, attention, validation: split.valid, ...extra }, prepared),
});

const graphTraining = { ...training, learningRate: 2e-2 };
let preparedGraphs: ShardedPrepared<LightGcn>;

describeMethod<Ensemble<LightGcn>>("recEraser of lightgcn", {
  retainOnly: true,
  async original(split) {
    const { model } = await fitLightGcn(split.train, split.valid, graphTraining);
    const options = { shards: 2, training: graphTraining, attention, validation: split.valid };
    preparedGraphs = await recEraserLightGcn.prepare(model, split.train, options);
    return preparedGraphs.model;
  },
  prepare: async (_ensemble, split) => (of, request, extra) =>
    recEraserLightGcn.unlearn(
      of,
      request,
      { shards: 2, training: graphTraining, attention, validation: split.valid, ...extra },
      preparedGraphs,
    ),
});

const split = ifruSplit(generateInteractions({ userCount: 120, itemCount: 60, interactionsPerUser: 30, noise: 0.3 }));
const base = { training, attention, validation: split.valid };
const request = (forgetRows: Int32Array) => ({ name: "test", train: split.train, forgetRows });
const bytes = (model: Mf) => [...model.userEmbedding, ...model.itemEmbedding];

describe("sisa", () => {
  it("with one shard and one slice is Retrain, to the bit", async () => {
    const options: Partial<SisaOptions<FitMfOptions>> = { ...base, shards: 1 };
    const model = await original(split);
    const ready = await sisa.prepare(model, split.train, options);
    expect(bytes(ready.model.members[0])).toEqual(bytes(model));
    const forget = request(split.forgetRows);
    const forgotten = await sisa.unlearn(model, forget, options, ready);
    const retrained = await retrain.unlearn(model, forget, { ...training, validation: split.valid });
    const reference = applyUpdate(model, retrained.update);
    const { members } = forgotten.diagnostics.prepared.model;
    expect(bytes(members[0])).toEqual(bytes(reference));
    const { user, item } = split.test;
    expect(forgotten.diagnostics.prepared.model.score(user, item)).toEqual(reference.score(user, item));
    expect(forgotten.cost.gradientRows).toBe(retrained.cost.gradientRows);
  });

  it("with one shard and one slice is LightGCN's retraining, to the bit", async () => {
    const options = { ...base, shards: 1 };
    const ready = await sisaLightGcn.prepare(await original(split), split.train, options);
    const { model }: { model: LightGcn } = await fitLightGcn(split.train, split.valid, training);
    expect(ready.model.members[0].nodeEmbedding).toEqual(model.nodeEmbedding);
  });

  it("gives a shard its share of a batch, or whole batches as released", async () => {
    const steps = async (batches: "share" | "whole") => {
      const options = { ...base, shards: 4, batches, training: { ...training, epochs: 1 } };
      const { model } = await sisa.prepare(await original(split), split.train, options);
      const rows = selectRows(split.train, (await sisa.prepare(model, split.train, options)).shards[2].slices[0]);
      const batchSize = batches === "whole" ? training.batchSize : training.batchSize / 4;
      const alone = await fitMf(rows, split.valid, { ...training, epochs: 1, batchSize, seed: training.seed + 2 });
      expect(bytes(model.members[2])).toEqual(bytes(alone.model));
    };
    await steps("share");
    await steps("whole");
  });

  it("trains only touched shards again, from the first touched slice", async () => {
    const options = { ...base, shards: 4, slices: 3 };
    const ready = await sisa.prepare(await original(split), split.train, options);
    const last = ready.shards[2].slices[2];
    const { diagnostics } = await sisa.unlearn(ready.model, request(last.slice(0, 1)), options, ready);
    expect(diagnostics.retrainedShards).toEqual([2]);
    const after = diagnostics.prepared;
    for (const k of [0, 1, 3]) expect(after.shards[k].models).toBe(ready.shards[k].models);
    expect(after.shards[2].models.slice(0, 2)).toEqual(ready.shards[2].models.slice(0, 2));
    expect(bytes(after.shards[2].models[2])).not.toEqual(bytes(ready.shards[2].models[2]));
    // The next request starts from there: forgetting the same row again does nothing.
    const again = await sisa.unlearn(ready.model, request(last.slice(0, 1)), options, after);
    expect(again.diagnostics.retrainedShards).toEqual([]);
    expect(applyUpdate(ready.model, again.update)).toBe(after.model);
  });

  it("trains all shards again in paper mode, over learned attention", async () => {
    const options = { ...base, mode: "paper", shards: 3 } as const;
    const ready = await sisa.prepare(await original(split), split.train, options);
    expect(ready.model.attention).not.toBeNull();
    const one = request(ready.shards[0].slices[0].slice(0, 1));
    const { diagnostics } = await sisa.unlearn(ready.model, one, options, ready);
    expect(diagnostics.retrainedShards).toEqual([0, 1, 2]);
    expect(diagnostics.attentionEpochs).toBeGreaterThan(0);
    expect(bytes(diagnostics.prepared.model.members[1])).toEqual(bytes(ready.model.members[1]));
  });
});

describe("recEraser", () => {
  it("of lightgcn trains every shard over the graph of its own rows", async () => {
    const { model } = await fitLightGcn(split.train, split.valid, graphTraining);
    const options = { ...base, training: graphTraining, shards: 3 };
    const ready = await recEraserLightGcn.prepare(model, split.train, options);
    const { shards, model: ensemble } = ready;
    shards.forEach(({ slices }, k) => {
      const own = InteractionGraph.of(selectRows(split.train, slices[0]));
      expect(ensemble.members[k].graph.edgeUser).toEqual(own.edgeUser);
      expect(ensemble.members[k].graph.edgeItem).toEqual(own.edgeItem);
    });
    const gone = request(shards[1].slices[0].slice(0, 2));
    const { diagnostics } = await recEraserLightGcn.unlearn(ensemble, gone, options, ready);
    expect(diagnostics.retrainedShards).toEqual([1]);
    const left = selectRows(split.train, shards[1].slices[0].slice(2));
    expect(diagnostics.prepared.model.members[1].graph.edgeUser).toEqual(InteractionGraph.of(left).edgeUser);
  });

  it("by user touches one shard for one user", async () => {
    const options = { ...base, shards: 3, partition: "user" } as const;
    const model = await original(split);
    const ready = await recEraser.prepare(model, split.train, options);
    const { diagnostics } = await recEraser.unlearn(ready.model, request(userRows(split.train, 5)), options, ready);
    expect(diagnostics.retrainedShards).toHaveLength(1);
  });

  it("in paper mode has the release's scalar centroids, which are not the means", async () => {
    const model = await original(split);
    const shards = async (options: object) =>
      (await recEraser.prepare(model, split.train, { ...base, shards: 3, ...options })).shards.map(
        ({ slices }) => slices,
      );
    const quick = { training: { ...training, epochs: 1 }, attention: { ...attention, epochs: 1 } };
    const paper = await shards({ ...quick, mode: "paper" });
    expect(paper).toEqual(await shards({ ...quick, centroids: "scalar" }));
    expect(paper).not.toEqual(await shards(quick));
  });
});

describe("methods that train shards", () => {
  it.each([
    [{}, undefined, /shards are trained before[^]*prepare\(original/],
    [{ shards: 0 }, undefined, /"shards" is 0/],
    [{ agregation: "mean" }, undefined, /did you mean "aggregation"/],
    [{ retrains: "some" }, undefined, /"retrains" is "some"/],
  ])("refuse %j by name and remedy", async (options, ready, message) => {
    const attempt = sisa.unlearn(
      await original(split),
      request(split.forgetRows),
      { ...base, ...(options as object) },
      ready,
    );
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toThrow(message);
  });

  it("ask for validation rows", async () => {
    await expect(sisa.prepare(await original(split), split.train, { training })).rejects.toThrow(
      /"validation" is missing/,
    );
  });
});

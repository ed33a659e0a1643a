import { describe, expect, it } from "vitest";
import { type PreparedSessionShards, sessionSisa } from "recsys-unlearning/baselines";
import { InvalidOptionError } from "recsys-unlearning/core";
import { prefixSamples, selectSessions, withoutRows } from "recsys-unlearning/data";
import { applyUpdate, fitSessionModel } from "recsys-unlearning/training";
import { bytes, original, request, rowsOf, split, training } from "./small";

const base = { training, validation: split.valid };

describe("SISA over sessions", () => {
  it.each(["gru4rec", "sasrec", "bert4rec"] as const)("of %s with one shard is Retrain, to the bit", async (kind) => {
    const options = { ...base, shards: 1 };
    const model = await original(kind);
    const ready = await sessionSisa.prepare(model, split.train, options);
    expect(bytes(ready.model.members[0])).toEqual(bytes(model));
    const forgetRows = rowsOf(split.train, [0, 7, 30], 2);
    const { update, cost, diagnostics } = await sessionSisa.unlearn(model, request(forgetRows), options, ready);
    const train = withoutRows(split.train, forgetRows);
    const retrained = await fitSessionModel(kind, { train, valid: split.valid }, training);
    const { members } = applyUpdate(ready.model, update);
    expect(bytes(members[0])).toEqual(bytes(retrained.model));
    expect(cost.gradientRows).toBe(retrained.epochs * prefixSamples(train).target.length);
    expect(cost.parallelSeconds).toEqual(cost.seconds);
    expect(diagnostics).toMatchObject({ retrainedShards: [0], epochs: retrained.epochs, removedRows: 3 });
  });

  it("trains touched shards again and no others, each on its own sessions", async () => {
    const options = { ...base, shards: 4, batches: "whole" } as const;
    const ready = await sessionSisa.prepare(await original(), split.train, options);
    const own = (shard: number) => Int32Array.from(ready.shardOf.keys()).filter((s) => ready.shardOf[s] === shard);
    expect([0, 1, 2, 3].map((shard) => own(shard).length)).toEqual([16, 16, 16, 16]);
    const forgetRows = rowsOf(split.train, [...own(1).subarray(0, 2), own(3)[5]]);
    const { diagnostics, cost } = await sessionSisa.unlearn(ready.model, request(forgetRows), options, ready);
    expect(diagnostics.retrainedShards).toEqual([1, 3]);
    const after = diagnostics.prepared.model.members;
    for (const k of [0, 2]) expect(after[k]).toBe(ready.model.members[k]);
    const left = withoutRows(selectSessions(split.train, own(3)), forgetRows);
    const alone = { ...training, seed: training.seed! + 3 };
    const { model } = await fitSessionModel("gru4rec", { train: left, valid: split.valid }, alone);
    expect(bytes(after[3])).toEqual(bytes(model));
    expect(cost.parallelSeconds?.["training"]).toBeLessThan(cost.seconds["training"]);
    expect(cost.parallelSeconds?.["training"]).toBeGreaterThanOrEqual(cost.seconds["training"] / 2);
  });

  it("answers one request after another: asking again changes nothing, and what went before stays away", async () => {
    const options = { ...base, shards: 2, removal: "truncate" } as const;
    const ready = await sessionSisa.prepare(await original(), split.train, options);
    const ask = async (rows: Int32Array, from: PreparedSessionShards) =>
      (await sessionSisa.unlearn(from.model, request(rows), options, from)).diagnostics;
    const [first, second] = [rowsOf(split.train, [4], 3), rowsOf(split.train, [9], 1)];
    const once = await ask(first, ready);
    expect(once.removedRows).toBe(3);
    const again = await ask(first, once.prepared);
    expect(again.retrainedShards).toEqual([]);
    expect(again.prepared.model).toBe(once.prepared.model);
    const inTurn = (await ask(second, once.prepared)).prepared;
    const together = (await ask(Int32Array.from([...first, ...second]).sort(), ready)).prepared;
    expect(inTurn.removed).toEqual(together.removed);
    expect(bytes(inTurn.model)).toEqual(bytes(together.model));
  });

  it("is the identity when nothing is to be forgotten", async () => {
    const options = { ...base, shards: 2 };
    const ready = await sessionSisa.prepare({ kind: "gru4rec" }, split.train, options);
    const { update } = await sessionSisa.unlearn(ready.model, request(new Int32Array(0)), options, ready);
    expect(applyUpdate(ready.model, update)).toBe(ready.model);
  });

  it("gives a shard batches as large as the whole's, or its share of them", async () => {
    for (const [batches, batchSize] of [
      ["whole", 64],
      ["share", 32],
    ] as const) {
      const ready = await sessionSisa.prepare({ kind: "gru4rec" }, split.train, { ...base, shards: 2, batches });
      const own = Int32Array.from(ready.shardOf.keys()).filter((session) => ready.shardOf[session] === 1);
      const data = { train: selectSessions(split.train, own), valid: split.valid };
      const alone = await fitSessionModel("gru4rec", data, { ...training, batchSize, seed: training.seed! + 1 });
      expect(bytes(ready.model.members[1])).toEqual(bytes(alone.model));
    }
  });

  it.each([
    [{ shards: 0 }, /"shards" is 0/],
    [{ agregation: "logits" }, /did you mean "aggregation"/],
    [{ deleteCount: 1 }, /unknown option "deleteCount"/],
    [{ removal: "cut" }, /"removal" is "cut"/],
    [{ validation: null }, /"validation" is missing/],
  ])("refuses %j by name and remedy", async (options, message) => {
    const attempt = sessionSisa.prepare({ kind: "gru4rec" }, split.train, { ...base, ...(options as object) });
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toThrow(message);
  });
});

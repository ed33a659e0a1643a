import { beforeAll, describe, expect, test } from "vitest";
import { gradientAscent, retrain, scif, sessionSisa, sisa } from "../../lib/baselines";
import { cau, cauMf, sessionGradientAscent } from "../../lib/cau";
import { InvalidArgumentError } from "../../lib/core";
import {
  forgetSamples,
  generateInteractions,
  ifruSplit,
  itemRows,
  selectSessions,
  sessionDataset,
  sessionUserRows,
  userRows,
} from "../../lib/data";
import { ifru, ifruLightGcn, itemInfluence, outputInfluence } from "../../lib/ifru";
import type { LightGcn, Mf } from "../../lib/models";
import { applyUpdate, fitLightGcn, fitMf, fitSessionModel } from "../../lib/training";

const { train, valid } = ifruSplit(generateInteractions({ userCount: 60, itemCount: 80 }), { forgetFraction: 0 });
const training = { epochs: 2, embeddingSize: 4 };
const missing = Int32Array.of(1, 10_000_000);

let mf: Mf;
let graph: LightGcn;
beforeAll(async () => {
  mf = (await fitMf(train, valid, training)).model;
  graph = (await fitLightGcn(train, valid, training)).model;
});

const request = (forgetRows: Int32Array) => ({ name: "x", train, forgetRows });

describe("rows to forget that are not there are refused by every method", () => {
  const methods = {
    ifru: () => ifru.unlearn(mf, request(missing), { damping: 1e-4 }),
    "ifru of LightGCN": () => ifruLightGcn.unlearn(graph, request(missing), { damping: 1e-4 }),
    scif: () => scif.unlearn(mf, request(missing)),
    "gradient ascent": () => gradientAscent.unlearn(mf, request(missing), { lossRise: 0.2 }),
    cauMf: () => cauMf.unlearn(mf, request(missing)),
    retrain: () => retrain.unlearn(mf, request(missing), { ...training, validation: valid }),
    sisa: async () => {
      const options = { shards: 2, validation: valid, training };
      const prepared = await sisa.prepare(mf, train, options);
      return sisa.unlearn(prepared.model, request(missing), options, prepared);
    },
  };
  test.each(Object.entries(methods))("%s", async (_name, unlearn) => {
    const error: unknown = await unlearn().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toContain("row 10000000");
  });
});

test("rows of a user and an item that overlap are forgotten as their union", async () => {
  const rows = userRows(train, 0);
  const joined = Int32Array.from([...rows, ...itemRows(train, train.item[rows[0]])]).sort();
  const after = async (forgetRows: Int32Array) => {
    const { update } = await ifru.unlearn(mf, request(forgetRows), { damping: 1e-4 });
    return applyUpdate(mf, update).userEmbedding;
  };
  expect(await after(joined)).toEqual(await after(Int32Array.from(new Set(joined)).sort()));
});

test("events that are not in the sessions are refused, and so are unknown users of them", async () => {
  const interactions = generateInteractions({ userCount: 40 });
  const sessions = sessionDataset({ name: "g", interactions, dataHash: "" });
  const { model } = await fitSessionModel("gru4rec", sessions, { epochs: 1, embeddingSize: 4 });
  const samples = forgetSamples(sessions.train, missing.slice(1));
  const asked = { name: "x", train: sessions.train, forgetRows: missing.slice(1), samples };
  await expect(cau.unlearn(model, asked, { validation: sessions.valid })).rejects.toThrow(/row 10000000/);
  expect(() => sessionUserRows(sessions.train, [sessions.train.user[0], 9999])).toThrow(/user 9999/);
});

test("events that open a session are named by methods that cannot forget them", async () => {
  const sessions = sessionDataset({ name: "g", interactions: generateInteractions({ userCount: 40 }), dataHash: "" });
  const { model } = await fitSessionModel("gru4rec", sessions, { epochs: 1, embeddingSize: 4 });
  const openers = Int32Array.from(sessions.train.offsets.slice(0, 5), (event) => sessions.train.row[event]).sort();
  const second = sessions.train.row[sessions.train.offsets[0] + 1];
  for (const forgetRows of [openers, Int32Array.of(...openers, second).sort()]) {
    const samples = forgetSamples(sessions.train, forgetRows);
    const asked = { name: "x", train: sessions.train, forgetRows, samples };
    const options = { validation: sessions.valid, epochs: 1 };
    const byCau = await cau.unlearn(model, asked, options);
    const byAscent = await sessionGradientAscent.unlearn(model, asked, options);
    const direct = await outputInfluence.unlearn(model, asked, { spillover: "none" });
    const both = await itemInfluence.unlearn(model, asked, { spillover: "none" });
    for (const { diagnostics } of [byCau, byAscent, direct, both]) expect(diagnostics.notForgotten).toEqual(openers);
    expect(cau.description.facts(byCau.diagnostics)).toMatchObject({ eventsNotForgotten: 5 });
    expect(outputInfluence.description.facts(direct.diagnostics)).toMatchObject({ eventsNotForgotten: 5 });
    expect(itemInfluence.description.facts(both.diagnostics)).toMatchObject({ eventsNotForgotten: 5 });
    // with spillover the openers leave the histories of what comes after them
    const spilt = await outputInfluence.unlearn(model, asked, {});
    expect(outputInfluence.description.facts(spilt.diagnostics)).not.toHaveProperty("eventsNotForgotten");
  }
});

describe("a request that leaves nothing", () => {
  test.each([[1], [2]])("of a shard of %i slices drops that shard, and the others keep their bytes", async (slices) => {
    const options = { shards: 4, slices, validation: valid, training };
    const prepared = await sisa.prepare(mf, train, options);
    const forgetRows = Int32Array.from(prepared.shards[1].slices.flatMap((rows) => [...rows])).sort();
    const { diagnostics } = await sisa.unlearn(prepared.model, request(forgetRows), options, prepared);
    expect(diagnostics).toMatchObject({ retrainedShards: [], droppedShards: [1] });
    const { members } = diagnostics.prepared.model;
    expect(members).toEqual([0, 2, 3].map((shard) => prepared.model.members[shard]));
    // the next request finds the shards by the numbers that they had
    const one = request(prepared.shards[2].slices[0].slice(0, 1));
    const next = await sisa.unlearn(diagnostics.prepared.model, one, options, diagnostics.prepared);
    expect(next.diagnostics).toMatchObject({ retrainedShards: [2], droppedShards: [] });
    expect(next.diagnostics.prepared.model.members).toHaveLength(3);
  });

  test("of a shard's first slice trains it from the next", async () => {
    const options = { shards: 2, slices: 2, validation: valid, training };
    const prepared = await sisa.prepare(mf, train, options);
    const asked = request(prepared.shards[0].slices[0]);
    const { diagnostics } = await sisa.unlearn(prepared.model, asked, options, prepared);
    expect(diagnostics).toMatchObject({ retrainedShards: [0], droppedShards: [] });
  });

  test("of a shard of sessions drops that shard", async () => {
    const sessions = sessionDataset({ name: "g", interactions: generateInteractions({ userCount: 40 }), dataHash: "" });
    const own = { epochs: 1, embeddingSize: 4 };
    const { model } = await fitSessionModel("gru4rec", sessions, own);
    const options = { shards: 3, training: own, validation: sessions.valid };
    const prepared = await sessionSisa.prepare(model, sessions.train, options);
    const chosen = Int32Array.from(prepared.shardOf.keys()).filter((session) => prepared.shardOf[session] === 1);
    const forgetRows = selectSessions(sessions.train, chosen).row.slice().sort();
    const asked = { name: "x", train: sessions.train, forgetRows };
    const { diagnostics } = await sessionSisa.unlearn(prepared.model, asked, options, prepared);
    expect(diagnostics).toMatchObject({ retrainedShards: [], droppedShards: [1] });
    expect(diagnostics.prepared.memberShards).toEqual([0, 2]);
    expect(diagnostics.prepared.model.members).toEqual([prepared.model.members[0], prepared.model.members[2]]);
  });

  test("of the training rows is refused", async () => {
    const everything = request(Int32Array.from(train.user.keys()));
    await expect(ifru.unlearn(mf, everything, { damping: 1e-4 })).rejects.toThrow(/forgets all training rows/);
    const half = Math.floor(train.user.length / 2);
    const options = { shards: 2, validation: valid, training };
    const prepared = await sisa.prepare(mf, train, options);
    const rows = everything.forgetRows;
    const first = await sisa.unlearn(prepared.model, request(rows.slice(0, half)), options, prepared);
    const { prepared: left } = first.diagnostics;
    await expect(sisa.unlearn(left.model, request(rows.slice(half)), options, left)).rejects.toThrow(
      /no shard with rows/,
    );
  });
});

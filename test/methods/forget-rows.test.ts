import { beforeAll, describe, expect, test } from "vitest";
import { gradientAscent, retrain, scif, sisa } from "../../lib/baselines";
import { cau, cauMf } from "../../lib/cau";
import { InvalidArgumentError } from "../../lib/core";
import {
  forgetSamples,
  generateInteractions,
  ifruSplit,
  itemRows,
  sessionDataset,
  sessionUserRows,
  userRows,
} from "../../lib/data";
import { ifru, ifruLightGcn } from "../../lib/ifru";
import { LightGcn, Mf } from "../../lib/models";
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

import { beforeAll, describe, expect, test } from "vitest";
import { gradientAscent, scif, sessionSisa, sisa } from "../../lib/baselines";
import { InvalidArgumentError } from "../../lib/core";
import {
  generateInteractions,
  ifruSplit,
  retainedRows,
  selectRows,
  selectSessions,
  sessionDataset,
  userRows,
} from "../../lib/data";
import { ifru, ifruLightGcn } from "../../lib/ifru";
import { LightGcn, Mf } from "../../lib/models";
import {
  applyUpdate,
  fitLightGcn,
  fitMf,
  fitSessionModel,
  type UnlearningRequest,
  type UnlearningResult,
} from "../../lib/training";

const { train, valid } = ifruSplit(generateInteractions({ userCount: 60, itemCount: 80 }), { forgetFraction: 0 });
const training = { epochs: 2, embeddingSize: 4 };
const damping = 1e-4;

/** Forgets with a preparation, which is asked for once. */
interface Method<M> {
  readonly original: () => Promise<M>;
  readonly prepare: (model: M, rows: typeof train) => Promise<unknown>;
  readonly unlearn: (model: M, request: UnlearningRequest, prepared: unknown) => Promise<UnlearningResult<M, unknown>>;
  readonly copy: (model: M) => M;
}

const mf = {
  original: async () => (await fitMf(train, valid, training)).model,
  copy: (model: Mf) => new Mf(model.userEmbedding.slice(), model.itemEmbedding.slice(), model.embeddingSize),
};

describePrepared<Mf>("ifru", {
  ...mf,
  prepare: (model, rows) => ifru.prepare(model, rows, { damping }),
  unlearn: (model, request, prepared) => ifru.unlearn(model, request, { damping }, prepared as never),
});

describePrepared<LightGcn>("ifru of LightGCN", {
  original: async () => (await fitLightGcn(train, valid, training)).model,
  copy: (model) => new LightGcn(model.nodeEmbedding.slice(), model.graph, model.embeddingSize, model.layerCount),
  prepare: (model, rows) => ifruLightGcn.prepare(model, rows, { damping }),
  unlearn: (model, request, prepared) => ifruLightGcn.unlearn(model, request, { damping }, prepared as never),
});

describePrepared<Mf>("scif", {
  ...mf,
  prepare: (model, rows) => scif.prepare(model, rows),
  unlearn: (model, request, prepared) => scif.unlearn(model, request, {}, prepared as never),
});

describePrepared<Mf>("gradient ascent", {
  ...mf,
  prepare: (model, rows) => gradientAscent.prepare(model, rows, { lossRise: 0.1 }),
  unlearn: (model, request, prepared) => gradientAscent.unlearn(model, request, { lossRise: 0.1 }, prepared as never),
});

function describePrepared<M>(name: string, { original, prepare, unlearn, copy }: Method<M>): void {
  describe(`${name}, asked twice in a row`, () => {
    let model: M;
    let prepared: unknown;
    beforeAll(async () => {
      model = await original();
      prepared = await prepare(model, train);
    });
    const first: UnlearningRequest = { name: "first", train, forgetRows: userRows(train, 3) };
    const left = selectRows(train, retainedRows(train, first.forgetRows));
    const second: UnlearningRequest = { name: "second", train: left, forgetRows: userRows(left, 4) };
    const refused = async (...given: Parameters<typeof unlearn>): Promise<string> => {
      const error: unknown = await unlearn(...given).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidArgumentError);
      return String(error);
    };

    test("refuses the first preparation, and takes one of its model and the rows that stay", async () => {
      const after = applyUpdate(model as Mf, (await unlearn(model, first, prepared)).update as never) as M;
      expect(await refused(after, second, prepared)).toMatch(
        /of another model or other rows: training rows [0-9a-f]{12}/,
      );
      expect(await refused(after, first, prepared)).toMatch(/: model [0-9a-f]{12}, and here [0-9a-f]{12}/);
      expect(await refused(model, second, prepared)).toMatch(/: training rows/);
      await unlearn(after, second, await prepare(after, left));
    });

    test("takes the same model and rows in other objects", async () => {
      const same = { ...train, user: train.user.slice(), item: train.item.slice(), label: train.label.slice() };
      await unlearn(copy(model), { ...first, train: same }, prepared);
    });
  });
}

describe("shards, asked twice in a row", () => {
  test("of ratings go on with the training rows and what the first answer returned", async () => {
    const options = { shards: 2, validation: valid, training };
    const prepared = await sisa.prepare((await fitMf(train, valid, training)).model, train, options);
    const request = (user: number) => ({ name: "x", train, forgetRows: userRows(train, user) });
    const first = await sisa.unlearn(prepared.model, request(3), options, prepared);
    const { prepared: next } = first.diagnostics;
    const second = await sisa.unlearn(next.model, request(4), options, next);
    expect(second.diagnostics.retrainedShards).not.toEqual([]);
    // what is forgotten already stays so
    const again = await sisa.unlearn(next.model, request(3), options, next);
    expect(again.diagnostics.retrainedShards).toEqual([]);
    const left = selectRows(train, retainedRows(train, userRows(train, 3)));
    const moved = { name: "x", train: left, forgetRows: userRows(left, 4) };
    await expect(sisa.unlearn(next.model, moved, options, next)).rejects.toThrow(
      /other rows: training rows[^]*pass the rows that prepare was given/,
    );
  });

  test("of sessions refuse other sessions", async () => {
    const sessions = sessionDataset({ name: "g", interactions: generateInteractions({ userCount: 40 }), dataHash: "" });
    const own = { epochs: 1, embeddingSize: 4 };
    const { model } = await fitSessionModel("gru4rec", sessions, own);
    const options = { shards: 2, training: own, validation: sessions.valid };
    const prepared = await sessionSisa.prepare(model, sessions.train, options);
    const other = selectSessions(sessions.train, Int32Array.of(0, 1, 2));
    const request = { name: "x", train: other, forgetRows: other.row.slice(0, 1) };
    const answer = sessionSisa.unlearn(prepared.model, request, options, prepared);
    await expect(answer).rejects.toThrow(/"prepared" is of another model or other rows: training rows/);
  });
});

import { afterAll, describe, expect, it } from "vitest";
import { scif, type ScifOptions } from "../../lib/baselines";
import { meanLabels, scifGradient } from "../../lib/baselines/scif";
import { InvalidOptionError, Random } from "../../lib/core";
import { generateInteractions, ifruSplit, indexInteractions, selectRows } from "../../lib/data";
import { createWorkspace } from "../../lib/engine";
import { gatherLocalRows, selectNodes } from "../../lib/ifru";
import { logLosses } from "../../lib/metrics";
import { Mf } from "../../lib/models";
import { applyUpdate, fitMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 };

for (const mode of ["principled", "paper"] as const)
  describeMethod<Mf>(`scif, ${mode} mode`, {
    original: async (split) => (await fitMf(split.train, split.valid, training)).model,
    retainOnly: false,
    async prepare(model, split) {
      const prepared = await scif.prepare(model, split.train);
      const options: Partial<ScifOptions> = { mode, validation: split.valid, stepSize: 0.0197 };
      return (of, request, extra) => scif.unlearn(of, request, { ...options, ...extra }, prepared);
    },
  });

const split = ifruSplit(generateInteractions({ userCount: 40, itemCount: 30, interactionsPerUser: 15, noise: 0.3 }));
const { train, forgetRows } = split;
const random = Random.fromSeed(2);
const width = 4;
const table = (rows: number) => random.fillNormal(new Float32Array(rows * width), 0.5);
const model = new Mf(table(train.userCount), table(train.itemCount), width);

describe("scif", () => {
  const workspace = createWorkspace();
  afterAll(() => workspace.dispose());

  it("gives forgotten rows their user's mean label over the rows that stay", () => {
    const means = meanLabels(train, forgetRows);
    expect([...means.keys()]).toEqual([...forgetRows]);
    for (const [row, label] of means) {
      const stays = (other: number) => !forgetRows.includes(other);
      const own = [...train.user.keys()].filter((other) => stays(other) && train.user[other] === train.user[row]);
      expect(label).toBeCloseTo(own.reduce((sum, other) => sum + train.label[other], 0) / own.length, 6);
    }
  });

  it("falls back to the item's mean, then to one half, for users without other rows", () => {
    const lonely = {
      ...selectRows(train, Int32Array.of(0, 1, 2)),
      user: Int32Array.of(0, 1, 2),
      item: Int32Array.of(0, 0, 1),
    };
    const labelled = { ...lonely, label: Float32Array.of(0, 1, 1) };
    expect([...meanLabels(labelled, Int32Array.of(0, 2))]).toEqual([
      [0, 1],
      [2, 0.5],
    ]);
  });

  it.each([
    ["none", 0],
    ["descend", -1],
    ["ascend", 1],
  ] as const)("steps by the gradient of its objective (%s)", (trainingGradient, sign) => {
    const index = indexInteractions(train);
    const selection = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
    const local = gatherLocalRows(model, train, index, selection, new Int32Array(0), workspace);
    const blocks = scifGradient(local, { name: "", train, forgetRows }, trainingGradient, workspace);
    const direction = blocks.map((block) => random.fillNormal(new Float32Array(block.length), 1));
    const means = meanLabels(train, forgetRows);
    const objective = (step: number) => {
      const moved = new Mf(model.userEmbedding.slice(), model.itemEmbedding.slice(), width);
      const move = (values: Float32Array, ids: Int32Array, d: Float32Array) =>
        ids.forEach((id, k) => {
          for (let j = 0; j < width; j++) values[id * width + j] += step * d[k * width + j];
        });
      move(moved.userEmbedding, selection.users, direction[0]);
      move(moved.itemEmbedding, selection.items, direction[1]);
      const { user, item } = selectRows(train, forgetRows);
      const scores = moved.score(user, item);
      const sum = (losses: Float64Array) => losses.reduce((total, loss) => total + loss, 0);
      const forgotten = sum(logLosses(scores, selectRows(train, forgetRows).label));
      const replaced = sum(logLosses(scores, Float32Array.from(means.values())));
      return forgotten - replaced + sign * sum(logLosses(moved.score(train.user, train.item), train.label));
    };
    const slope = blocks.reduce((sum, block, b) => sum + block.reduce((s, g, k) => s + g * direction[b][k], 0), 0);
    const h = 2 ** -7;
    expect(slope / ((objective(h) - objective(-h)) / (2 * h))).toBeCloseTo(1, 2);
  });

  it("moves users alone, unless it is told to move both", async () => {
    const request = { name: "2%", train, forgetRows };
    const users = applyUpdate(model, (await scif.unlearn(model, request)).update);
    expect(users.itemEmbedding).toEqual(model.itemEmbedding);
    expect(users.userEmbedding).not.toEqual(model.userEmbedding);
    const both = applyUpdate(model, (await scif.unlearn(model, request, { rows: "both" })).update);
    expect(both.itemEmbedding).not.toEqual(model.itemEmbedding);
  });

  it.each([
    [{ mode: "paper" }, /no validation rows/],
    [{ trainingGradient: "down" }, /"trainingGradient" is "down"/],
    [{ damping: 0 }, /"damping" is 0/],
    [{ row: "users" }, /did you mean "rows"/],
  ])("refuses %j by name", async (options, message) => {
    const attempt = scif.unlearn(model, { name: "", train, forgetRows }, options as Partial<ScifOptions>);
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toThrow(message);
  });
});

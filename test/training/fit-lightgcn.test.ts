import { afterEach, describe, expect, it } from "vitest";
import { generateInteractions, ifruSplit } from "../../lib/data";
import { auc } from "../../lib/metrics";
import { LightGcn } from "../../lib/models";
import { liveWorkspaces } from "../../lib/engine";
import { type Checkpoint, fitLightGcn, type FitLightGcnOptions, refitLightGcn } from "../../lib/training";

const { train, valid } = ifruSplit(generateInteractions({ userCount: 60, itemCount: 50, interactionsPerUser: 25 }), {
  forgetFraction: 0,
});
const quick: Partial<FitLightGcnOptions> = {
  ...{ embeddingSize: 6, learningRate: 0.02, batchSize: 200, initialDeviation: 0.1, epochs: 6 },
};
const liveBefore = liveWorkspaces();
afterEach(() => expect(liveWorkspaces()).toBe(liveBefore));

/** Mean loss over all rows, straight from the definitions: dense B, float64. */
function slowLoss(model: LightGcn, embedding: Float64Array, regularization: number): number {
  const { nodeCount, userCount, edgeUser, edgeItem } = model.graph;
  const [width, degrees] = [model.embeddingSize, model.graph.degrees()];
  const propagate = (x: Float64Array) => {
    const out = new Float64Array(x.length);
    edgeUser.forEach((user, edge) => {
      const item = userCount + edgeItem[edge];
      const weight = 1 / Math.sqrt(degrees[user] * degrees[item]);
      for (let j = 0; j < width; j++) {
        out[user * width + j] += weight * x[item * width + j];
        out[item * width + j] += weight * x[user * width + j];
      }
    });
    return out;
  };
  let layer = embedding;
  const mean = Float64Array.from(embedding);
  for (let depth = 0; depth < model.layerCount; depth++)
    (layer = propagate(layer)).forEach((value, k) => (mean[k] += value));
  const row = (x: Float64Array, node: number) => x.subarray(node * width, (node + 1) * width);
  expect(mean.length).toBe(nodeCount * width);
  let sum = 0;
  train.user.forEach((user, k) => {
    const [item, y] = [userCount + train.item[k], train.label[k]];
    const s = row(mean, user).reduce((total, value, j) => total + value * row(mean, item)[j], 0);
    const score = s / (model.layerCount + 1) ** 2;
    sum += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - y * score;
    for (const node of [user, item])
      sum += regularization * row(embedding, node).reduce((total, value) => total + value * value, 0);
  });
  return sum / train.user.length;
}

describe("fitLightGcn", () => {
  it.each([
    [1, 0],
    [3, 0.02],
  ])("takes its first step along the gradient (layers %i, regularization %f)", async (layerCount, regularization) => {
    // Adam's first step is the learning rate times the sign of the gradient, wherever that is well away from 0.
    const options = { ...quick, layerCount, regularization, batchSize: 1e6, epochs: 1, learningRate: 1e-3 };
    const { model } = await fitLightGcn(train, valid, options);
    const start = LightGcn.initialise({
      graph: model.graph,
      ...{ embeddingSize: 6, initialDeviation: 0.1, seed: 1024 },
      layerCount,
    });
    let checked = 0;
    for (let k = 0; k < start.nodeEmbedding.length; k += 37) {
      const at = (step: number) => {
        const moved = Float64Array.from(start.nodeEmbedding);
        moved[k] += step;
        return slowLoss(start, moved, regularization);
      };
      const gradient = (at(1e-4) - at(-1e-4)) / 2e-4;
      if (Math.abs(gradient) < 1e-5) continue;
      expect(model.nodeEmbedding[k] - start.nodeEmbedding[k]).toBeCloseTo(-1e-3 * Math.sign(gradient), 5);
      checked++;
    }
    expect(checked).toBeGreaterThan(10);
  });

  it("learns to rank with bpr, and gives the same bytes for the same seed", async () => {
    const options = { ...quick, objective: "bpr", epochs: 15, regularization: 1e-3 } as const;
    const first = await fitLightGcn(train, valid, options);
    expect((await fitLightGcn(train, valid, options)).model.nodeEmbedding).toEqual(first.model.nodeEmbedding);
    expect(first.history.at(-1)!.loss).toBeLessThan(0.66);
    // Rows of the training set against pairs that occur in no set: what BPR is after.
    const seen = new Set([train, valid].flatMap((set) => [...set.user].map((user, k) => `${user} ${set.item[k]}`)));
    const users = Int32Array.from({ length: 60 * 50 }, (_, k) => Math.floor(k / 50));
    const items = users.map((_, k) => k % 50);
    const liked = new Set(
      [...train.user.keys()].filter((k) => train.label[k] > 0).map((k) => `${train.user[k]} ${train.item[k]}`),
    );
    const mask = Uint8Array.from(users, (user, k) => {
      const pair = `${user} ${items[k]}`;
      return user < train.userCount && items[k] < train.itemCount && (liked.has(pair) || !seen.has(pair)) ? 1 : 0;
    });
    const known = [...mask.keys()].filter((k) => mask[k] === 1);
    const at = (ids: Int32Array) => Int32Array.from(known, (k) => ids[k]);
    const labels = Float32Array.from(known, (k) => (liked.has(`${users[k]} ${items[k]}`) ? 1 : 0));
    expect(auc(first.model.score(at(users), at(items)), labels)).toBeGreaterThan(0.8);
  });

  it("trains again for as many epochs on other rows, over their graph", async () => {
    const fitted = await fitLightGcn(train, valid, quick);
    const again = await refitLightGcn(fitted, train);
    expect(again.nodeEmbedding).toEqual(fitted.model.nodeEmbedding);
    expect(again.graph.edgeUser).toEqual(fitted.model.graph.edgeUser);
  });

  it("goes on from a checkpoint to the same bytes", async () => {
    const saved: Checkpoint[] = [];
    const whole = await fitLightGcn(train, valid, quick, undefined, {
      ...{
        everyMs: 0,
        load: async () => null,
        save: async (checkpoint) => void saved.push(structuredClone(checkpoint)),
      },
    });
    const resumed = await fitLightGcn(train, valid, quick, undefined, {
      ...{ everyMs: Infinity, load: async () => saved[2], save: async () => {} },
    });
    expect(resumed.model.nodeEmbedding).toEqual(whole.model.nodeEmbedding);
    expect(resumed.history).toEqual(whole.history);
  });

  it("refuses options it does not know or cannot use", async () => {
    await expect(fitLightGcn(train, valid, { layerCuont: 2 } as object)).rejects.toThrow(/did you mean "layerCount"/);
    await expect(fitLightGcn(train, valid, { layerCount: -1 })).rejects.toThrow(/layerCount/);
    await expect(fitLightGcn(train, valid, { objective: "bprr" as "bpr" })).rejects.toThrow(/did you mean "bpr"/);
  });
});

import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidOptionError } from "../../lib/core";
import { createWorkspace, operations } from "../../lib/engine";
import { Mf } from "../../lib/models";
import { fitMf } from "../../lib/training";
import { describeRecommender } from "../contracts/recommender";

const quick = { embeddingSize: 8, learningRate: 0.02, batchSize: 256, epochs: 12, initialDeviation: 0.05 };

describeRecommender<Mf>("mf", {
  fit: async (train, valid, seed) => (await fitMf(train, valid, { ...quick, seed })).model,
  fitTooFast: async (train, valid) => (await fitMf(train, valid, { ...quick, learningRate: 1e38 })).model,
  initial: ({ userCount, itemCount }) =>
    Mf.initialise({ userCount, itemCount, embeddingSize: 48, initialDeviation: 1e-3, seed: 1024 }),
  load: (path) => Mf.load(path),
  lossGradient(model, { user, item, label }) {
    const room = createWorkspace();
    const [p, q] = model.parameters().map(({ values }) => room.copyOf(values));
    const [gradientP, gradientQ] = [room.float32(p.length), room.float32(q.length)];
    const columns = { user: room.copyOf(user), item: room.copyOf(item), label: room.copyOf(label) };
    const sums = { scale: 1, penalty: 0, residual: room.float32(user.length), gradientP, gradientQ };
    const loss = operations().mfLossGradient({ p, q, width: model.embeddingSize, ...columns, ...sums });
    const result = { loss, gradient: [gradientP.slice(), gradientQ.slice()] };
    room.dispose();
    return result;
  },
});

describe("Mf", () => {
  const model = new Mf(Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 0, 0, 1, 1, 1), 2);

  it("scores by dot products", () => {
    expect([model.userCount, model.itemCount]).toEqual([2, 3]);
    expect([...model.score(Int32Array.of(0, 1, 1), Int32Array.of(1, 2, 0))]).toEqual([2, 7, 3]);
  });

  it("refuses ids it does not know and columns of different lengths", () => {
    expect(() => model.score(Int32Array.of(0, 2), Int32Array.of(0, 0))).toThrow(/pair 1 is user 2/);
    expect(() => model.score(Int32Array.of(0), Int32Array.of(-1))).toThrow(InvalidArgumentError);
    expect(() => model.score(Int32Array.of(0), Int32Array.of(0, 1))).toThrow(InvalidArgumentError);
  });

  it("refuses embeddings that are no whole rows", () => {
    expect(() => new Mf(new Float32Array(3), new Float32Array(4), 2)).toThrow(InvalidArgumentError);
    expect(() => new Mf(new Float32Array(4), new Float32Array(4), 0)).toThrow(InvalidOptionError);
  });

  it("starts with the deviation asked for", () => {
    const { userEmbedding } = Mf.initialise({
      ...{ userCount: 500, itemCount: 3, embeddingSize: 20, seed: 3, initialDeviation: 0.25 },
    });
    const meanSquare = userEmbedding.reduce((sum, value) => sum + value * value, 0) / userEmbedding.length;
    expect(Math.sqrt(meanSquare)).toBeCloseTo(0.25, 2);
  });
});

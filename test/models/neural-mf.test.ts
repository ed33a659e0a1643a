import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../lib/core";
import { tensorEngine } from "../../lib/engine";
import { NeuralMf, neuralMfLoss, type NeuralMfTensors } from "../../lib/models";
import { fitNeuralMf } from "../../lib/training";
import { describeRecommender } from "../contracts/recommender";

const quick = {
  embeddingSize: 8,
  hiddenSize: 4,
  learningRate: 0.05,
  batchSize: 256,
  epochs: 25,
  initialDeviation: 0.05,
};
const { tf } = await tensorEngine();

describeRecommender<NeuralMf>("neural mf", {
  fit: async (train, valid, seed) => (await fitNeuralMf(train, valid, { ...quick, seed })).model,
  fitTooFast: async (train, valid) => (await fitNeuralMf(train, valid, { ...quick, learningRate: 1e38 })).model,
  initial: ({ userCount, itemCount }) =>
    NeuralMf.initialise({ userCount, itemCount, embeddingSize: 16, hiddenSize: 16, initialDeviation: 0.1, seed: 1024 }),
  load: (path) => NeuralMf.load(path),
  differenceStep: 2 ** -10,
  lossGradient(model, { user, item, label }) {
    const parameters = model.parameters();
    const { value, grads } = tf.valueAndGrads((...moved) => {
      const named = parameters.map(({ name }, n) => [name, moved[n]] as const);
      return neuralMfLoss(tf, Object.fromEntries(named) as unknown as NeuralMfTensors, user, item, label);
    })(parameters.map(({ values, shape }) => tf.tensor(values, [...shape])));
    return { loss: value.dataSync()[0], gradient: grads.map((gradient) => gradient.dataSync() as Float32Array) };
  },
});

describe("NeuralMf", () => {
  it("scores by inner product and perceptron, as worked out by hand", () => {
    const model = new NeuralMf(
      {
        userEmbedding: Float32Array.of(1),
        itemEmbedding: Float32Array.of(2),
        hiddenWeight: Float32Array.of(1, -1, 1, 1), // [p, q] W = [1 + 2, -1 + 2]
        hiddenBias: Float32Array.of(0, -3), // relu([3, 1 - 3]) = [3, 0]
        outputWeight: Float32Array.of(0.5, 7),
        outputBias: Float32Array.of(0.25),
      },
      1,
    );
    expect(model.score(Int32Array.of(0), Int32Array.of(0))[0]).toBe(2 + 1.75);
  });

  it("refuses parameters that do not fit together", () => {
    const { values } = NeuralMf.initialise({
      ...{ userCount: 2, itemCount: 2, embeddingSize: 3, hiddenSize: 4, initialDeviation: 0.1, seed: 1 },
    });
    expect(() => new NeuralMf({ ...values, outputWeight: new Float32Array(3) }, 3)).toThrow(InvalidArgumentError);
    expect(() => new NeuralMf(values, 4)).toThrow(InvalidArgumentError);
  });
});

import { ifruNeuralMf } from "../../lib/ifru";
import type { NeuralMf } from "../../lib/models";
import { fitNeuralMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 8, hiddenSize: 8, learningRate: 0.01, batchSize: 512, seed: 3 };

describeMethod<NeuralMf>("ifru for neural mf, by nested gradients", {
  original: async (split) => (await fitNeuralMf(split.train, split.valid, training)).model,
  retainOnly: false,
  prepare: async () => (model, request, extra) => ifruNeuralMf.unlearn(model, request, { damping: 2e-3, ...extra }),
});

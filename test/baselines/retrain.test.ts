import { retrain } from "../../lib/baselines";
import type { Mf } from "../../lib/models";
import { fitMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 };

describeMethod<Mf>("retrain", {
  original: async (split) => (await fitMf(split.train, split.valid, training)).model,
  retainOnly: true,
  prepare: async (_original, split) => (model, request, extra) =>
    retrain.unlearn(model, request, { ...training, validation: split.valid, ...extra }),
});

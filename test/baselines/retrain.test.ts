import { retrain, retrainLightGcn } from "../../lib/baselines";
import type { LightGcn, Mf } from "../../lib/models";
import { fitLightGcn, fitMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 };

const graphTraining = { ...training, embeddingSize: 8, learningRate: 1e-2, initialDeviation: 0.05, patience: 8 };

describeMethod<Mf>("retrain", {
  original: async (split) => (await fitMf(split.train, split.valid, training)).model,
  retainOnly: true,
  prepare: async (_original, split) => (model, request, extra) =>
    retrain.unlearn(model, request, { ...training, validation: split.valid, ...extra }),
});

describeMethod<LightGcn>("retrain of lightgcn", {
  original: async (split) => (await fitLightGcn(split.train, split.valid, graphTraining)).model,
  retainOnly: true,
  prepare: async (_original, split) => (model, request, extra) =>
    retrainLightGcn.unlearn(model, request, { ...graphTraining, validation: split.valid, ...extra }),
});

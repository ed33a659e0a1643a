import { didYouMean, NotFoundError } from "../../core";
import type { RunConfig, Search } from "../../experiments";

/** *Original* on MovieLens-100K, whose validation AUC the searches look at. */
const original: RunConfig = {
  dataset: "ml-100k",
  backbone: "mf",
  method: "original",
  options: { data: {}, training: {}, request: {}, method: {} },
  seed: 1,
};

/**
 * How SISA's shards are trained: regularisation, and steps by their size and by how many an epoch has. Regularisation
 * ends where the penalty leaves nothing of a shard's model.
 */
const shardSpace: Search["space"] = {
  shardRegularization: { choices: [0, 0.01, 0.03, 0.1, 0.2] },
  shardLearningRate: { choices: [1e-3, 1e-2] },
  batches: { choices: ["share", "whole"] },
};

/** SISA's shards before anything is forgotten, whose mean the searches look at. */
const shards: RunConfig = { ...original, method: "sisa-shards" };

/**
 * The searches there are, by name. `mf-training` is over the authors' grid, widened to what lies between. Of
 * `sisa-shards` and `sisa-shards-lightgcn` the best trial is taken on every dataset.
 */
export const searches: Readonly<Record<string, Search>> = {
  "mf-training": {
    base: original,
    target: "training",
    space: {
      learningRate: { low: 1e-4, high: 1e-2, logarithmic: true },
      embeddingSize: { choices: [32, 48, 64] },
      initialDeviation: { low: 1e-4, high: 1e-2, logarithmic: true },
    },
    trials: 12,
    objective: "validation-auc",
  },
  "sisa-shards": { base: shards, target: "method", space: shardSpace, trials: "grid", objective: "validation-auc" },
  "sisa-shards-lightgcn": {
    base: { ...shards, backbone: "lightgcn", options: { ...shards.options, data: { forgetFraction: 0.01 } } },
    target: "method",
    space: shardSpace,
    trials: "grid",
    objective: "validation-auc",
  },
  "generated-training": {
    base: { ...original, dataset: "generated" },
    target: "training",
    space: { learningRate: { choices: [1e-3, 1e-2] }, embeddingSize: { choices: [4, 8] } },
    trials: "grid",
    objective: "validation-auc",
  },
};

/**
 * A search for options by its name.
 *
 * @throws NotFoundError for a search that does not exist, naming the nearest
 *
 * @example
 * const search = searchNamed("mf-training");
 */
export function searchNamed(name: string): Search {
  if (Object.hasOwn(searches, name)) return searches[name];
  throw new NotFoundError(`no search "${name}"`, { remedy: didYouMean(name, Object.keys(searches)) });
}

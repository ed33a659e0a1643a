import {
  byMode,
  modeOption,
  numberOption,
  optionList,
  type OptionsOf,
  wholeOption,
  withInitial,
  wordOption,
} from "../core";
import type { EmbeddingModel, Recommender } from "../models";
import { type PartitionEmbeddings, similarityPartition } from "./partition";
import { lightGcnTrainer, mfTrainer, type ShardTrainer } from "./shard-trainers";
import { shardedFields } from "./sharded";
import { shardedMethod } from "./sharded-method";

/** The options of `recEraser` and `recEraserLightGcn`. */
export const recEraserOptions = optionList("recEraser", {
  mode: modeOption(
    "`principled`: means as centroids, touched shards retrained. `paper`: the release's scalar centroids, all shards " +
      "retrained.",
  ),
  ...shardedFields,
  aggregation: withInitial(shardedFields.aggregation, "attention"),
  partition: wordOption(
    "What a shard holds: similar interactions, or all rows of similar users or items.",
    ["interaction", "user", "item"],
    "interaction",
  ),
  iterations: wholeOption("Most rounds of assignment.", 50, 1),
  slack: numberOption("Most members of a shard, as a multiple of an even share.", 1.2, { min: 1 }),
  centroids: wordOption(
    "`mean`, or `scalar`: one number for all dimensions, the release's defect.",
    ["mean", "scalar"],
    byMode("mean", "scalar"),
  ),
});

/** Options of `recEraser`; defaults and ranges are in `recEraserOptions`. */
export interface RecEraserOptions<F> extends Omit<OptionsOf<typeof recEraserOptions.fields>, "training"> {
  readonly training: Partial<F>;
}

/**
 * RecEraser (Chen et al., WWW 2022) for one kind of model: shards of similar interactions, users or items, learned
 * attention over them, and only the shards that hold a forgotten row are trained again. The partition compares the
 * original's embeddings.
 */
const recEraserOf = <M extends EmbeddingModel<M>, F>(trainer: ShardTrainer<M, F>) =>
  shardedMethod<M, Recommender & PartitionEmbeddings, F, RecEraserOptions<F>>(trainer, {
    name: "receraser",
    resolve: (given) => recEraserOptions.resolve(given) as RecEraserOptions<F>,
    partition: (original, train, options) =>
      similarityPartition(train, original, { ...options, by: options.partition }),
  });

/** RecEraser over matrix factorisation. */
export const recEraser = recEraserOf(mfTrainer);

/** RecEraser over LightGCN. */
export const recEraserLightGcn = recEraserOf(lightGcnTrainer);

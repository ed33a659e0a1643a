import { requireNumber, requireOneOf, resolveOptions } from "../core";
import type { EmbeddingModel, Recommender } from "../models";
import { type PartitionEmbeddings, type PartitionOptions, similarityPartition } from "./partition";
import { lightGcnTrainer, mfTrainer, type ShardTrainer } from "./shard-trainers";
import { checkShardedOptions, shardedDefaults, type ShardedOptions } from "./sharded";
import { shardedMethod } from "./sharded-method";

/** Options of `recEraser`. */
export interface RecEraserOptions<F> extends ShardedOptions<F> {
  /**
   * `principled` (default): means as centroids, touched shards retrained. `paper`: the release's scalar centroids, all shards
   * retrained. A mode sets the defaults of `centroids`, `retrains`, `batches` and `attention`.
   */
  mode: "principled" | "paper";
  /** What a shard holds: similar interactions, or all rows of similar users or items. Default `interaction`. */
  partition: PartitionOptions["by"];
  /** Most rounds of assignment. Default 50. */
  iterations: number;
  /** Most members of a shard, as a multiple of an even share. Default 1.2. */
  slack: number;
  /** `mean`, or `scalar`: one number for all dimensions, the release's defect. */
  centroids: PartitionOptions["centroids"];
}

function resolve<F>(given: Partial<RecEraserOptions<F>> | undefined): RecEraserOptions<F> {
  const mode = requireOneOf("mode", given?.mode ?? "principled", ["principled", "paper"]);
  const defaults: RecEraserOptions<F> = {
    ...shardedDefaults<F>(mode, "attention"),
    ...{ mode, partition: "interaction", iterations: 50, slack: 1.2, centroids: mode === "paper" ? "scalar" : "mean" },
  };
  const options = checkShardedOptions(resolveOptions(defaults, given, "recEraser"));
  requireOneOf("partition", options.partition, ["interaction", "user", "item"]);
  requireOneOf("centroids", options.centroids, ["mean", "scalar"]);
  requireNumber("iterations", options.iterations, { min: 1, integer: true });
  requireNumber("slack", options.slack, { min: 1 });
  return options;
}

/**
 * RecEraser (Chen et al., WWW 2022) for one kind of model: shards of similar interactions, users or items, learned attention over
 * them, and only the shards that hold a forgotten row are trained again. The partition compares the original's embeddings.
 */
const recEraserOf = <M extends EmbeddingModel<M>, F>(trainer: ShardTrainer<M, F>) =>
  shardedMethod<M, Recommender & PartitionEmbeddings, F, RecEraserOptions<F>>(trainer, {
    name: "receraser",
    resolve,
    partition: (original, train, options) =>
      similarityPartition(train, original, { ...options, by: options.partition }),
  });

/** RecEraser over matrix factorisation. */
export const recEraser = recEraserOf(mfTrainer);

/** RecEraser over LightGCN. */
export const recEraserLightGcn = recEraserOf(lightGcnTrainer);

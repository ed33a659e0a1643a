import { requireNumber, requireOneOf, resolveOptions } from "../core";
import type { Interactions } from "../data";
import type { EmbeddingModel, Ensemble, Recommender } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { type PartitionEmbeddings, type PartitionOptions, rowsByShard, similarityPartition } from "./partition";
import {
  checkShardedOptions,
  forgetFromShards,
  type ShardedDiagnostics,
  type ShardedOptions,
  type ShardedPrepared,
  type ShardTrainer,
  trainShards,
} from "./sharded";
import { lightGcnTrainer, mfTrainer, requirePrepared, shardedDefaults } from "./sisa";

/** Options of `recEraser`. */
export interface RecEraserOptions<F> extends ShardedOptions<F> {
  /**
   * `principled` (default): means as centroids, touched shards retrained. `paper`: the release's scalar centroids, all shards
   * retrained. A mode sets the defaults of `centroids` and `retrains`.
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
    ...{ partition: "interaction", iterations: 50, slack: 1.2, centroids: mode === "paper" ? "scalar" : "mean" },
  };
  const options = resolveOptions(defaults, given, "recEraser");
  checkShardedOptions(options);
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
function recEraserOf<M extends EmbeddingModel<M> & PartitionEmbeddings, F>(trainer: ShardTrainer<M, F>) {
  return {
    name: "receraser",

    /**
     * Partitions by the original's embeddings and trains all shards.
     *
     * @throws InvalidOptionError for unknown options, or without `validation`
     */
    async prepare(
      original: Recommender & PartitionEmbeddings,
      train: Interactions,
      options?: Partial<RecEraserOptions<F>>,
    ): Promise<ShardedPrepared<M>> {
      const resolved = resolve(options);
      const shardOf = similarityPartition(train, original, { ...resolved, by: resolved.partition });
      return trainShards(trainer, train, rowsByShard(shardOf, resolved.shards), resolved);
    },

    /**
     * Forgets the rows of a request.
     *
     * @param options the same as `prepare` was given
     * @param prepared of the same training rows
     * @throws InvalidOptionError for unknown options, or without `validation` or `prepared`
     * @throws CancelledError when the current signal is aborted
     */
    async unlearn(
      _original: Recommender,
      request: UnlearningRequest,
      options?: Partial<RecEraserOptions<F>>,
      prepared?: ShardedPrepared<M>,
    ): Promise<UnlearningResult<Ensemble<M>, ShardedDiagnostics<M>>> {
      return forgetFromShards(trainer, request, resolve(options), requirePrepared(prepared, "recEraser"));
    },
  } satisfies UnlearningMethod<Ensemble<M>, ShardedPrepared<M>, RecEraserOptions<F>, ShardedDiagnostics<M>, M>;
}

/** RecEraser over matrix factorisation. */
export const recEraser = recEraserOf(mfTrainer);

/** RecEraser over LightGCN. */
export const recEraserLightGcn = recEraserOf(lightGcnTrainer);

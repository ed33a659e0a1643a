import { requireOneOf, resolveOptions } from "../core";
import { rowCount } from "../data";
import type { EmbeddingModel, Recommender } from "../models";
import { randomPartition } from "./partition";
import { lightGcnTrainer, mfTrainer, type ShardTrainer } from "./shard-trainers";
import { checkShardedOptions, shardedDefaults, type ShardedOptions } from "./sharded";
import { shardedMethod } from "./sharded-method";

/** Options of `sisa`. */
export interface SisaOptions<F> extends ShardedOptions<F> {
  /**
   * `principled` (default): mean of the shards' scores, touched shards retrained. `paper`: what IFRU's release calls SISA, random
   * shards with RecEraser's learned attention, all retrained. A mode sets the defaults of `aggregation`, `retrains`, `batches` and
   * `attention`.
   */
  mode: "principled" | "paper";
}

function resolve<F>(given: Partial<SisaOptions<F>> | undefined): SisaOptions<F> {
  const mode = requireOneOf("mode", given?.mode ?? "principled", ["principled", "paper"]);
  const defaults = { ...shardedDefaults<F>(mode, mode === "paper" ? "attention" : "mean"), mode };
  return checkShardedOptions(resolveOptions<SisaOptions<F>>(defaults, given, "sisa"));
}

/**
 * SISA (Bourtoule et al., IEEE S&P 2021) for one kind of model: random shards, one model each, and only those that hold a forgotten
 * row are trained again.
 */
const sisaOf = <M extends EmbeddingModel<M>, F>(trainer: ShardTrainer<M, F>) =>
  shardedMethod<M, Recommender, F, SisaOptions<F>>(trainer, {
    name: "sisa",
    resolve,
    partition: (_original, train, { shards, seed }) => randomPartition(rowCount(train), shards, seed),
  });

/** SISA over matrix factorisation. */
export const sisa = sisaOf(mfTrainer);

/** SISA over LightGCN. */
export const sisaLightGcn = sisaOf(lightGcnTrainer);

import { byMode, type Mode, modeOption, optionList, withInitial } from "../core";
import { rowCount } from "../data";
import type { EmbeddingModel, Recommender } from "../models";
import { randomPartition } from "./partition";
import { lightGcnTrainer, mfTrainer, type ShardTrainer } from "./shard-trainers";
import { shardedFields, type ShardedOptions } from "./sharded";
import { shardedMethod } from "./sharded-method";

/** The options of `sisa` and `sisaLightGcn`. */
export const sisaOptions = optionList("sisa", {
  mode: modeOption(
    "`principled`: mean of the shards' scores, touched shards retrained. `paper`: what IFRU's release calls SISA, random " +
      "shards with RecEraser's learned attention, all retrained.",
  ),
  ...shardedFields,
  aggregation: withInitial(shardedFields.aggregation, byMode("mean", "attention")),
});

/** Options of `sisa`; defaults and ranges are in `sisaOptions`. */
export interface SisaOptions<F> extends ShardedOptions<F> {
  readonly mode: Mode;
}

/**
 * SISA (Bourtoule et al., IEEE S&P 2021) for one kind of model: random shards, one model each, and only those that hold
 * a forgotten row are trained again.
 */
const sisaOf = <M extends EmbeddingModel<M>, F>(trainer: ShardTrainer<M, F>) =>
  shardedMethod<M, Recommender, F, SisaOptions<F>>(trainer, {
    name: "sisa",
    resolve: (given) => sisaOptions.resolve(given) as SisaOptions<F>,
    partition: (_original, train, { shards, seed }) => randomPartition(rowCount(train), shards, seed),
  });

/** SISA over matrix factorisation. */
export const sisa = sisaOf(mfTrainer);

/** SISA over LightGCN. */
export const sisaLightGcn = sisaOf(lightGcnTrainer);

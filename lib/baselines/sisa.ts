import { InvalidOptionError, requireOneOf, resolveOptions } from "../core";
import { type Interactions, rowCount } from "../data";
import type { EmbeddingModel, Ensemble, LightGcn, Mf, Recommender } from "../models";
import {
  fitLightGcn,
  type FitLightGcnOptions,
  fitMf,
  type FitMfOptions,
  resolveFitLightGcnOptions,
  resolveFitMfOptions,
  type UnlearningMethod,
  type UnlearningRequest,
  type UnlearningResult,
} from "../training";
import { releasedAttention } from "./fit-attention";
import { randomPartition, rowsByShard } from "./partition";
import {
  checkShardedOptions,
  forgetFromShards,
  type ShardedDiagnostics,
  type ShardedOptions,
  type ShardedPrepared,
  type ShardTrainer,
  trainShards,
} from "./sharded";

/** Options of `sisa`. */
export interface SisaOptions<F> extends ShardedOptions<F> {
  /**
   * `principled` (default): mean of the shards' scores, touched shards retrained. `paper`: what IFRU's release calls SISA, random
   * shards with RecEraser's learned attention, all retrained. A mode sets the defaults of `aggregation` and `retrains`.
   */
  mode: "principled" | "paper";
}

/** What both modes of a method that trains shards start from. */
export function shardedDefaults<F>(mode: "principled" | "paper", aggregation: "mean" | "attention") {
  const validation = null as Interactions | null;
  const retrains: "touched" | "all" = mode === "paper" ? "all" : "touched";
  const training: Partial<F> = {};
  const attention = mode === "paper" ? releasedAttention : {};
  return { mode, shards: 10, slices: 1, aggregation, retrains, training, attention, validation, seed: 1024 };
}

function resolve<F>(given: Partial<SisaOptions<F>> | undefined): SisaOptions<F> {
  const mode = requireOneOf("mode", given?.mode ?? "principled", ["principled", "paper"]);
  const defaults: SisaOptions<F> = shardedDefaults<F>(mode, mode === "paper" ? "attention" : "mean");
  const options = resolveOptions(defaults, given, "sisa");
  checkShardedOptions(options);
  return options;
}

/** Matrix factorisation as shards are trained. */
export const mfTrainer: ShardTrainer<Mf, FitMfOptions> = {
  fit: (rows, valid, options, initial) => fitMf(rows, valid, options, initial),
  seed: (options) => resolveFitMfOptions(options).seed,
};

/** LightGCN as shards are trained, each over the graph of its own rows. */
export const lightGcnTrainer: ShardTrainer<LightGcn, FitLightGcnOptions> = {
  fit: (rows, valid, options, initial) => fitLightGcn(rows, valid, options, initial),
  seed: (options) => resolveFitLightGcnOptions(options).seed,
};

/** The state that `prepare` made. @throws InvalidOptionError when there is none */
export function requirePrepared<P>(prepared: P | undefined, method: string): P {
  if (prepared !== undefined) return prepared;
  throw new InvalidOptionError("shards are trained before anything can be forgotten from them", {
    where: method,
    remedy: `pass what ${method}.prepare(original, train, options) returns`,
  });
}

/**
 * SISA (Bourtoule et al., IEEE S&P 2021) for one kind of model: random shards, one model each, and only those that hold a forgotten
 * row are trained again. The ensemble takes the original's place; the original itself is not looked at.
 */
function sisaOf<M extends EmbeddingModel<M>, F>(trainer: ShardTrainer<M, F>) {
  return {
    name: "sisa",

    /** Trains all shards. @throws InvalidOptionError for unknown options, or without `validation` */
    async prepare(
      _original: Recommender,
      train: Interactions,
      options?: Partial<SisaOptions<F>>,
    ): Promise<ShardedPrepared<M>> {
      const resolved = resolve(options);
      const shardOf = randomPartition(rowCount(train), resolved.shards, resolved.seed);
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
      options?: Partial<SisaOptions<F>>,
      prepared?: ShardedPrepared<M>,
    ): Promise<UnlearningResult<Ensemble<M>, ShardedDiagnostics<M>>> {
      return forgetFromShards(trainer, request, resolve(options), requirePrepared(prepared, "sisa"));
    },
  } satisfies UnlearningMethod<Ensemble<M>, ShardedPrepared<M>, SisaOptions<F>, ShardedDiagnostics<M>>;
}

/** SISA over matrix factorisation. */
export const sisa = sisaOf(mfTrainer);

/** SISA over LightGCN. */
export const sisaLightGcn = sisaOf(lightGcnTrainer);

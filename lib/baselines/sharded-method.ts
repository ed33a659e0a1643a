import { InvalidOptionError, Stopwatch } from "../core";
import { type Interactions, requireForgetRows } from "../data";
import type { EmbeddingModel, Ensemble, Recommender } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { rowsByShard } from "./partition";
import type { ShardTrainer } from "./shard-trainers";
import {
  forgetFromShards,
  type ShardedDiagnostics,
  type ShardedOptions,
  type ShardedPrepared,
  trainShards,
} from "./sharded";

/** What tells one method that trains shards from another. `T` is what it looks at to partition. */
export interface ShardedRule<T, O> {
  readonly name: string;
  /** The options with their defaults. @throws InvalidOptionError for an unknown option or one out of range */
  resolve(options: Partial<O> | undefined): O;
  /** The shard of each row, `[rows]`. */
  partition(original: T, train: Interactions, options: O): Int32Array;
}

/** A method that partitions the rows, trains a model on every shard, and forgets by training shards again. */
export function shardedMethod<M extends EmbeddingModel<M>, T extends Recommender, F, O extends ShardedOptions<F>>(
  trainer: ShardTrainer<M, F>,
  { name, resolve, partition }: ShardedRule<T, O>,
) {
  return {
    name,

    /**
     * Partitions, and trains all shards.
     *
     * @param options `validation` is required: the rows whose AUC ends every training early
     * @throws InvalidOptionError for unknown options, or without `validation`
     * @example
     * const prepared = await sisa.prepare(model, train, { validation: valid, shards: 4 });
     */
    async prepare(original: T, train: Interactions, options?: Partial<O>): Promise<ShardedPrepared<M>> {
      const resolved = resolve(options);
      const watch = new Stopwatch();
      const rows = watch.time("partition", () => rowsByShard(partition(original, train, resolved), resolved.shards));
      return trainShards(trainer, train, rows, resolved, watch);
    },

    /**
     * Forgets the rows of a request. The ensemble takes the original's place; the original itself is not looked at.
     *
     * @param options the same as `prepare` was given, `validation` among them
     * @param prepared of the same training rows, or what the request before returned
     * @throws InvalidArgumentError for rows that are not there, or what was prepared of other rows
     * @throws InvalidOptionError for unknown options, or without `validation` or `prepared`
     * @throws CancelledError when the current signal is aborted
     * @example
     * const options = { validation: valid, shards: 4 };
     * const prepared = await sisa.prepare(model, train, options);
     * const { update } = await sisa.unlearn(prepared.model, request, options, prepared);
     * const forgotten = applyUpdate(prepared.model, update);
     */
    async unlearn(
      _original: Recommender,
      request: UnlearningRequest,
      options?: Partial<O>,
      prepared?: ShardedPrepared<M>,
    ): Promise<UnlearningResult<Ensemble<M>, ShardedDiagnostics<M>>> {
      const resolved = resolve(options);
      if (prepared === undefined)
        throw new InvalidOptionError("shards are trained before anything can be forgotten from them", {
          where: name,
          remedy: "pass what prepare(original, train, options) returns",
        });
      prepared.origin.require(name, request.train);
      const forgetRows = requireForgetRows(request.train, request.forgetRows, name);
      return forgetFromShards(trainer, { ...request, forgetRows }, resolved, prepared);
    },
  } satisfies UnlearningMethod<Ensemble<M>, ShardedPrepared<M>, O, ShardedDiagnostics<M>, T>;
}

import { InvalidOptionError, Stopwatch } from "../../core";
import { requireForgetRows, type Sessions } from "../../data";
import type { SessionEnsemble, SessionModel, SessionRecommender } from "../../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../../training";
import type { ItemVectors } from "./removal";
import {
  type Aggregator,
  forgetFromSessionShards,
  type PreparedSessionShards,
  type ShardedSessionsDiagnostics,
  type ShardedSessionsOptions,
  trainSessionShards,
} from "./sharded-sessions";

/**
 * What tells one method that trains a session model on every shard from another. `T` is what it looks at to
 * partition, `O` are its options, `R` those with their defaults.
 */
export interface ShardedSessionsRule<T, O, R> {
  readonly name: string;
  /** The options with their defaults. @throws InvalidOptionError for an unknown option or one out of range */
  resolve(options: Partial<O> | undefined): R;
  /** The shard of each session, `[sessions]`. */
  partition(original: T, train: Sessions, options: R): Promise<Int32Array>;
  /** What is kept of the original to compare items by. */
  vectors(original: T): ItemVectors | null;
  aggregator(options: R): Aggregator;
}

/** A method that partitions sessions, trains a model on every shard, and forgets by training shards again. */
export function shardedSessionMethod<T extends Pick<SessionModel, "kind">, O, R extends ShardedSessionsOptions>({
  name,
  resolve,
  partition,
  vectors,
  aggregator,
}: ShardedSessionsRule<T, O, R>) {
  return {
    name,

    /**
     * Partitions, and trains all shards.
     *
     * @param original says the kind of the models; what else is looked at is the method's
     * @param options `validation` is required: the sessions that end every training early
     * @throws InvalidOptionError for unknown options, or without `validation`
     * @example
     * const prepared = await sru.prepare(gru, sessionSplit.train, { validation: sessionSplit.valid });
     */
    async prepare(original: T, train: Sessions, options?: Partial<O>): Promise<PreparedSessionShards> {
      const resolved = resolve(options);
      const watch = new Stopwatch();
      const shardOf = await watch.timeAsync("partition", () => partition(original, train, resolved));
      const given = { shardOf, vectors: vectors(original) };
      return trainSessionShards(original.kind, train, given, resolved, aggregator(resolved), watch);
    },

    /**
     * Forgets the events of a request. The ensemble takes the original's place; the original itself is not looked at.
     *
     * @param options the same as `prepare` was given, `validation` among them
     * @param prepared of the same training sessions, or what the request before returned
     * @throws InvalidOptionError for unknown options, or without `validation` or `prepared`
     * @throws InvalidArgumentError when a shard has nothing left to learn from
     * @throws CancelledError when the current signal is aborted
     * @example
     * const options = { validation: sessionSplit.valid };
     * const prepared = await sru.prepare(gru, sessionSplit.train, options);
     * const { update } = await sru.unlearn(prepared.model, eventRequest, options, prepared);
     * const forgotten = applyUpdate(prepared.model, update);
     */
    async unlearn(
      _original: SessionRecommender,
      request: UnlearningRequest<Sessions>,
      options?: Partial<O>,
      prepared?: PreparedSessionShards,
    ): Promise<UnlearningResult<SessionEnsemble, ShardedSessionsDiagnostics>> {
      const resolved = resolve(options);
      if (prepared === undefined)
        throw new InvalidOptionError("shards are trained before anything can be forgotten from them", {
          where: name,
          remedy: "pass what prepare(original, train, options) returns",
        });
      prepared.origin.require(name, request.train);
      const forgetRows = requireForgetRows(request.train, request.forgetRows, name);
      return forgetFromSessionShards({ ...request, forgetRows }, resolved, aggregator(resolved), prepared);
    },
  } satisfies UnlearningMethod<SessionEnsemble, PreparedSessionShards, O, ShardedSessionsDiagnostics, T, Sessions>;
}

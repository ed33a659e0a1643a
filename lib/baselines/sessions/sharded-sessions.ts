import {
  byMode,
  givenOption,
  InvalidArgumentError,
  InvalidOptionError,
  type OptionsOf,
  Stopwatch,
  wholeOption,
  wordOption,
} from "../../core";
import {
  historyCount,
  joinedRows,
  prefixSamples,
  selectSessions,
  sessionCount,
  type Sessions,
  withoutRows,
} from "../../data";
import { type SessionAggregation, SessionEnsemble, type SessionModel, type SessionModelKind } from "../../models";
import {
  fitSessionModel,
  type FitSessionOptions,
  PreparedOrigin,
  resolveFitSessionOptions,
  type UnlearningRequest,
  type UnlearningResult,
} from "../../training";
import { rowsByShard } from "../partition";
import { type ItemVectors, removalFields, type RemovalOptions, removedRows, sessionsAfter } from "./removal";

/** What methods that train one session model a shard are asked. */
export const shardedSessionsFields = {
  shards: wholeOption("How many shards.", 8, 1),
  training: givenOption<Partial<FitSessionOptions[SessionModelKind]>>(
    "How each shard's model is trained, as the original was; shard k's seed is this one plus k.",
    {},
  ),
  batches: wordOption(
    "`share`: the whole's batches divided by the number of shards, so that a shard takes as many steps an epoch as the " +
      "whole would. `whole`: batches as large as the whole's, as SRU's release has them.",
    ["share", "whole"],
    byMode("share", "whole"),
  ),
  removal: removalFields.removal,
  validation: givenOption<Sessions | null>("The sessions that end every training early.", null),
  seed: removalFields.seed,
};

/** What methods that train one session model a shard have in common. */
export interface ShardedSessionsOptions extends OptionsOf<typeof shardedSessionsFields>, RemovalOptions {}

/** Trained shards and what it takes to forget from them. */
export interface PreparedSessionShards {
  readonly model: SessionEnsemble;
  /** The shard of each session that the original was trained on, `[sessions]`. */
  readonly shardOf: Int32Array;
  /** The shard of each member; those that requests left without sessions have dropped out. */
  readonly memberShards: readonly number[];
  /** Rows taken out so far, ascending: of what shards learn from, and of what the aggregation learns from. */
  readonly removed: { readonly shards: Int32Array; readonly aggregation: Int32Array };
  /** What CED compares items by; `null` where it is not asked for. */
  readonly vectors: ItemVectors | null;
  /** The sessions it was made of: those of every request, forgotten events among them. */
  readonly origin: PreparedOrigin;
  /** Seconds by stage: `partition`, `training`, `aggregation`. */
  readonly seconds: Readonly<Record<string, number>>;
  /** The same with the shards trained at once. */
  readonly parallelSeconds: Readonly<Record<string, number>>;
}

export interface ShardedSessionsDiagnostics {
  /** The shards that were trained again. */
  readonly retrainedShards: readonly number[];
  /** The shards that this request left without sessions: the ensemble goes on without them. */
  readonly droppedShards: readonly number[];
  /** Epochs of all shards' trainings together. */
  readonly epochs: number;
  /** Epochs of the aggregation's training; 0 for a mean. */
  readonly aggregationEpochs: number;
  /** Events that went, the forgotten ones among them. */
  readonly removedRows: number;
  /** What the next request starts from. Rows keep their numbers, so requests may come one after another. */
  readonly prepared: PreparedSessionShards;
}

/** An aggregation and what it took to find. */
export interface Aggregated {
  readonly aggregation: SessionAggregation;
  readonly epochs: number;
  /** Samples of which gradients were taken, over all epochs. */
  readonly gradientRows: number;
}

/**
 * What tells one method from another: how trained shards are put together. `shards` are what each was trained on, `all`
 * all of them.
 */
export type Aggregator = (
  members: readonly SessionModel[],
  data: { readonly shards: readonly Sessions[]; readonly all: Sessions; readonly valid: Sessions },
) => Promise<Aggregated>;

/**
 * Trains a model on every shard and puts them together.
 *
 * @param kind of the models
 * @param watch of the preparation, which may have seconds already
 */
export async function trainSessionShards(
  kind: SessionModelKind,
  train: Sessions,
  given: Pick<PreparedSessionShards, "shardOf" | "vectors">,
  options: ShardedSessionsOptions,
  aggregator: Aggregator,
  watch: Stopwatch,
): Promise<PreparedSessionShards> {
  const work = new ShardWork(kind, options, aggregator, watch);
  const none = new Int32Array(0);
  const removed = { shards: none, aggregation: none };
  const shards = sessionsByShard(train, given.shardOf, none, options.shards);
  const members: SessionModel[] = [];
  for (const [number, sessions] of shards.entries()) members.push(await work.train(number, sessions));
  const model = await work.aggregate(members, shards, train);
  const origin = new PreparedOrigin(train);
  return { model, ...given, memberShards: [...shards.keys()], removed, origin, ...work.seconds() };
}

/**
 * Forgets events: they and what goes with them are taken out of their sessions, and every shard that holds such a
 * session is trained again. The others keep their models.
 */
export async function forgetFromSessionShards(
  { train, forgetRows }: UnlearningRequest<Sessions>,
  options: ShardedSessionsOptions & { readonly aggregatorDeletion?: "same" | "repeated" },
  aggregator: Aggregator,
  prepared: PreparedSessionShards,
): Promise<UnlearningResult<SessionEnsemble, ShardedSessionsDiagnostics>> {
  const watch = new Stopwatch();
  const { members } = prepared.model;
  const work = new ShardWork(members[0].kind, options, aggregator, watch);
  const { removed, shards, all, memberShards, touched } = watch.time("selection", () => {
    const removed = removedBy(train, forgetRows, options, prepared);
    const shards = sessionsByShard(train, prepared.shardOf, removed.shards, options.shards);
    const left = (number: number) => sessionCount(shards[number]) > 0;
    return {
      ...{ removed, shards, all: withoutRows(train, removed.aggregation) },
      memberShards: prepared.memberShards.filter(left),
      touched: touchedShards(train, prepared, removed.shards).filter(left),
    };
  });
  if (memberShards.length === 0)
    throw new InvalidArgumentError("this request and those before it leave no shard with sessions", {
      where: "forgetRows",
      remedy: "leave sessions in, or discard the model",
    });
  const droppedShards = prepared.memberShards.filter((number) => !memberShards.includes(number));
  const models = new Map(prepared.memberShards.map((number, k) => [number, members[k]]));
  for (const number of touched) models.set(number, await work.train(number, shards[number]));
  const unchanged = touched.length === 0 && droppedShards.length === 0;
  const model = unchanged
    ? prepared.model
    : await work.aggregate(
        memberShards.map((number) => models.get(number)!),
        memberShards.map((number) => shards[number]),
        all,
      );
  const times = work.seconds();
  return {
    update: { kind: "model", model },
    cost: {
      ...times,
      gradientRows: work.gradientRows,
      hessianVectorProducts: 0,
      incidentRows: null,
      rowsTouched: touched.length * train.itemCount,
    },
    diagnostics: {
      retrainedShards: touched,
      droppedShards,
      epochs: work.epochs,
      aggregationEpochs: work.aggregationEpochs,
      removedRows: removed.shards.length - prepared.removed.shards.length,
      prepared: { ...prepared, model, memberShards, removed, ...times },
    },
  };
}

/** The rows that are out after a request, those of earlier ones among them. */
function removedBy(
  train: Sessions,
  forgetRows: Int32Array,
  options: ShardedSessionsOptions & { readonly aggregatorDeletion?: "same" | "repeated" },
  { removed, vectors }: PreparedSessionShards,
): PreparedSessionShards["removed"] {
  const further = (before: Int32Array, own: RemovalOptions, purpose?: string) =>
    joinedRows([before, removedRows(sessionsAfter(train, before), forgetRows, own, vectors, purpose)]);
  const shards = further(removed.shards, options);
  if (options.aggregatorDeletion !== "repeated") return { shards, aggregation: shards };
  const { deletion, deleteCount } = options;
  const again = { ...options, deleteCount: deletion === "nearest" ? 2 * deleteCount : deleteCount };
  return { shards, aggregation: further(removed.aggregation, again, "aggregation") };
}

/** The shards that hold a session which rows were taken out of. */
function touchedShards(train: Sessions, { shardOf, removed }: PreparedSessionShards, now: Int32Array): number[] {
  const before = new Set(removed.shards);
  const gone = new Set(now.filter((row) => !before.has(row)));
  const touched = new Set<number>();
  shardOf.forEach((shard, session) => {
    const rows = train.row.subarray(train.offsets[session], train.offsets[session + 1]);
    if (rows.some((row) => gone.has(row))) touched.add(shard);
  });
  return [...touched].sort((a, b) => a - b);
}

/** What each shard learns from: its sessions as far as they are still there. */
function sessionsByShard(train: Sessions, shardOf: Int32Array, removed: Int32Array, shards: number): Sessions[] {
  return rowsByShard(shardOf, shards).map((own) => withoutRows(selectSessions(train, own), removed));
}

/** The trainings of one preparation or request, counted and timed. */
class ShardWork {
  epochs = 0;
  aggregationEpochs = 0;
  gradientRows = 0;
  private readonly valid: Sessions;
  private slowest = 0;

  /** @throws InvalidOptionError without validation sessions */
  constructor(
    private readonly kind: SessionModelKind,
    private readonly options: ShardedSessionsOptions,
    private readonly aggregator: Aggregator,
    private readonly watch: Stopwatch,
  ) {
    if (options.validation === null)
      throw new InvalidOptionError('"validation" is missing', { remedy: "pass the sessions that end trainings early" });
    this.valid = options.validation;
  }

  /** Trains one shard. @throws InvalidArgumentError when it has nothing left to learn from */
  async train(number: number, train: Sessions): Promise<SessionModel> {
    const before = this.watch.seconds()["training"] ?? 0;
    const { model, epochs } = await this.watch.timeAsync("training", () =>
      fitSessionModel(this.kind, { train, valid: this.valid }, this.optionsOf(number)),
    );
    this.slowest = Math.max(this.slowest, this.watch.seconds()["training"] - before);
    this.epochs += epochs;
    this.gradientRows += epochs * historyCount(prefixSamples(train));
    return model;
  }

  /** Puts trained shards together. */
  async aggregate(
    members: readonly SessionModel[],
    shards: readonly Sessions[],
    all: Sessions,
  ): Promise<SessionEnsemble> {
    const { aggregation, epochs, gradientRows } = await this.watch.timeAsync("aggregation", () =>
      this.aggregator(members, { shards, all, valid: this.valid }),
    );
    this.aggregationEpochs += epochs;
    this.gradientRows += gradientRows;
    return new SessionEnsemble(members, aggregation);
  }

  /** Seconds by stage, shards in turn and at once. */
  seconds(): Pick<PreparedSessionShards, "seconds" | "parallelSeconds"> {
    const seconds = this.watch.seconds();
    const parallelSeconds = "training" in seconds ? { ...seconds, training: this.slowest } : seconds;
    return { seconds, parallelSeconds };
  }

  private optionsOf(number: number): Partial<FitSessionOptions[SessionModelKind]> {
    const { training, batches, shards } = this.options;
    const whole = resolveFitSessionOptions(this.kind, training);
    const batchSize = batches === "whole" ? whole.batchSize : Math.ceil(whole.batchSize / shards);
    return { ...whole, batchSize, seed: whole.seed + number };
  }
}

import {
  byMode,
  givenOption,
  InvalidArgumentError,
  InvalidOptionError,
  type OptionsOf,
  ProgressTask,
  seedOption,
  Stopwatch,
  wholeOption,
  wordOption,
} from "../core";
import { type Interactions, joinedRows, selectRows } from "../data";
import { type EmbeddingModel, Ensemble } from "../models";
import { PreparedOrigin, type UnlearningRequest, type UnlearningResult } from "../training";
import { fitAttention, type FitAttentionOptions, releasedAttention } from "./fit-attention";
import { intoSlices } from "./partition";
import type { ShardTrainer } from "./shard-trainers";

/** What methods that train one model a shard are asked. */
export const shardedFields = {
  shards: wholeOption("How many shards.", 10, 1),
  slices: wholeOption(
    "Slices of each shard: training takes in one after another, and a request goes back to before the first it touches.",
    1,
    1,
  ),
  aggregation: wordOption(
    "`mean` of the shards' scores, or the release's learned `attention` over their embeddings.",
    ["mean", "attention"],
    "mean",
  ),
  retrains: wordOption(
    "Whether a request retrains the shards it touches, or all of them as the release does.",
    ["touched", "all"],
    byMode("touched", "all"),
  ),
  training: givenOption<object>("How each shard's model is trained; shard k's seed is this one plus k.", {}),
  batches: wordOption(
    "`share`: batches of the training's size divided by the number of shards, so that a shard takes as many steps an " +
      "epoch as the whole would. `whole`: as large as the whole's, as the release has them, so that a small shard takes " +
      "few steps and many epochs.",
    ["share", "whole"],
    byMode("share", "whole"),
  ),
  attention: givenOption<Partial<FitAttentionOptions>>(
    "How the attention is trained; in paper mode as the release does.",
    byMode({}, releasedAttention),
  ),
  validation: givenOption<Interactions | null>("The rows whose AUC ends every training early.", null),
  seed: seedOption("Of the partition.", 1024),
};

/** What methods that train one model a shard have in common. `F` are the options a shard's model is trained with. */
export interface ShardedOptions<F> extends Omit<OptionsOf<typeof shardedFields>, "training"> {
  readonly training: Partial<F>;
}

/** One shard: its rows by slice, and the model after each slice. */
export interface Shard<M> {
  /** Row numbers of the training set, ascending within each slice. */
  readonly slices: readonly Int32Array[];
  /** None where requests took all of its rows: the shard has dropped out. */
  readonly models: readonly M[];
}

/** A trained ensemble and what it takes to forget from it. */
export interface ShardedPrepared<M extends EmbeddingModel<M>> {
  readonly model: Ensemble<M>;
  readonly shards: readonly Shard<M>[];
  /** The rows it was made of: those of every request, forgotten ones among them. */
  readonly origin: PreparedOrigin;
  /** Seconds by stage: `partition`, `training`, `aggregation`. */
  readonly seconds: Readonly<Record<string, number>>;
}

export interface ShardedDiagnostics<M extends EmbeddingModel<M>> {
  /** The shards that were trained again. */
  readonly retrainedShards: readonly number[];
  /** The shards that this request left without rows: the ensemble goes on without them. */
  readonly droppedShards: readonly number[];
  /** Epochs of all shards' trainings together. */
  readonly epochs: number;
  /** Epochs of the attention's training; 0 for a mean. */
  readonly attentionEpochs: number;
  /** What the next request starts from. Rows keep their numbers, so requests may come one after another. */
  readonly prepared: ShardedPrepared<M>;
}

/**
 * Trains a model on every shard, and the attention if there is to be one.
 *
 * @param rows of each shard, ascending
 * @param watch of the preparation, which may have seconds already
 */
export async function trainShards<M extends EmbeddingModel<M>, F>(
  trainer: ShardTrainer<M, F>,
  train: Interactions,
  rows: readonly Int32Array[],
  options: ShardedOptions<F>,
  watch: Stopwatch,
): Promise<ShardedPrepared<M>> {
  const work = new ShardWork(trainer, train, options);
  const shards: Shard<M>[] = [];
  await watch.timeAsync("training", async () => {
    for (const [number, own] of rows.entries()) {
      const slices = intoSlices(own, options.slices, options.seed + number);
      shards.push(await work.train(number, { slices, models: [] }, 0));
    }
  });
  const model = await watch.timeAsync("aggregation", () => work.aggregate(shards));
  return { model, shards, origin: new PreparedOrigin(train), seconds: watch.seconds() };
}

/**
 * Forgets rows: every shard that holds one goes back to the model before the first slice it touches and trains on from
 * there, on the rows that stay. The others keep their models. A shard that is left without rows drops out.
 */
export async function forgetFromShards<M extends EmbeddingModel<M>, F>(
  trainer: ShardTrainer<M, F>,
  { train, forgetRows }: UnlearningRequest,
  options: ShardedOptions<F>,
  prepared: ShardedPrepared<M>,
): Promise<UnlearningResult<Ensemble<M>, ShardedDiagnostics<M>>> {
  const watch = new Stopwatch();
  const work = new ShardWork(trainer, train, options);
  const plans = watch.time("selection", () => planShards(prepared.shards, forgetRows, options.retrains));
  const shards: Shard<M>[] = [];
  const retrainedShards: number[] = [];
  await watch.timeAsync("training", async () => {
    for (const [number, { shard, from }] of plans.entries()) {
      shards.push(from === null ? shard : await work.train(number, shard, from));
      if (from !== null) retrainedShards.push(number);
    }
  });
  const droppedShards = [...shards.keys()].filter(
    (number) => shards[number].models.length === 0 && prepared.shards[number].models.length > 0,
  );
  const unchanged = retrainedShards.length === 0 && droppedShards.length === 0;
  const model = unchanged ? prepared.model : await watch.timeAsync("aggregation", () => work.aggregate(shards));
  return {
    update: { kind: "model", model },
    cost: {
      seconds: watch.seconds(),
      gradientRows: work.gradientRows,
      hessianVectorProducts: 0,
      incidentRows: null,
      rowsTouched: retrainedShards.length * (train.userCount + train.itemCount),
    },
    diagnostics: {
      retrainedShards,
      droppedShards,
      epochs: work.epochs,
      attentionEpochs: work.attentionEpochs,
      prepared: { model, shards, origin: prepared.origin, seconds: watch.seconds() },
    },
  };
}

/** Each shard without the forgotten rows, and the slice to train it again from; `null` where it may stay. */
function planShards<M>(
  shards: readonly Shard<M>[],
  forgetRows: Int32Array,
  retrains: "touched" | "all",
): { shard: Shard<M>; from: number | null }[] {
  const forgotten = new Set(forgetRows);
  return shards.map(({ slices, models }) => {
    const left = slices.map((rows) => rows.filter((row) => !forgotten.has(row)));
    const first = left.findIndex((rows) => rows.length > 0);
    if (first < 0) return { shard: { slices: [], models: [] }, from: null };
    const touched = left.findIndex((rows, slice) => rows.length < slices[slice].length);
    const from = retrains === "all" ? 0 : touched < 0 ? null : touched;
    // a first slice without rows has no model: training begins with the next
    return { shard: { slices: left.slice(first), models }, from };
  });
}

/** The trainings of one preparation or request, counted. */
class ShardWork<M extends EmbeddingModel<M>, F> {
  epochs = 0;
  attentionEpochs = 0;
  gradientRows = 0;
  private readonly validation: Interactions;

  /** @throws InvalidOptionError without validation rows */
  constructor(
    private readonly trainer: ShardTrainer<M, F>,
    private readonly everything: Interactions,
    private readonly options: ShardedOptions<F>,
  ) {
    if (options.validation === null)
      throw new InvalidOptionError('"validation" is missing', { remedy: "pass the rows that end trainings early" });
    this.validation = options.validation;
  }

  /** Trains a shard from one of its slices on. @throws InvalidArgumentError when it has no rows left */
  async train(number: number, { slices, models }: Shard<M>, from: number): Promise<Shard<M>> {
    const options = this.optionsOf(number);
    const after = models.slice(0, from);
    const task = new ProgressTask(`training shard ${number}`, slices.length - from, "slices");
    try {
      for (let slice = from; slice < slices.length; slice++) {
        const rows = selectRows(this.everything, joinedRows(slices.slice(0, slice + 1)));
        const { model, epochs } = await this.trainer.fit(rows, this.validation, options, after.at(-1));
        after.push(model);
        this.epochs += epochs;
        this.gradientRows += epochs * rows.user.length;
        task.update(slice + 1 - from);
      }
    } finally {
      task.finish();
    }
    return { slices, models: after };
  }

  /** How a shard is trained. */
  private optionsOf(number: number): F {
    const { training, shards, batches } = this.options;
    const whole = this.trainer.resolve(training);
    const batchSize = batches === "whole" ? whole.batchSize : Math.ceil(whole.batchSize / shards);
    return { ...whole, seed: whole.seed + number, batchSize };
  }

  /** The ensemble of the shards' last models. */
  async aggregate(shards: readonly Shard<M>[]): Promise<Ensemble<M>> {
    const members = shards.flatMap(({ models }) => models.slice(-1));
    if (members.length === 0)
      throw new InvalidArgumentError("this request and those before it leave no shard with rows", {
        where: "forgetRows",
        remedy: "leave rows in, or discard the model",
      });
    if (this.options.aggregation === "mean") return new Ensemble(members);
    const rows = selectRows(this.everything, joinedRows(shards.flatMap(({ slices }) => slices)));
    const { weights, epochs } = await fitAttention(members, rows, this.validation, this.options.attention);
    this.attentionEpochs += epochs;
    this.gradientRows += epochs * rows.user.length;
    return new Ensemble(members, weights);
  }
}

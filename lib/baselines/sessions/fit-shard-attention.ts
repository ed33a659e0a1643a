import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-core";
import {
  Breather,
  flagOption,
  numberOption,
  optionList,
  type OptionsOf,
  Random,
  seedOption,
  wholeOption,
} from "../../core";
import { historyCount, type PrefixSamples, prefixSamples, selectSamples, type Sessions } from "../../data";
import { type TensorAdam, type TensorEngine, tensorEngine } from "../../engine";
import { mean, ndcgAt, targetRanks } from "../../metrics";
import {
  aggregatedStates,
  centroidsShape,
  classOfItem,
  openShardStates,
  type ParameterPlan,
  type SessionAggregation,
  SessionEnsemble,
  type SessionModel,
  type SessionStates,
  type SessionTensors,
  shardAttentionPlans,
} from "../../models";
import { fit, notFinite, type Trainee } from "../../training";
import { stateBlocks } from "./shard-states";

/** How SRU's attention over shards is trained, the shards' models fixed. Most defaults are those of SRU's release. */
export const fitShardAttentionOptions = optionList("attention", {
  learningRate: numberOption("Adam's step size.", 1e-3, { above: 0 }),
  batchSize: wholeOption("Histories per step.", 256, 1),
  epochs: wholeOption("The most epochs there may be.", 10, 1),
  patience: wholeOption(
    "Epochs in a row without a better validation ndcg@10 that end it; in the release nothing does.",
    2,
    1,
  ),
  samples: wholeOption(
    "The most prefixes of the training sessions that are learnt from, drawn once; 0 for all, as in SRU's release.",
    100_000,
    0,
  ),
  validationSamples: wholeOption("The most samples that validation ranks, drawn once.", 5_000, 1),
  shardDropout: flagOption(
    "Whether dropout stays on inside the shards' models, in training and in use: a slip of SRU's release that meets " +
      "SASRec.",
    false,
  ),
  seed: seedOption("Draws the initial weights, prefixes and batches.", 1),
});

/** Options of the attention's training; defaults and ranges are in `fitShardAttentionOptions`. */
export interface FitShardAttentionOptions extends OptionsOf<typeof fitShardAttentionOptions.fields> {}

/** As the release trains it. */
export const releasedShardAttention: Partial<FitShardAttentionOptions> = {
  patience: 10,
  samples: 0,
  shardDropout: true,
};

/** States that are kept in memory at most, in floats; more are computed again in every epoch. */
const mostKeptStates = 2 ** 27;

/**
 * Trains SRU's attention over shards (`README.md`): cross-entropy of the next item of every prefix, Adam, the epoch
 * with the best validation ndcg@10 kept.
 *
 * @param members the shards' models, which stay as they are
 * @param centroids what each shard's states are compared with, `[shards, width]`
 * @param sessions `train` has the prefixes to learn from, `valid` the sessions that choose the epoch
 * @param options those that differ from the defaults
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const { members } = await SessionEnsemble.load("shards.safetensors");
 * const width = members[0].form.options.embeddingSize;
 * const centroids = new Float32Array(members.length * width); // to be filled with each shard's mean state
 * const { aggregation } = await fitShardAttention(members, centroids, sessionSplit);
 * const ensemble = new SessionEnsemble(members, aggregation);
 */
export async function fitShardAttention(
  members: readonly SessionModel[],
  centroids: Float32Array,
  { train, valid }: { readonly train: Sessions; readonly valid: Sessions },
  options?: Partial<FitShardAttentionOptions>,
): Promise<{ readonly aggregation: SessionAggregation; readonly epochs: number; readonly gradientRows: number }> {
  const resolved = fitShardAttentionOptions.resolve(options);
  const { seed } = resolved;
  const samples = some(prefixSamples(train), resolved.samples, seed, "attention samples");
  const judged = some(prefixSamples(valid), resolved.validationSamples, seed, "validation samples");
  const dropoutSeed = resolved.shardDropout ? seed : null;
  const states = await ShardStates.of(members, samples, dropoutSeed);
  const trainee = new ShardAttentionTrainee(
    await tensorEngine(),
    members,
    centroids,
    samples,
    judged,
    states,
    resolved,
  );
  try {
    const { epochs } = await fit(trainee, resolved);
    return { aggregation: trainee.best, epochs, gradientRows: epochs * historyCount(samples) };
  } finally {
    trainee.dispose();
    states.dispose();
  }
}

/** At most so many samples, drawn once; all for 0. */
function some(samples: PrefixSamples, most: number, seed: number, purpose: string): PrefixSamples {
  const count = historyCount(samples);
  if (most === 0 || count <= most) return samples;
  return selectSamples(samples, Random.derive(seed, purpose).sample(count, most).sort());
}

/**
 * The shards' states of samples: computed once, or anew where dropout differs each time or there are too many to keep.
 */
class ShardStates {
  private constructor(
    private readonly samples: PrefixSamples,
    private readonly shape: { readonly shards: number; readonly width: number },
    private readonly open: SessionStates | null,
    private readonly kept: readonly Float32Array[],
  ) {}

  static async of(
    members: readonly SessionModel[],
    samples: PrefixSamples,
    dropoutSeed: number | null,
  ): Promise<ShardStates> {
    const shape = { shards: members.length, width: members[0].form.options.embeddingSize };
    const size = historyCount(samples) * shape.width;
    if (dropoutSeed !== null || members.length * size > mostKeptStates)
      return new ShardStates(samples, shape, await openShardStates(members, dropoutSeed), []);
    const kept: Float32Array[] = [];
    for (const member of members) {
      const states = new Float32Array(size);
      for await (const { first, values } of stateBlocks(await member.openStates(), samples))
        states.set(values, first * shape.width);
      kept.push(states);
    }
    return new ShardStates(samples, shape, null, kept);
  }

  /** @param chosen numbers of samples @returns `[shards, chosen, width]` */
  async at(chosen: Int32Array): Promise<Float32Array> {
    if (this.open !== null) return this.open.of(selectSamples(this.samples, chosen));
    const { shards, width } = this.shape;
    const stacked = new Float32Array(shards * chosen.length * width);
    let to = 0;
    for (const states of this.kept)
      for (const sample of chosen) {
        stacked.set(states.subarray(sample * width, (sample + 1) * width), to);
        to += width;
      }
    return stacked;
  }

  dispose(): void {
    this.open?.dispose();
  }
}

/** The state of one training. Parameters live on the tensor engine; dispose of it. */
class ShardAttentionTrainee implements Trainee {
  readonly label = "shard attention";
  best: SessionAggregation;
  private readonly plans: readonly ParameterPlan[];
  private readonly variables: readonly Variable[];
  private readonly centroids: Tensor3D;
  private readonly adam: TensorAdam;
  private readonly order: Int32Array;
  private readonly breather = new Breather("training shard attention");

  constructor(
    private readonly engine: TensorEngine,
    private readonly members: readonly SessionModel[],
    private readonly centroidValues: Float32Array,
    private readonly samples: PrefixSamples,
    private readonly judged: PrefixSamples,
    private readonly states: ShardStates,
    private readonly options: FitShardAttentionOptions,
  ) {
    const { tf } = engine;
    const { form } = members[0];
    this.plans = shardAttentionPlans(form, members.length);
    this.variables = this.plans.map(({ name, shape, initialise }) => {
      const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
      initialise(values, Random.derive(options.seed, "shard attention", name));
      return tf.tidy(() => tf.variable(tf.tensor(values, [...shape])));
    });
    this.centroids = tf.tensor3d(centroidValues, centroidsShape(form, members.length));
    this.adam = engine.adam(this.variables, { learningRate: options.learningRate });
    this.order = Int32Array.from({ length: historyCount(samples) }, (_, k) => k);
    this.best = this.present();
  }

  async runEpoch(epoch: number): Promise<number> {
    const { seed, batchSize } = this.options;
    Random.derive(seed, "shard attention batches", epoch).shuffle(this.order.sort());
    let sum = 0;
    for (let from = 0; from < this.order.length; from += batchSize) {
      await this.breather.breathe();
      const chosen = this.order.subarray(from, from + batchSize);
      const loss = this.step(chosen, await this.states.at(chosen));
      if (!Number.isFinite(loss))
        throw notFinite(this.label, "loss", loss, `epoch ${epoch}, batch ${1 + from / batchSize}`);
      sum += loss * chosen.length;
    }
    return sum / this.order.length;
  }

  async validate(): Promise<number> {
    const ensemble = new SessionEnsemble(this.members, this.present());
    return mean(ndcgAt(10, await targetRanks(ensemble, this.judged))) ?? NaN;
  }

  keepBest(): void {
    this.best = this.present();
  }

  dispose(): void {
    this.adam.dispose();
    this.engine.tf.dispose([...this.variables, this.centroids]);
  }

  /** One step along the gradient of the batch's mean loss; returns that loss, from before the step. */
  private step(chosen: Int32Array, stacked: Float32Array): number {
    const { engine, members, variables } = this;
    const { tf } = engine;
    const { form } = members[0];
    const shape: [number, number, number] = [members.length, chosen.length, form.options.embeddingSize];
    const lossOf = (): Scalar =>
      tf.tidy(() => {
        const named: SessionTensors = Object.fromEntries(this.plans.map(({ name }, n) => [name, variables[n]]));
        const states = aggregatedStates(engine, { ...named, centroids: this.centroids }, tf.tensor(stacked, shape));
        const classes = chosen.map((sample) => classOfItem(form, this.samples.target[sample]));
        const { outputWeight, outputBias } = named;
        const classifier = { weight: outputWeight as Tensor2D, bias: outputBias as Tensor1D };
        return engine.linearSoftmaxCrossEntropy(states, classifier, tf.tensor1d(classes, "int32"));
      });
    const { value, grads } = tf.variableGrads(lossOf, [...variables]);
    this.adam.apply(grads);
    const loss = value.dataSync()[0];
    tf.dispose([value, grads]);
    return loss;
  }

  private present(): SessionAggregation {
    const { shardDropout, seed } = this.options;
    const values = new Map(
      this.plans.map(({ name }, n) => [name, this.variables[n].dataSync<"float32">().slice()] as const),
    );
    values.set("centroids", this.centroidValues);
    return { kind: "attention", values, dropoutSeed: shardDropout ? seed : null };
  }
}

import type { Tensor3D } from "@tensorflow/tfjs-core";
import { InvalidArgumentError, Random } from "../../core";
import { type Histories, historyCount } from "../../data";
import { createWorkspace, operations, tensorEngine } from "../../engine";
import { loadModelAs, saveModel, type StoredTensors } from "../model-file";
import type { Parameter } from "../recommender";
import { Dropout } from "./dropout";
import { ItemScores } from "./item-scores";
import { SessionModel, sessionModelForm, type SessionModelForm, type SessionStates, valuesOf } from "./session-model";
import { ScoreRoom, type SessionRecommender, type SessionScorer } from "./session-recommender";
import { aggregatedStates, centroidsShape, shardAttentionPlans } from "./shard-attention";

/**
 * How shards are put together: the mean of their `probabilities` (softmax over the items), the mean of their `logits`,
 * or SRU's learned `attention` over their states.
 */
export type SessionAggregation =
  | { readonly kind: "probabilities" | "logits" }
  | {
      readonly kind: "attention";
      /** Of every parameter of `shardAttentionPlans`, and `centroids`, by name. */
      readonly values: ReadonlyMap<string, Float32Array>;
      /** Seed of the dropout that stays on inside the shards' models, as in SRU's release; `null` for none. */
      readonly dropoutSeed: number | null;
    };

/** One session model for each shard of the training sessions (SISA, SRU). */
export class SessionEnsemble implements SessionRecommender {
  static readonly kind = "session ensemble";
  readonly kind = SessionEnsemble.kind;

  /**
   * @param members at least one, all of one form
   * @throws InvalidArgumentError for no members, members of different forms, or attention that does not fit them
   */
  constructor(
    readonly members: readonly SessionModel[],
    readonly aggregation: SessionAggregation,
  ) {
    if (members.length === 0) throw new InvalidArgumentError("an ensemble needs at least one member");
    const [form, ...others] = members.map((member) => JSON.stringify(member.form));
    if (others.some((other) => other !== form))
      throw new InvalidArgumentError("the members have different kinds, items or options");
    if (aggregation.kind === "attention") requireAttention(this.form, members.length, aggregation.values);
  }

  /** What all members are. */
  get form(): SessionModelForm {
    return this.members[0].form;
  }

  get itemCount(): number {
    return this.form.itemCount;
  }

  /** The members' parameters as `shard0.…`, `shard1.…`, then the attention's as `attention.…`. */
  parameters(): readonly Parameter[] {
    const own = this.members.flatMap((member, shard) =>
      member.parameters().map((parameter) => ({ ...parameter, name: `shard${shard}.${parameter.name}` })),
    );
    if (this.aggregation.kind !== "attention") return own;
    const { values } = this.aggregation;
    const shapes = attentionShapes(this.form, this.members.length);
    return [
      ...own,
      ...shapes.map(({ name, shape }) => ({ name: `attention.${name}`, shape, values: values.get(name)! })),
    ];
  }

  /** The same ensemble with other values for some parameters; the rest is shared with this one, not copied. */
  withParameters(replaced: ReadonlyMap<string, Float32Array>): SessionEnsemble {
    const parts = partsOf(replaced);
    const members = this.members.map((member, shard) => member.withParameters(parts.get(`shard${shard}`) ?? new Map()));
    const { aggregation } = this;
    if (aggregation.kind !== "attention") return new SessionEnsemble(members, aggregation);
    const values = new Map([...aggregation.values, ...(parts.get("attention") ?? [])]);
    return new SessionEnsemble(members, { ...aggregation, values });
  }

  async scores(histories: Histories): Promise<Float32Array> {
    const scorer = await this.openScorer();
    try {
      return (await scorer.scores(histories)).slice();
    } finally {
      scorer.dispose();
    }
  }

  async openScorer(): Promise<SessionScorer> {
    const { aggregation, members } = this;
    if (aggregation.kind === "attention")
      return openAttention(members, aggregation.values, { seed: aggregation.dropoutSeed });
    return openMean(members, aggregation.kind === "probabilities");
  }

  /** Writes all members, the aggregation and its parameters to one file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    const { form, aggregation } = this;
    const dropoutSeed = aggregation.kind === "attention" ? aggregation.dropoutSeed : null;
    await saveModel(path, this.kind, this.parameters(), { form, aggregation: aggregation.kind, dropoutSeed });
  }

  /**
   * Reads an ensemble that `save` wrote.
   *
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is no such ensemble or is damaged
   */
  static async load(path: string): Promise<SessionEnsemble> {
    return loadModelAs(path, { kind: SessionEnsemble.kind, fromTensors: fromSaved });
  }
}

/** Every member on the engines. */
async function openMean(members: readonly SessionModel[], probabilities: boolean): Promise<SessionScorer> {
  const scorers = await Promise.all(members.map((member) => member.openScorer()));
  const room = new ScoreRoom();
  return {
    async scores(histories) {
      const rows = historyCount(histories);
      const sum = room.of(rows * members[0].itemCount).fill(0);
      for (const scorer of scorers) {
        const scores = await scorer.scores(histories);
        if (probabilities && rows > 0) softmaxRows(scores, rows);
        add(scores, sum);
      }
      for (let k = 0; k < sum.length; k++) sum[k] /= members.length;
      return sum;
    },
    dispose: () => scorers.forEach((scorer) => scorer.dispose()),
  };
}

/** Scores to probabilities, in place, row by row. */
function softmaxRows(scores: Float32Array, rows: number): void {
  const workspace = createWorkspace();
  try {
    const [labels, weights, losses] = [workspace.int32(rows), workspace.float32(rows).fill(1), workspace.float32(rows)];
    operations().softmaxCrossEntropy(scores, labels.fill(0), weights, losses, scores); // leaves p - 1 for each row's item 0
    const width = scores.length / rows;
    losses.forEach((loss, row) => (scores[row * width] = Math.exp(-loss)));
  } finally {
    workspace.dispose();
  }
}

function add(values: Float32Array, sum: Float32Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] += values[k];
}

/** The members without their output layers, and the attention with its own. */
async function openAttention(
  members: readonly SessionModel[],
  values: ReadonlyMap<string, Float32Array>,
  { seed }: { readonly seed: number | null },
): Promise<SessionScorer> {
  const engine = await tensorEngine();
  const { form } = members[0];
  const { embeddingSize: width, paddingClass } = form.options;
  const states = await openShardStates(members, seed);
  const tensors = Object.fromEntries(
    attentionShapes(form, members.length)
      .filter(({ name }) => !name.startsWith("output"))
      .map(({ name, shape }) => [name, engine.tf.tensor(values.get(name)!, [...shape])] as const),
  );
  const from = Number(paddingClass);
  const weight = values.get("outputWeight")!.subarray(from * width);
  const layer = new ItemScores(form.itemCount, width, { weight, bias: values.get("outputBias")!.subarray(from) });
  return {
    async scores(histories) {
      const rows = historyCount(histories);
      if (rows === 0) return new Float32Array(0);
      const stacked = await states.of(histories);
      const shape: [number, number, number] = [members.length, rows, width];
      return layer.of(
        await valuesOf(engine, () => aggregatedStates(engine, tensors, engine.tf.tensor(stacked, shape) as Tensor3D)),
      );
    },
    dispose() {
      states.dispose();
      engine.tf.dispose(tensors);
      layer.dispose();
    },
  };
}

/**
 * The members' states of some histories, `[members, histories, embeddingSize]`, members on the engine until it is
 * disposed of.
 *
 * @param dropoutSeed of dropout that stays on; `null` for none. One call after another goes on with the stream
 * @example
 * const { members } = await SessionEnsemble.load("shards.safetensors");
 * const states = await openShardStates(members, null);
 * const stacked = await states.of(samples); // all samples by the first shard, then by the second, and so on
 * states.dispose();
 */
export async function openShardStates(
  members: readonly SessionModel[],
  dropoutSeed: number | null,
): Promise<SessionStates> {
  const { tf } = await tensorEngine();
  const opened = await Promise.all(members.map((member) => member.openStates()));
  const dropout = dropoutSeed === null ? undefined : new Dropout(tf, Random.derive(dropoutSeed, "shard dropout"));
  return {
    async of(histories) {
      const size = historyCount(histories) * members[0].form.options.embeddingSize;
      const stacked = new Float32Array(members.length * size);
      for (const [shard, states] of opened.entries()) stacked.set(await states.of(histories, dropout), shard * size);
      return stacked;
    },
    dispose: () => opened.forEach((states) => states.dispose()),
  };
}

/** The attention's arrays: the learnt ones and the centroids. */
function attentionShapes(form: SessionModelForm, shards: number): { name: string; shape: readonly number[] }[] {
  return [
    ...shardAttentionPlans(form, shards).map(({ name, shape }) => ({ name, shape })),
    { name: "centroids", shape: centroidsShape(form, shards) },
  ];
}

function requireAttention(form: SessionModelForm, shards: number, values: ReadonlyMap<string, Float32Array>): void {
  for (const { name, shape } of attentionShapes(form, shards)) {
    const length = shape.reduce((product, side) => product * side, 1);
    if (values.get(name)?.length !== length)
      throw new InvalidArgumentError(`the attention's "${name}" has ${values.get(name)?.length ?? "no"} values`, {
        remedy: `with ${shards} shards its shape is [${shape.join(", ")}]`,
      });
  }
}

function fromSaved(tensors: StoredTensors, saved: unknown): SessionEnsemble {
  const { form, aggregation, dropoutSeed } = saved as {
    form: SessionModelForm;
    aggregation: SessionAggregation["kind"];
    dropoutSeed: number | null;
  };
  const parts = partsOf(new Map(Array.from(tensors, ([name, { values }]) => [name, values as Float32Array])));
  const attention = parts.get("attention") ?? new Map<string, Float32Array>();
  parts.delete("attention");
  const checked = sessionModelForm(form.kind, form.itemCount, form.options);
  const members = Array.from({ length: parts.size }, (_, shard) => {
    return new SessionModel(checked, parts.get(`shard${shard}`) ?? new Map());
  });
  return new SessionEnsemble(
    members,
    aggregation === "attention" ? { kind: aggregation, values: attention, dropoutSeed } : { kind: aggregation },
  );
}

/** Arrays named `shard0.…` and so on by what stands before the dot. */
function partsOf(named: ReadonlyMap<string, Float32Array>): Map<string, Map<string, Float32Array>> {
  const parts = new Map<string, Map<string, Float32Array>>();
  for (const [name, values] of named) {
    const dot = name.indexOf(".");
    const part = parts.get(name.slice(0, dot)) ?? new Map<string, Float32Array>();
    parts.set(name.slice(0, dot), part.set(name.slice(dot + 1), values));
  }
  return parts;
}

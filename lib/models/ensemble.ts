import { InvalidArgumentError, type StoredTensor } from "../core";
import { createWorkspace } from "../engine";
import {
  AttentionAggregation,
  type AttentionShape,
  attentionSize,
  attentionWeights,
  type UserOrItem,
} from "./embedding-attention";
import { Mf } from "./mf";
import {
  loadModelAs,
  type NamedTensor,
  saveModel,
  type StoredModel,
  type StoredTensors,
  tensorNamed,
} from "./model-file";
import type { Parameter } from "./recommender";
import type { ReplaceableParameters } from "./row-update";

/** A model that scores by dot products of embeddings, so that ensembles can aggregate them. */
export interface EmbeddingModel<M> extends ReplaceableParameters<M> {
  readonly userCount: number;
  readonly itemCount: number;
  readonly embeddingSize: number;
  /** What a file of it holds. */
  tensors(): readonly NamedTensor[];
  /** The embeddings whose dot products are the scores. */
  propagated(): Mf;
}

/**
 * One model for each shard of the training data. Without attention its score is the mean of theirs (SISA); with it, the
 * dot product of embeddings aggregated over shards (RecEraser).
 */
export class Ensemble<M extends EmbeddingModel<M>> implements ReplaceableParameters<Ensemble<M>> {
  readonly kind = "ensemble";

  /**
   * @param members at least one, of equal users, items and width
   * @param attention weights over shards as `attentionWeights` cuts them, or `null` for the mean of scores
   * @throws InvalidArgumentError for no members, members of different sizes, or weights that do not fit them
   */
  constructor(
    readonly members: readonly M[],
    readonly attention: Float32Array | null = null,
  ) {
    if (members.length === 0) throw new InvalidArgumentError("an ensemble needs at least one member");
    const sizes = ({ userCount, itemCount, embeddingSize }: M) => `${userCount} x ${itemCount} x ${embeddingSize}`;
    if (members.some((member) => sizes(member) !== sizes(members[0])))
      throw new InvalidArgumentError("the members have different numbers of users, items or dimensions");
    if (attention !== null && attention.length !== attentionSize(attentionShape(members)))
      throw new InvalidArgumentError(`the attention has ${attention.length} weights`, {
        remedy: `${members.length} members of this width need ${attentionSize(attentionShape(members))}`,
      });
  }

  /** The members' parameters as `shard0.…`, `shard1.…`, then the attention's. */
  parameters(): readonly Parameter[] {
    return this.named((member) => member.parameters());
  }

  /** What a file of it holds, named as the parameters are. */
  tensors(): readonly NamedTensor[] {
    return this.named((member) => member.tensors());
  }

  private named<T extends NamedTensor>(partsOf: (member: M) => readonly T[]): (T | Parameter)[] {
    const own = this.members.flatMap((member, shard) =>
      partsOf(member).map((part) => ({ ...part, name: `shard${shard}.${part.name}` })),
    );
    if (this.attention === null) return own;
    return [...own, { name: "attention", shape: [this.attention.length], values: this.attention }];
  }

  /** @throws InvalidArgumentError for columns of different lengths and ids the members do not know */
  score(users: Int32Array, items: Int32Array): Float32Array {
    if (this.attention !== null) return this.propagated().score(users, items);
    const sum = new Float32Array(users.length);
    for (const member of this.members) member.score(users, items).forEach((score, k) => (sum[k] += score));
    return sum.map((score) => score / this.members.length);
  }

  /**
   * The aggregated embeddings, as the matrix factorisation that gives the same scores.
   *
   * @throws InvalidArgumentError without attention, where there is none
   */
  propagated(): Mf {
    const { members, attention } = this;
    if (attention === null)
      throw new InvalidArgumentError("a mean of scores has no embeddings of its own", { remedy: "use score" });
    const shape = attentionShape(members);
    const parts = members.map((member) => member.propagated());
    const aggregate = (side: UserOrItem, tables: Float32Array[]) => {
      const workspace = createWorkspace();
      try {
        const stacked = workspace.float32(shape.shards * tables[0].length);
        tables.forEach((table, shard) => stacked.set(table, shard * table.length));
        const out = workspace.float32(tables[0].length);
        const weights = attentionWeights(workspace.copyOf(attention), shape);
        new AttentionAggregation(workspace, shape, out.length / shape.width).forward(weights, side, stacked, out);
        return out.slice();
      } finally {
        workspace.dispose();
      }
    };
    const users = aggregate(
      "user",
      parts.map((one) => one.userEmbedding),
    );
    return new Mf(
      users,
      aggregate(
        "item",
        parts.map((one) => one.itemEmbedding),
      ),
      shape.width,
    );
  }

  withParameters(replaced: ReadonlyMap<string, Float32Array>): Ensemble<M> {
    const members = this.members.map((member, shard) => {
      const prefix = `shard${shard}.`;
      const own = [...replaced].filter(([name]) => name.startsWith(prefix));
      return member.withParameters(new Map(own.map(([name, values]) => [name.slice(prefix.length), values])));
    });
    return new Ensemble(members, replaced.get("attention") ?? this.attention);
  }

  /** Writes all members and the attention to one file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    await saveModel(path, storedKind(this.members[0]), this.tensors());
  }

  /**
   * Reads an ensemble that `save` wrote.
   *
   * @param member the class of its members: `Mf` or `LightGcn`
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is no ensemble of such models or is damaged
   */
  static async load<M extends EmbeddingModel<M>>(path: string, member: StoredModel<M>): Promise<Ensemble<M>> {
    return loadModelAs(path, { kind: storedKind(member), fromTensors: (tensors) => ensembleOf(tensors, member) });
  }
}

function storedKind(member: { readonly kind: string }): string {
  return `ensemble of ${member.kind}`;
}

/** @throws InvalidArgumentError when the tensors are not those of an ensemble of such models */
function ensembleOf<M extends EmbeddingModel<M>>(tensors: StoredTensors, member: StoredModel<M>): Ensemble<M> {
  const parts = new Map<number, Map<string, StoredTensor>>();
  for (const [name, tensor] of tensors) {
    if (name === "attention") continue;
    const [, shard, own] = /^shard(\d+)\.(.+)$/.exec(name) ?? [];
    if (own === undefined) throw new InvalidArgumentError(`"${name}" belongs to no shard`);
    const part = parts.get(Number(shard)) ?? new Map<string, StoredTensor>();
    parts.set(Number(shard), part.set(own, tensor));
  }
  const members = Array.from({ length: parts.size }, (_, shard) => member.fromTensors(parts.get(shard) ?? new Map()));
  const attention = tensors.has("attention") ? tensorNamed(tensors, "attention", Float32Array, 1).values : null;
  return new Ensemble(members, attention);
}

/**
 * The sizes of the attention over some members: its network is half as wide as the embeddings.
 *
 * @example
 * const shape = attentionShape([model, retrained]); // of an ensemble with these members
 */
export function attentionShape(members: readonly { readonly embeddingSize: number }[]): AttentionShape {
  const width = members[0].embeddingSize;
  return { shards: members.length, width, attentionWidth: Math.max(1, Math.floor(width / 2)) };
}

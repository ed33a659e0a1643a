import { InvalidArgumentError, Random, requireNumber } from "../core";
import { requireFiniteParameters } from "./finite";
import { loadModelAs, saveModel, type StoredTensors, tensorNamed } from "./model-file";
import type { Parameter } from "./recommender";
import type { ReplaceableParameters } from "./row-update";

/** What a new MF model is made from. */
export interface MfInitialisation {
  readonly userCount: number;
  readonly itemCount: number;
  readonly embeddingSize: number;
  /** Standard deviation of the normal distribution the embeddings are drawn from; its mean is 0. */
  readonly initialDeviation: number;
  readonly seed: number;
}

/**
 * Matrix factorisation: the score of user u and item i is <p_u, q_i>, without biases. Trained with binary cross-entropy
 * on the score as a logit (`fitMf` in `lib/training`).
 */
export class Mf implements ReplaceableParameters<Mf> {
  static readonly kind = "mf";
  readonly kind = Mf.kind;
  readonly userCount: number;
  readonly itemCount: number;

  /**
   * @param userEmbedding p, row-major `[userCount, embeddingSize]`; kept, not copied
   * @param itemEmbedding q, row-major `[itemCount, embeddingSize]`; kept, not copied
   * @throws InvalidArgumentError when they are not whole rows
   * @throws NumericalError for a value that is NaN or infinite
   */
  constructor(
    readonly userEmbedding: Float32Array,
    readonly itemEmbedding: Float32Array,
    readonly embeddingSize: number,
  ) {
    requireNumber("embeddingSize", embeddingSize, { min: 1, integer: true });
    this.userCount = userEmbedding.length / embeddingSize;
    this.itemCount = itemEmbedding.length / embeddingSize;
    if (!Number.isInteger(this.userCount) || !Number.isInteger(this.itemCount))
      throw new InvalidArgumentError(`the embeddings are not rows of ${embeddingSize}`, {
        remedy: "give row-major matrices of that width",
      });
    requireFiniteParameters(this.kind, this.parameters());
  }

  /** A model with random embeddings; equal seeds give equal bytes. */
  static initialise({ userCount, itemCount, embeddingSize, initialDeviation, seed }: MfInitialisation): Mf {
    const random = Random.derive(seed, "mf initialisation");
    const draw = (rows: number) => random.fillNormal(new Float32Array(rows * embeddingSize), initialDeviation);
    return new Mf(draw(userCount), draw(itemCount), embeddingSize);
  }

  parameters(): readonly Parameter[] {
    const { userEmbedding, itemEmbedding, embeddingSize } = this;
    return [
      { name: "userEmbedding", shape: [this.userCount, embeddingSize], values: userEmbedding },
      { name: "itemEmbedding", shape: [this.itemCount, embeddingSize], values: itemEmbedding },
    ];
  }

  /** @throws InvalidArgumentError for columns of different lengths and ids the model does not know */
  score(users: Int32Array, items: Int32Array): Float32Array {
    const { userEmbedding: p, itemEmbedding: q, embeddingSize: width } = this;
    if (users.length !== items.length)
      throw new InvalidArgumentError(`there are ${users.length} users and ${items.length} items`, {
        remedy: "give one of each for every pair",
      });
    const scores = new Float32Array(users.length);
    for (let k = 0; k < users.length; k++) {
      if (!(users[k] >= 0 && users[k] < this.userCount && items[k] >= 0 && items[k] < this.itemCount))
        throw new InvalidArgumentError(`pair ${k} is user ${users[k]} and item ${items[k]}`, {
          remedy: `users go from 0 to ${this.userCount - 1}, items from 0 to ${this.itemCount - 1}`,
        });
      const u = users[k] * width;
      const i = items[k] * width;
      let sum = 0;
      for (let j = 0; j < width; j++) sum += p[u + j] * q[i + j];
      scores[k] = sum;
    }
    return scores;
  }

  /** Itself: the embeddings that are scored are those that are trained. */
  propagated(): Mf {
    return this;
  }

  withParameters(replaced: ReadonlyMap<string, Float32Array>): Mf {
    const p = replaced.get("userEmbedding") ?? this.userEmbedding;
    const q = replaced.get("itemEmbedding") ?? this.itemEmbedding;
    return new Mf(p, q, this.embeddingSize);
  }

  /** What a file of it holds. */
  tensors(): readonly Parameter[] {
    return this.parameters();
  }

  /** The model of some tensors. @throws InvalidArgumentError when they are not the two embeddings */
  static fromTensors(tensors: StoredTensors): Mf {
    const [p, q] = ["userEmbedding", "itemEmbedding"].map((name) => tensorNamed(tensors, name, Float32Array, 2));
    if (p.shape[1] !== q.shape[1] || tensors.size !== 2)
      throw new InvalidArgumentError("these are not two embeddings of the same width");
    return new Mf(p.values, q.values, p.shape[1]);
  }

  /** Writes the parameters to a file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    await saveModel(path, this.kind, this.tensors());
  }

  /**
   * Reads a model that `save` wrote.
   *
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is no MF model or is damaged
   */
  static async load(path: string): Promise<Mf> {
    return loadModelAs(path, Mf);
  }
}

import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { InvalidArgumentError, Random, requireNumber } from "../core";
import { requireFiniteParameters } from "./finite";
import type { TensorLibrary } from "../engine";
import { loadModelAs, saveModel, type StoredTensors, tensorNamed } from "./model-file";
import type { Parameter } from "./recommender";
import type { ReplaceableParameters } from "./row-update";

/** What a new neural MF model is made from. */
export interface NeuralMfInitialisation {
  readonly userCount: number;
  readonly itemCount: number;
  readonly embeddingSize: number;
  /** Width of the hidden layer. */
  readonly hiddenSize: number;
  /** Standard deviation of the initial embeddings; the layers' is 1 / sqrt(inputs). */
  readonly initialDeviation: number;
  readonly seed: number;
}

/** How many dimensions each parameter has. */
const dimensions = {
  userEmbedding: 2,
  itemEmbedding: 2,
  hiddenWeight: 2,
  hiddenBias: 1,
  outputWeight: 1,
  outputBias: 1,
} as const;

/** The name of one parameter of `NeuralMf`. */
export type NeuralMfParameter = keyof typeof dimensions;

/** The parameters as tensors, by name, with the parameters' shapes. */
export type NeuralMfTensors = Readonly<Record<NeuralMfParameter, Tensor>>;

/**
 * Neural matrix factorisation: the score of user u and item i is their embeddings' inner product plus a two-layer
 * perceptron of them: s = <p_u, q_i> + relu([p_u, q_i] W + b) v + c. A model without a closed form: it stands for every
 * differentiable recommender.
 */
export class NeuralMf implements ReplaceableParameters<NeuralMf> {
  static readonly kind = "neural-mf";
  readonly kind = NeuralMf.kind;
  readonly userCount: number;
  readonly itemCount: number;
  readonly embeddingSize: number;
  readonly hiddenSize: number;

  /**
   * @param values p `[userCount, embeddingSize]`, q `[itemCount, embeddingSize]`, W `[2 embeddingSize, hiddenSize]`, b
   *   `[hiddenSize]`, v `[hiddenSize]`, c `[1]`, all row-major; kept, not copied
   * @throws InvalidArgumentError when they do not fit together
   */
  constructor(
    readonly values: Readonly<Record<NeuralMfParameter, Float32Array>>,
    embeddingSize: number,
  ) {
    this.embeddingSize = requireNumber("embeddingSize", embeddingSize, { min: 1, integer: true });
    this.hiddenSize = values.hiddenBias.length;
    this.userCount = values.userEmbedding.length / embeddingSize;
    this.itemCount = values.itemEmbedding.length / embeddingSize;
    for (const { name, shape } of this.parameters()) {
      const length = shape.reduce((product, side) => product * side, 1);
      if (!Number.isInteger(shape[0]) || values[name as NeuralMfParameter].length !== length)
        throw new InvalidArgumentError(`"${name}" has ${values[name as NeuralMfParameter].length} values`, {
          remedy: `the other parameters ask for the shape [${shape.join(", ")}]`,
        });
    }
    requireFiniteParameters(this.kind, this.parameters());
  }

  /** A model with random parameters; equal seeds give equal bytes. */
  static initialise(given: NeuralMfInitialisation): NeuralMf {
    const { userCount, itemCount, embeddingSize, hiddenSize, initialDeviation, seed } = given;
    const random = Random.derive(seed, "neural mf initialisation");
    const draw = (length: number, deviation: number) => random.fillNormal(new Float32Array(length), deviation);
    return new NeuralMf(
      {
        userEmbedding: draw(userCount * embeddingSize, initialDeviation),
        itemEmbedding: draw(itemCount * embeddingSize, initialDeviation),
        hiddenWeight: draw(2 * embeddingSize * hiddenSize, 1 / Math.sqrt(2 * embeddingSize)),
        hiddenBias: new Float32Array(hiddenSize),
        outputWeight: draw(hiddenSize, 1 / Math.sqrt(hiddenSize)),
        outputBias: new Float32Array(1),
      },
      embeddingSize,
    );
  }

  parameters(): readonly Parameter[] {
    const { userCount, itemCount, embeddingSize, hiddenSize } = this;
    const shapes: Record<NeuralMfParameter, readonly number[]> = {
      userEmbedding: [userCount, embeddingSize],
      itemEmbedding: [itemCount, embeddingSize],
      hiddenWeight: [2 * embeddingSize, hiddenSize],
      hiddenBias: [hiddenSize],
      outputWeight: [hiddenSize],
      outputBias: [1],
    };
    return Object.entries(shapes).map(([name, shape]) => ({
      name,
      shape,
      values: this.values[name as NeuralMfParameter],
    }));
  }

  /** @throws InvalidArgumentError for columns of different lengths and ids the model does not know */
  score(users: Int32Array, items: Int32Array): Float32Array {
    if (users.length !== items.length)
      throw new InvalidArgumentError(`there are ${users.length} users and ${items.length} items`, {
        remedy: "give one of each for every pair",
      });
    return Float32Array.from(users, (user, k) => {
      if (!(user >= 0 && user < this.userCount && items[k] >= 0 && items[k] < this.itemCount))
        throw new InvalidArgumentError(`pair ${k} is user ${user} and item ${items[k]}`, {
          remedy: `users go from 0 to ${this.userCount - 1}, items from 0 to ${this.itemCount - 1}`,
        });
      return this.scoreOf(user, items[k]);
    });
  }

  withParameters(replaced: ReadonlyMap<string, Float32Array>): NeuralMf {
    return new NeuralMf({ ...this.values, ...Object.fromEntries(replaced) }, this.embeddingSize);
  }

  /** The model of some tensors. @throws InvalidArgumentError when they are not those of such a model */
  static fromTensors(tensors: StoredTensors): NeuralMf {
    const named = Object.entries(dimensions).map(
      ([name, count]) => [name, tensorNamed(tensors, name, Float32Array, count)] as const,
    );
    const values = Object.fromEntries(named.map(([name, tensor]) => [name, tensor.values]));
    return new NeuralMf(values as Record<NeuralMfParameter, Float32Array>, named[0][1].shape[1]);
  }

  /** Writes the parameters to a file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    await saveModel(path, this.kind, this.parameters());
  }

  /**
   * Reads a model that `save` wrote.
   *
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is no such model or is damaged
   */
  static async load(path: string): Promise<NeuralMf> {
    return loadModelAs(path, NeuralMf);
  }

  private scoreOf(user: number, item: number): number {
    const { embeddingSize: d, hiddenSize } = this;
    const { userEmbedding: p, itemEmbedding: q, hiddenWeight, hiddenBias, outputWeight, outputBias } = this.values;
    let score = outputBias[0];
    for (let j = 0; j < d; j++) score += p[user * d + j] * q[item * d + j];
    for (let h = 0; h < hiddenSize; h++) {
      const weight = (input: number) => hiddenWeight[input * hiddenSize + h];
      let sum = hiddenBias[h];
      for (let j = 0; j < d; j++) sum += p[user * d + j] * weight(j) + q[item * d + j] * weight(d + j);
      if (sum > 0) score += sum * outputWeight[h];
    }
    return score;
  }
}

/**
 * The summed binary cross-entropy of some pairs, in differentiable tensor operations. Softplus keeps second derivatives
 * right.
 *
 * @param tensors the parameters
 * @param user `[rows]`, into the user embeddings
 * @param item `[rows]`
 * @param label 0 or 1, `[rows]`
 * @example
 * const [{ tf }, { model }] = [await tensorEngine(), await fitNeuralMf(train, valid)];
 * const [p, q, W, b, v, c] = model.parameters().map(({ values, shape }) => tf.tensor(values, [...shape]));
 * const named = { userEmbedding: p, itemEmbedding: q, hiddenWeight: W, hiddenBias: b, outputWeight: v, outputBias: c };
 * const loss = neuralMfLoss(tf, named, test.user, test.item, test.label);
 * (await loss.data())[0]; // in nats, over all test rows
 */
export function neuralMfLoss(
  tf: TensorLibrary,
  tensors: NeuralMfTensors,
  user: Int32Array,
  item: Int32Array,
  label: Float32Array,
): Scalar {
  const gather = (table: Tensor, ids: Int32Array): Tensor2D => tf.gather(table as Tensor2D, tf.tensor1d(ids, "int32"));
  const [p, q] = [gather(tensors.userEmbedding, user), gather(tensors.itemEmbedding, item)];
  const hidden = tf.relu(tf.add(tf.matMul(tf.concat([p, q], 1), tensors.hiddenWeight as Tensor2D), tensors.hiddenBias));
  const output = tf.matMul(hidden, tf.reshape(tensors.outputWeight, [-1, 1]) as Tensor2D);
  const perceptron = tf.add(tf.reshape(output, [-1]), tensors.outputBias);
  const score = tf.add(tf.sum(tf.mul(p, q), 1), perceptron) as Tensor1D;
  return tf.sum(tf.sub(tf.softplus(score), tf.mul(score, tf.tensor1d(label))));
}

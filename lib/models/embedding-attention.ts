import { Random } from "../core";
import { operations, type Workspace } from "../engine";

/** The sizes of an attention over shards. */
export interface AttentionShape {
  readonly shards: number;
  /** d, the embedding size. */
  readonly width: number;
  /** a, the width of the attention network; RecEraser's is d / 2. */
  readonly attentionWidth: number;
}

/** What users and items have each of their own. */
export type UserOrItem = "user" | "item";

/** The weights of an attention over shards, as parts of one array, in this order. */
export interface AttentionWeights {
  readonly all: Float32Array;
  /** W_k, `[shards, d, d]`, and b_k, `[shards, d]`: each shard's map into the common space. */
  readonly transform: Float32Array;
  readonly transformBias: Float32Array;
  readonly user: SideWeights;
  readonly item: SideWeights;
}

/** The attention network of users, or of items. */
export interface SideWeights {
  /** A, `[d, a]` */
  readonly hidden: Float32Array;
  /** c, `[a]` */
  readonly hiddenBias: Float32Array;
  /** h, `[a]` */
  readonly output: Float32Array;
}

/**
 * How many weights there are.
 *
 * @example
 * const size = attentionSize({ shards: 4, width: 32, attentionWidth: 32 });
 */
export function attentionSize({ shards, width, attentionWidth }: AttentionShape): number {
  return shards * (width + 1) * width + 2 * (width + 2) * attentionWidth;
}

/**
 * Cuts one array into weights.
 *
 * @param all `[attentionSize(shape)]`
 * @example
 * const shape = { shards: 4, width: 32, attentionWidth: 32 };
 * const weights = attentionWeights(initialAttention(shape, 1), shape); // parts of the one array, not copies
 */
export function attentionWeights(
  all: Float32Array,
  { shards, width, attentionWidth }: AttentionShape,
): AttentionWeights {
  let at = 0;
  const next = (length: number) => all.subarray(at, (at += length));
  const side = (): SideWeights => ({
    hidden: next(width * attentionWidth),
    hiddenBias: next(attentionWidth),
    output: next(attentionWidth),
  });
  return {
    all,
    transform: next(shards * width * width),
    transformBias: next(shards * width),
    user: side(),
    item: side(),
  };
}

/**
 * Weights as RecEraser starts: maps random (Glorot and Bengio, 2010), biases 0, output vectors 0.01.
 *
 * @example
 * const shape = { shards: 4, width: 32, attentionWidth: 32 };
 * const all = initialAttention(shape, 1);
 */
export function initialAttention(shape: AttentionShape, seed: number): Float32Array {
  const { width, attentionWidth } = shape;
  const random = Random.derive(seed, "attention");
  const weights = attentionWeights(new Float32Array(attentionSize(shape)), shape);
  random.fillNormal(weights.transform, Math.sqrt(1 / width));
  for (const side of [weights.user, weights.item]) {
    random.fillNormal(side.hidden, Math.sqrt(2 / (width + attentionWidth)));
    side.output.fill(0.01);
  }
  return weights.all;
}

/**
 * RecEraser's aggregation of one side's shard embeddings e_k (Chen et al., WWW 2022, section 3.3): t_k = e_k W_k + b_k,
 * alpha = softmax over k of h · relu(t_k A + c), out = sum of alpha_k t_k. Holds what `backward` needs of the last
 * `forward`.
 */
export class AttentionAggregation {
  private readonly transformed: Float32Array;
  private readonly hidden: Float32Array;
  private readonly share: Float32Array;
  private readonly gradientTransformed: Float32Array;
  private readonly gradientHidden: Float32Array;

  /** @param nodes the most nodes of one call */
  constructor(
    workspace: Workspace,
    private readonly shape: AttentionShape,
    nodes: number,
  ) {
    const { shards, width, attentionWidth } = shape;
    [this.transformed, this.gradientTransformed] = [0, 0].map(() => workspace.float32(shards * nodes * width));
    [this.hidden, this.gradientHidden] = [0, 0].map(() => workspace.float32(shards * nodes * attentionWidth));
    this.share = workspace.float32(shards * nodes);
  }

  /**
   * @param embeddings `[shards, nodes, d]`
   * @param out overwritten, `[nodes, d]`
   */
  forward(weights: AttentionWeights, side: UserOrItem, embeddings: Float32Array, out: Float32Array): void {
    const { shards, width, attentionWidth } = this.shape;
    const nodes = out.length / width;
    const { matMul, addToRows } = operations();
    const { hidden, hiddenBias, output } = weights[side];
    const [transformed, z] = [this.transformed.subarray(0, embeddings.length), this.hiddenOf(nodes)];
    matMul({
      a: embeddings,
      b: weights.transform,
      out: transformed,
      rows: nodes,
      inner: width,
      columns: width,
      batches: shards,
    });
    for (let shard = 0; shard < shards; shard++)
      addToRows(part(transformed, shard, nodes * width), part(weights.transformBias, shard, width));
    matMul({ a: transformed, b: hidden, out: z, rows: shards * nodes, inner: width, columns: attentionWidth });
    addToRows(z, hiddenBias);
    rectify(z);
    softmaxOverShards(z, output, shards, nodes, this.share);
    weightedSum(this.share, transformed, width, out);
  }

  /**
   * Adds the gradient of the weights to `gradient`, for the embeddings of the last `forward`.
   *
   * @param embeddings as given to `forward`
   * @param outGradient of its result, `[nodes, d]`
   */
  backward(
    weights: AttentionWeights,
    side: UserOrItem,
    embeddings: Float32Array,
    outGradient: Float32Array,
    gradient: AttentionWeights,
  ): void {
    const { shards, width, attentionWidth } = this.shape;
    const nodes = outGradient.length / width;
    const { matMul } = operations();
    const [transformed, z] = [this.transformed.subarray(0, embeddings.length), this.hiddenOf(nodes)];
    const gradientT = this.gradientTransformed.subarray(0, embeddings.length);
    const gradientZ = this.gradientHidden.subarray(0, z.length);
    const { output, hidden } = weights[side];
    const energyGradient = softmaxGradient(this.share, transformed, outGradient, width);
    addOutputGradient(energyGradient, z, gradient[side].output);
    hiddenGradient(energyGradient, z, output, gradientZ);
    addRows(gradientZ, gradient[side].hiddenBias, 0, shards * nodes);
    spread(this.share, outGradient, width, gradientT);
    const rows = shards * nodes;
    matMul({
      ...{ a: transformed, b: gradientZ, out: gradient[side].hidden, transposeA: true, accumulate: true },
      ...{ rows: width, inner: rows, columns: attentionWidth },
    });
    matMul({
      ...{ a: gradientZ, b: hidden, out: gradientT, transposeB: true, accumulate: true },
      ...{ rows, inner: attentionWidth, columns: width },
    });
    matMul({
      ...{ a: embeddings, b: gradientT, out: gradient.transform, transposeA: true, accumulate: true },
      ...{ rows: width, inner: nodes, columns: width, batches: shards },
    });
    for (let shard = 0; shard < shards; shard++)
      addRows(gradientT, part(gradient.transformBias, shard, width), shard * nodes, (shard + 1) * nodes);
  }

  private hiddenOf(nodes: number): Float32Array {
    return this.hidden.subarray(0, this.shape.shards * nodes * this.shape.attentionWidth);
  }
}

/** Part number `k` of an array in parts of equal length. */
function part(array: Float32Array, k: number, length: number): Float32Array {
  return array.subarray(k * length, (k + 1) * length);
}

// Loops of their own: V8 throws away the optimised form of a function that goes on after a long loop, at every call.
// Row `shard * nodes + node` of the arrays below belongs to a shard and a node.

function rectify(z: Float32Array): void {
  for (let k = 0; k < z.length; k++) if (z[k] < 0) z[k] = 0;
}

/** share[k, node] = softmax over k of h · z[k, node]. */
function softmaxOverShards(z: Float32Array, h: Float32Array, shards: number, nodes: number, share: Float32Array): void {
  for (let node = 0; node < nodes; node++) {
    let [largest, sum] = [-Infinity, 0];
    for (let row = node; row < shards * nodes; row += nodes) {
      let energy = 0;
      for (let j = 0; j < h.length; j++) energy += h[j] * z[row * h.length + j];
      share[row] = energy;
      largest = Math.max(largest, energy);
    }
    for (let row = node; row < shards * nodes; row += nodes) sum += share[row] = Math.exp(share[row] - largest);
    for (let row = node; row < shards * nodes; row += nodes) share[row] /= sum;
  }
}

/** out[node] = sum over shards of share x transformed. */
function weightedSum(share: Float32Array, transformed: Float32Array, width: number, out: Float32Array): void {
  out.fill(0);
  for (let k = 0, row = 0, to = 0; k < transformed.length; row++) {
    for (let j = 0; j < width; j++) out[to++] += share[row] * transformed[k++];
    if (to === out.length) to = 0;
  }
}

/** out = share x gradient[node], for every shard. */
function spread(share: Float32Array, gradient: Float32Array, width: number, out: Float32Array): void {
  for (let k = 0, row = 0, from = 0; k < out.length; row++) {
    for (let j = 0; j < width; j++) out[k++] = share[row] * gradient[from++];
    if (from === gradient.length) from = 0;
  }
}

/** The gradient of each row's energy, through the softmax over shards. */
function softmaxGradient(
  share: Float32Array,
  transformed: Float32Array,
  outGradient: Float32Array,
  width: number,
): Float64Array {
  const [rows, nodes] = [transformed.length / width, outGradient.length / width];
  const gradient = new Float64Array(rows);
  const mean = new Float64Array(nodes);
  for (let row = 0; row < rows; row++) {
    const [t, g] = [row * width, (row % nodes) * width];
    let sum = 0;
    for (let j = 0; j < width; j++) sum += outGradient[g + j] * transformed[t + j];
    gradient[row] = sum;
    mean[row % nodes] += share[row] * sum;
  }
  return gradient.map((value, row) => share[row] * (value - mean[row % nodes]));
}

/** Adds the sum over rows of energy gradient x z. */
function addOutputGradient(energy: Float64Array, z: Float32Array, out: Float32Array): void {
  for (let row = 0, k = 0; row < energy.length; row++)
    for (let j = 0; j < out.length; j++) out[j] += energy[row] * z[k++];
}

/** out = energy gradient x h where z is positive. */
function hiddenGradient(energy: Float64Array, z: Float32Array, h: Float32Array, out: Float32Array): void {
  for (let row = 0, k = 0; row < energy.length; row++)
    for (let j = 0; j < h.length; j++, k++) out[k] = z[k] > 0 ? energy[row] * h[j] : 0;
}

/** Adds the sum of rows `from` up to `to`. */
function addRows(x: Float32Array, out: Float32Array, from: number, to: number): void {
  for (let row = from, k = from * out.length; row < to; row++) for (let j = 0; j < out.length; j++) out[j] += x[k++];
}

import { Random } from "../core";
import { type Interactions, rowsWhere, selectRows } from "../data";
import { operations, type Workspace } from "../engine";
import type { Batch } from "./batches";
import type { TrainableTables, Objective } from "./embedding-trainee";

/** A user who likes nearly everything gets a random item after so many draws. */
const mostDraws = 100;

/** The rows with a positive label: what BPR's batches are drawn from. */
export function positiveRows(train: Interactions): Interactions {
  return selectRows(
    train,
    rowsWhere(train, (row) => train.label[row] > 0),
  );
}

/**
 * BPR (Rendle et al., UAI 2009): -log sigmoid(<p_u, q_i - q_j>) for a positive row (u, i) and an item j that u has no
 * positive row with, drawn uniformly; mean over the batch. It is the cross-entropy of label 1 for an "item" q_i - q_j,
 * and is computed as that.
 */
export class PairwiseRanking implements Objective {
  private readonly liked = new Map<number, Set<number>>();
  private readonly itemCount: number;
  private readonly negative: Int32Array;
  /** q_i - q_j of each row of a batch, and the gradient with respect to it, `[batchSize, width]`. */
  private readonly difference: Float32Array;
  private readonly gradient: Float32Array;
  private readonly number: Int32Array;
  private readonly one: Float32Array;
  private random: Random;

  constructor(
    workspace: Workspace,
    train: Interactions,
    batchSize: number,
    width: number,
    private readonly seed: number,
  ) {
    const { user, item, itemCount } = positiveRows(train);
    user.forEach((u, row) => this.liked.set(u, (this.liked.get(u) ?? new Set()).add(item[row])));
    const rows = Math.min(batchSize, user.length);
    this.itemCount = itemCount;
    this.negative = new Int32Array(rows);
    this.difference = workspace.float32(rows * width);
    this.gradient = workspace.float32(rows * width);
    this.number = workspace.copyOf(this.negative.map((_, row) => row));
    this.one = workspace.float32(rows).fill(1);
    this.random = Random.derive(seed, "bpr negatives", 0);
  }

  startEpoch(epoch: number): void {
    this.random = Random.derive(this.seed, "bpr negatives", epoch);
  }

  lossGradient(batch: Batch, tables: TrainableTables): number {
    const { q, width, gradientQ } = tables;
    const rows = batch.user.length;
    batch.user.forEach((user, row) => (this.negative[row] = this.drawNegative(user)));
    const difference = this.difference.subarray(0, rows * width);
    subtractRows(q, batch.item, this.negative, width, difference);
    const gradient = this.gradient.subarray(0, rows * width).fill(0);
    const loss = operations().mfLossGradient({
      ...batch,
      ...{ p: tables.p, gradientP: tables.gradientP, q: difference, gradientQ: gradient, width },
      ...{ item: this.number.subarray(0, rows), label: this.one.subarray(0, rows), scale: 1 / rows, penalty: 0 },
    });
    addDifferences(gradient, batch.item, this.negative, width, gradientQ);
    return loss;
  }

  private drawNegative(user: number): number {
    const liked = this.liked.get(user);
    let item = this.random.integer(this.itemCount);
    for (let draw = 1; draw < mostDraws && liked?.has(item); draw++) item = this.random.integer(this.itemCount);
    return item;
  }
}

/** out[k] = q[a[k]] - q[b[k]] */
function subtractRows(q: Float32Array, a: Int32Array, b: Int32Array, width: number, out: Float32Array): void {
  for (let k = 0; k < a.length; k++)
    for (let j = 0; j < width; j++) out[k * width + j] = q[a[k] * width + j] - q[b[k] * width + j];
}

/** out[a[k]] += gradient[k], out[b[k]] -= gradient[k] */
function addDifferences(gradient: Float32Array, a: Int32Array, b: Int32Array, width: number, out: Float32Array): void {
  for (let k = 0; k < a.length; k++)
    for (let j = 0; j < width; j++) {
      out[a[k] * width + j] += gradient[k * width + j];
      out[b[k] * width + j] -= gradient[k * width + j];
    }
}

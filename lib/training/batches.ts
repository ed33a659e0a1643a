import { Random } from "../core";
import { type Interactions, rowCount } from "../data";
import type { Workspace } from "../engine";

/** The columns of one batch, in the engine's memory. */
export interface Batch {
  readonly user: Int32Array;
  readonly item: Int32Array;
  readonly label: Float32Array;
  /** Room for what the loss leaves per row. */
  readonly residual: Float32Array;
}

/** The training rows, cut anew each epoch. The order of an epoch depends on the seed and the epoch alone. */
export class Batches {
  readonly rows: number;
  private readonly order: Int32Array;
  private readonly columns: Batch;
  private readonly cut: Batch[];

  /** @param label names the stream of random numbers, such as `"mf"` */
  constructor(
    workspace: Workspace,
    private readonly train: Interactions,
    batchSize: number,
    private readonly label: string,
    private readonly seed: number,
  ) {
    this.rows = rowCount(train);
    this.order = new Int32Array(this.rows);
    const [user, item] = [workspace.int32(this.rows), workspace.int32(this.rows)];
    const [labels, residual] = [workspace.float32(this.rows), workspace.float32(Math.min(batchSize, this.rows))];
    this.columns = { user, item, label: labels, residual };
    this.cut = Array.from({ length: Math.ceil(this.rows / batchSize) }, (_, n) => {
      const [from, to] = [n * batchSize, Math.min((n + 1) * batchSize, this.rows)];
      return {
        user: user.subarray(from, to),
        item: item.subarray(from, to),
        label: labels.subarray(from, to),
        residual: residual.subarray(0, to - from),
      };
    });
  }

  shuffled(epoch: number): readonly Batch[] {
    const { order, train, columns } = this;
    countUp(order);
    Random.derive(this.seed, `${this.label} batches`, epoch).shuffle(order);
    gather(train.user, order, columns.user);
    gather(train.item, order, columns.item);
    gather(train.label, order, columns.label);
    return this.cut;
  }
}

// Loops of their own: V8 throws away the optimised form of a function that goes on after a long loop, at every call.

function countUp(order: Int32Array): void {
  for (let k = 0; k < order.length; k++) order[k] = k;
}

function gather<T extends Int32Array | Float32Array>(from: T, order: Int32Array, to: T): void {
  for (let k = 0; k < order.length; k++) to[k] = from[order[k]];
}

/** Finds which rows of a joint table, users first, a batch touches, each once. */
export class TouchedRows {
  private readonly lastBatch: Int32Array;
  private readonly found: Int32Array;
  private batch = 0;

  /** @param rows users and items together */
  constructor(rows: number) {
    this.lastBatch = new Int32Array(rows);
    this.found = new Int32Array(rows);
  }

  /** @param users the number of users, which the items come after */
  of(user: Int32Array, item: Int32Array, users: number): Int32Array {
    this.batch++;
    let count = 0;
    const visit = (row: number) => {
      if (this.lastBatch[row] === this.batch) return;
      this.lastBatch[row] = this.batch;
      this.found[count++] = row;
    };
    for (let k = 0; k < user.length; k++) {
      visit(user[k]);
      visit(users + item[k]);
    }
    return this.found.subarray(0, count);
  }
}

import { IdMap } from "./id-map";
import type { Interactions } from "./interactions";

const blockRows = 1 << 16;

/** A column that grows by blocks, so that growing never copies what is there. */
class GrowingColumn<T extends Int32Array | Float32Array | Float64Array> {
  private readonly full: T[] = [];
  private block: T;
  private used = 0;

  constructor(private readonly make: new (length: number) => T) {
    this.block = new make(blockRows);
  }

  push(value: number): void {
    if (this.used === blockRows) {
      this.full.push(this.block);
      this.block = new this.make(blockRows);
      this.used = 0;
    }
    this.block[this.used++] = value;
  }

  finish(): T {
    const whole = new this.make(this.full.length * blockRows + this.used);
    let at = 0;
    for (const block of this.full) {
      whole.set(block, at);
      at += blockRows;
    }
    whole.set(this.block.subarray(0, this.used), at);
    return whole;
  }
}

/** Collects rows into `Interactions`. */
export class InteractionsBuilder {
  readonly users = new IdMap("user");
  readonly items = new IdMap("item");
  private readonly user = new GrowingColumn(Int32Array);
  private readonly item = new GrowingColumn(Int32Array);
  private readonly label = new GrowingColumn(Float32Array);
  private readonly time = new GrowingColumn(Float64Array);
  private timed = false;

  /**
   * Adds one row.
   *
   * @param user dense, from `users`
   * @param item dense, from `items`
   * @param time seconds since 1970, or NaN where it is unknown
   */
  add(user: number, item: number, label: number, time: number): void {
    this.user.push(user);
    this.item.push(item);
    this.label.push(label);
    this.time.push(time);
    this.timed ||= !Number.isNaN(time);
  }

  /** The rows so far. The `time` column is left out when no row has a time. */
  finish(): Interactions {
    return {
      user: this.user.finish(),
      item: this.item.finish(),
      label: this.label.finish(),
      ...(this.timed ? { time: this.time.finish() } : {}),
      userCount: this.users.size,
      itemCount: this.items.size,
      users: this.users,
      items: this.items,
    };
  }
}

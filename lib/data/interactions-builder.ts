import { IdMap } from "./id-map";
import type { Interactions } from "./interactions";

const blockRows = 1 << 16;

/** The columns of some rows. */
class Block {
  readonly user = new Int32Array(blockRows);
  readonly item = new Int32Array(blockRows);
  readonly label = new Float32Array(blockRows);
  readonly time = new Float64Array(blockRows);
}

/** Collects rows into `Interactions`. Grows by blocks, so that growing never copies what is there. */
export class InteractionsBuilder {
  readonly users = new IdMap("user");
  readonly items = new IdMap("item");
  private readonly full: Block[] = [];
  private block = new Block();
  /** Rows in `block`. */
  private used = 0;
  private timed = false;

  /**
   * Adds one row.
   *
   * @param user dense, from `users`
   * @param item dense, from `items`
   * @param time seconds since 1970, or NaN where it is unknown
   */
  add(user: number, item: number, label: number, time: number): void {
    if (this.used === blockRows) {
      this.full.push(this.block);
      this.block = new Block();
      this.used = 0;
    }
    const row = this.used++;
    const { block } = this;
    block.user[row] = user;
    block.item[row] = item;
    block.label[row] = label;
    block.time[row] = time;
    if (time === time) this.timed = true; // not NaN
  }

  /** The rows so far; nothing can be added afterwards. The `time` column is left out when no row has a time. */
  finish(): Interactions {
    const rows = this.full.length * blockRows + this.used;
    const blocks = [...this.full.splice(0), this.block];
    return {
      user: joined(new Int32Array(rows), blocks, "user"),
      item: joined(new Int32Array(rows), blocks, "item"),
      label: joined(new Float32Array(rows), blocks, "label"),
      ...(this.timed ? { time: joined(new Float64Array(rows), blocks, "time") } : {}),
      userCount: this.users.size,
      itemCount: this.items.size,
      users: this.users,
      items: this.items,
    };
  }
}

function joined<T extends Block[keyof Block]>(whole: T, blocks: readonly Block[], column: keyof Block): T {
  blocks.forEach((block, k) => {
    const at = k * blockRows;
    whole.set(block[column].subarray(0, whole.length - at), at);
  });
  return whole;
}

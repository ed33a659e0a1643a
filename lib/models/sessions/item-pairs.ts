import { type Histories, historyCount } from "../../data";
import type { SparseRows } from "../../engine";
import { loadModelAs, saveModel, type StoredTensors, tensorNamed } from "../model-file";
import { Popularity } from "./popularity";
import { lastItem, requireKnownItems, ScoreRoom, type SessionRecommender } from "./session-recommender";

/**
 * Scores items by a table of pairs with the history's last item. Pairs the table lacks, and equal ones, follow by
 * popularity: an item's share of all events is added, times `tieScale`.
 */
export class ItemPairs implements SessionRecommender {
  private readonly fallback: Float32Array;
  private readonly room = new ScoreRoom();

  /**
   * @param pairs row i holds what follows item i, `[itemCount, itemCount]`
   * @param tieScale below the least difference of two values that shall count
   */
  constructor(
    readonly kind: string,
    readonly pairs: SparseRows,
    private readonly popularity: Popularity,
    private readonly tieScale: number,
  ) {
    this.fallback = popularity.shares().map((share) => tieScale * share);
  }

  get itemCount(): number {
    return this.fallback.length;
  }

  async scores(histories: Histories): Promise<Float32Array> {
    requireKnownItems(histories, this.itemCount);
    const { pointers, columns, values } = this.pairs;
    const scores = this.room.of(historyCount(histories) * this.itemCount);
    for (let k = 0, row = 0; k < historyCount(histories); k++, row += this.itemCount) {
      scores.set(this.fallback, row);
      const last = lastItem(histories, k);
      if (last < 0) continue;
      for (let entry = pointers[last]; entry < pointers[last + 1]; entry++)
        scores[row + columns[entry]] += values[entry];
    }
    return scores;
  }

  /** Writes the table and the popularity to a file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    const named = Object.entries({ ...this.pairs, counts: this.popularity.counts }).map(([name, values]) => ({
      name,
      shape: [values.length],
      values,
    }));
    await saveModel(path, this.kind, named, { tieScale: this.tieScale });
  }

  /**
   * Reads what `save` wrote.
   *
   * @param kind of the table, such as `"markov-chain"`
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is another or damaged
   */
  static async load(path: string, kind: string): Promise<ItemPairs> {
    const fromTensors = (tensors: StoredTensors, options: unknown) => {
      const [pointers, columns] = ["pointers", "columns"].map((name) => tensorNamed(tensors, name, Int32Array, 1));
      const [values, counts] = ["values", "counts"].map((name) => tensorNamed(tensors, name, Float32Array, 1));
      const pairs = { pointers: pointers.values, columns: columns.values, values: values.values };
      const { tieScale } = options as { tieScale: number };
      return new ItemPairs(kind, pairs, new Popularity(counts.values), tieScale);
    };
    return loadModelAs(path, { kind, fromTensors });
  }
}

/** Counts how often pairs of items occur, one first item at a time, without a dense matrix. */
export class PairCounter {
  private readonly counts: Float32Array;
  private readonly touched: number[] = [];
  private readonly columns: number[] = [];
  private readonly values: number[] = [];
  private readonly pointers: number[] = [0];

  constructor(itemCount: number) {
    this.counts = new Float32Array(itemCount);
  }

  /** One more pair of the present first item with `item`. */
  add(item: number): void {
    if (this.counts[item]++ === 0) this.touched.push(item);
  }

  /**
   * Ends the present first item's row.
   *
   * @param value of a pair, given its second item and count
   * @param most how many of the largest values are kept, equal ones by item; by default all
   */
  endRow(value: (item: number, count: number) => number, most = Infinity): void {
    const items = Int32Array.from(this.touched).sort();
    const values = Float32Array.from(items, (item) => value(item, this.counts[item]));
    const least = most < values.length ? values.slice().sort()[values.length - most] : -Infinity;
    let ties = most - values.reduce((above, x) => above + Number(x > least), 0);
    items.forEach((item, k) => {
      this.counts[item] = 0;
      if (values[k] < least || (values[k] === least && ties-- <= 0)) return;
      this.columns.push(item);
      this.values.push(values[k]);
    });
    this.touched.length = 0;
    this.pointers.push(this.columns.length);
  }

  finish(): SparseRows {
    return {
      pointers: Int32Array.from(this.pointers),
      columns: Int32Array.from(this.columns),
      values: Float32Array.from(this.values),
    };
  }
}

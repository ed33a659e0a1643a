import type { Interactions } from "../data";
import type { Workspace } from "../engine";
import type { Mf } from "../models";
import type { Selection } from "./selection";

/**
 * The training rows that one request involves and the embeddings at their ends, copied to the engine's memory under local ids.
 * Selected users and items have the lowest local ids; after them come the other ends of the rows, which stay as they are.
 */
export interface LocalRows {
  /** Row numbers of the training set, sorted by local user, `[rows]`. */
  readonly rows: Int32Array;
  /** Dense ids by local id. */
  readonly userIds: readonly number[];
  readonly itemIds: readonly number[];
  /** Local user and item of each row, `[rows]`. */
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Where each local user's rows begin, `[userIds + 1]`. */
  readonly userPointers: Int32Array;
  /** The label each row was trained with, `[rows]`. */
  readonly label: Float32Array;
  /** Embeddings, `[userIds, width]` and `[itemIds, width]`. */
  readonly p: Float32Array;
  readonly q: Float32Array;
  readonly width: number;
}

/** Local numbers for dense ids, in order of first appearance after those given first. */
class LocalIds {
  readonly ids: number[];
  private readonly numbers: Map<number, number>;

  constructor(first: Int32Array) {
    this.ids = [...first];
    this.numbers = new Map(this.ids.map((id, number) => [id, number]));
  }

  number(id: number): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    this.numbers.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }
}

/** The stable order of `keys`, all below `bound`, and where each key's run begins, by counting sort. */
function countingSort(keys: Int32Array, bound: number): { order: Int32Array; pointers: Int32Array } {
  const pointers = new Int32Array(bound + 1);
  for (const key of keys) pointers[key + 1]++;
  for (let key = 0; key < bound; key++) pointers[key + 1] += pointers[key];
  const next = pointers.slice(0, bound);
  const order = new Int32Array(keys.length);
  for (let k = 0; k < keys.length; k++) order[next[keys[k]]++] = k;
  return { order, pointers };
}

function gatherEmbeddings(table: Float32Array, ids: readonly number[], width: number, into: Workspace): Float32Array {
  const rows = into.float32(ids.length * width);
  ids.forEach((id, number) => rows.set(table.subarray(id * width, (id + 1) * width), number * width));
  return rows;
}

/**
 * Gathers rows and the embeddings at their ends. The cost is in these rows, not in the size of the dataset.
 *
 * @param rows row numbers of `train`, in any order
 */
export function gatherLocalRows(
  model: Pick<Mf, "userEmbedding" | "itemEmbedding" | "embeddingSize">,
  train: Interactions,
  rows: Int32Array,
  selection: Selection,
  workspace: Workspace,
): LocalRows {
  const users = new LocalIds(selection.users);
  const items = new LocalIds(selection.items);
  const unordered = rows.map((row) => users.number(train.user[row]));
  const { order, pointers } = countingSort(unordered, users.ids.length);
  const sorted = order.map((k) => rows[k]);
  const item = sorted.map((row) => items.number(train.item[row]));
  const width = model.embeddingSize;
  return {
    rows: sorted,
    userIds: users.ids,
    itemIds: items.ids,
    user: workspace.copyOf(order.map((k) => unordered[k])),
    item: workspace.copyOf(item),
    userPointers: workspace.copyOf(pointers),
    label: workspace.copyOf(Float32Array.from(sorted, (row) => train.label[row])),
    p: gatherEmbeddings(model.userEmbedding, users.ids, width, workspace),
    q: gatherEmbeddings(model.itemEmbedding, items.ids, width, workspace),
    width,
  };
}

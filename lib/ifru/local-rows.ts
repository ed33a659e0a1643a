import type { InteractionIndex, Interactions } from "../data";
import type { Workspace } from "../engine";
import type { Mf } from "../models";
import { LocalNumbering } from "./local-numbering";
import type { NodeSelection } from "./selection";

/**
 * The training rows that one request involves and the embeddings at their ends, copied to the engine's memory under
 * local ids. Selected users and items have the lowest local ids; after them come the other ends of the rows, which stay
 * as they are.
 *
 * Rows lie in three groups, since a row with only one end selected costs half as much: first the rows with *both* ends
 * selected, by local user; then those with the *user* alone, by local user; then those with the *item* alone, by local
 * item.
 */
export interface LocalRows {
  /** Row numbers of the training set, `[rows]`. */
  readonly rows: Int32Array;
  /** Local user and item of each row, `[rows]`. */
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** The label each row was trained with, `[rows]`. */
  readonly label: Float32Array;
  /** 1 where the row is to be forgotten, `[rows]`. */
  readonly forgotten: Uint8Array;
  /**
   * Where each selected user's or item's rows begin in a group, counted from the group's first; the group's size at the
   * end.
   */
  readonly pointers: {
    /** `[selectedUsers + 1]` */
    readonly both: Int32Array;
    /** `[selectedUsers + 1]` */
    readonly user: Int32Array;
    /** `[selectedItems + 1]` */
    readonly item: Int32Array;
  };
  /** Embeddings, `[local users, width]` and `[local items, width]`. */
  readonly p: Float32Array;
  readonly q: Float32Array;
  readonly width: number;
}

/** The embedding tables rows are gathered from. */
export type EmbeddingTables = Pick<Mf, "userEmbedding" | "itemEmbedding" | "embeddingSize">;

/**
 * Gathers the rows that share a selected user or item, and the embeddings at their ends. The cost is in these rows, not
 * in the size of the dataset.
 *
 * @param index of `train`
 * @param forgetRows row numbers of `train`, of which those that are gathered are marked
 * @example
 * const [{ index }, workspace] = [indexModel(model, train), createWorkspace()];
 * const selection = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
 * const { rows } = gatherLocalRows(model, train, index, selection, forgetRows, workspace);
 * rows.length; // how many training rows the request involves
 * workspace.dispose();
 */
export function gatherLocalRows(
  model: EmbeddingTables,
  train: Interactions,
  index: InteractionIndex,
  selection: NodeSelection,
  forgetRows: Int32Array,
  workspace: Workspace,
): LocalRows {
  const { nodes, rows: marks } = index.scratch;
  const users = new LocalNumbering(nodes.subarray(0, train.userCount), selection.users);
  const items = new LocalNumbering(nodes.subarray(train.userCount), selection.items);
  for (const row of forgetRows) marks[row] = 1;
  try {
    const columns = gatherRows(train, index, selection, users, items, workspace);
    const { embeddingSize: width } = model;
    return {
      ...columns,
      p: gatherEmbeddings(model.userEmbedding, users.ids, width, workspace),
      q: gatherEmbeddings(model.itemEmbedding, items.ids, width, workspace),
      width,
    };
  } finally {
    users.clear();
    items.clear();
    for (const row of forgetRows) marks[row] = 0;
  }
}

/** The columns of the rows, their groups one after another, and numbers for the ends that are not selected. */
function gatherRows(
  train: Interactions,
  index: InteractionIndex,
  selection: NodeSelection,
  users: LocalNumbering,
  items: LocalNumbering,
  workspace: Workspace,
): Omit<LocalRows, "p" | "q" | "width"> {
  const { userPointers, userRows, itemPointers, itemRows, scratch } = index;
  const both = countBoth(train, index, selection, items);
  const count = degreeSum(userPointers, selection.users) + degreeSum(itemPointers, selection.items) - both;
  const rows = new Int32Array(count);
  const [user, item] = [workspace.int32(count), workspace.int32(count)];
  const pointers = {
    both: workspace.int32(selection.users.length + 1),
    user: workspace.int32(selection.users.length + 1),
    item: workspace.int32(selection.items.length + 1),
  };
  const ofUsers = { ids: selection.users, pointers: userPointers, rows: userRows, others: train.item };
  const ofItems = { ids: selection.items, pointers: itemPointers, rows: itemRows, others: train.user };
  const ends = { both: { begin: 0, pointers: pointers.both }, alone: { begin: both, pointers: pointers.user } };
  const next = list(ofUsers, items, selection.items.length, ends, { rows, own: user, other: item });
  const rest = { both: null, alone: { begin: next, pointers: pointers.item } };
  list(ofItems, users, selection.users.length, rest, { rows, own: item, other: user });
  const label = workspace.float32(count);
  gather(train.label, rows, label);
  const forgotten = new Uint8Array(count);
  gather(scratch.rows, rows, forgotten);
  return { rows, user, item, label, forgotten, pointers };
}

/** The rows of one side's selected ids, and the other end of every training row. */
interface RowsOfSide {
  readonly ids: Int32Array;
  readonly pointers: Int32Array;
  readonly rows: Int32Array;
  readonly others: Int32Array;
}

/** Where a group of rows begins, and what is filled with where each id's rows begin in it. */
interface Group {
  readonly begin: number;
  readonly pointers: Int32Array;
}

/**
 * Lists the rows of one side's selected ids: those whose other end is selected too in the group `both` (or nowhere),
 * the others in the group `alone`. Returns where that ends.
 *
 * @param numbers of the other ends, those that are selected lowest
 */
function list(
  { ids, pointers, rows, others }: RowsOfSide,
  numbers: LocalNumbering,
  selectedOthers: number,
  { both, alone }: { readonly both: Group | null; readonly alone: Group },
  columns: { readonly rows: Int32Array; readonly own: Int32Array; readonly other: Int32Array },
): number {
  let nextBoth = both?.begin ?? 0;
  let nextAlone = alone.begin;
  for (let local = 0; local < ids.length; local++) {
    for (let k = pointers[ids[local]], end = pointers[ids[local] + 1]; k < end; k++) {
      const other = numbers.number(others[rows[k]]);
      if (other < selectedOthers && both === null) continue;
      const at = other < selectedOthers ? nextBoth++ : nextAlone++;
      columns.rows[at] = rows[k];
      columns.own[at] = local;
      columns.other[at] = other;
    }
    if (both !== null) both.pointers[local + 1] = nextBoth - both.begin;
    alone.pointers[local + 1] = nextAlone - alone.begin;
  }
  return nextAlone;
}

// A loop of its own: V8 throws away the optimised form of a function that goes on after a long loop, at every call.
function gather<T extends Float32Array | Uint8Array>(from: T, rows: Int32Array, to: T): void {
  for (let k = 0; k < rows.length; k++) to[k] = from[rows[k]];
}

/** How many rows have both ends selected, while only selected items have a number. */
function countBoth(
  train: Interactions,
  index: InteractionIndex,
  { users }: NodeSelection,
  items: LocalNumbering,
): number {
  let count = 0;
  for (const user of users)
    for (let k = index.userPointers[user]; k < index.userPointers[user + 1]; k++)
      if (items.has(train.item[index.userRows[k]])) count++;
  return count;
}

function degreeSum(pointers: Int32Array, ids: Int32Array): number {
  let sum = 0;
  for (const id of ids) sum += pointers[id + 1] - pointers[id];
  return sum;
}

function gatherEmbeddings(table: Float32Array, ids: readonly number[], width: number, into: Workspace): Float32Array {
  const rows = into.float32(ids.length * width);
  for (let number = 0, at = 0; number < ids.length; number++)
    for (let from = ids[number] * width, end = from + width; from < end; from++) rows[at++] = table[from];
  return rows;
}

import type { Interactions } from "./interactions";

/**
 * The rows of a set by user and by item (two compressed sparse indexes); within a user or item, in ascending row order.
 */
export interface InteractionIndex {
  /** Rows of user u are `userRows[userPointers[u] … userPointers[u + 1])`. `[userCount + 1]` and `[rows]`. */
  readonly userPointers: Int32Array;
  readonly userRows: Int32Array;
  /** The same by item, `[itemCount + 1]` and `[rows]`. */
  readonly itemPointers: Int32Array;
  readonly itemRows: Int32Array;
  /**
   * Room to mark users and items (users first, `[userCount + itemCount]`) and rows (`[rows]`) while walking the index,
   * so that a walk costs what it visits and not the size of the set. All zero before and after each synchronous use; no
   * part of the data.
   */
  readonly scratch: { readonly nodes: Int32Array; readonly rows: Uint8Array };
}

/** Row numbers grouped by a dense id: those of id k are `rows[pointers[k] … pointers[k + 1])`. */
export interface GroupedRows {
  /** `[ids + 1]`. */
  readonly pointers: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Counting sort of row numbers by a dense id.
 *
 * @param ids the id of each row, `[rows]`
 * @param order the order the rows keep within an id. Default: ascending
 * @example
 * const { pointers, rows } = groupRows(train.user, train.userCount);
 * rows.subarray(pointers[3], pointers[4]); // the rows of user 3
 */
export function groupRows(ids: Int32Array, idCount: number, order?: Int32Array): GroupedRows {
  const pointers = new Int32Array(idCount + 1);
  for (const id of ids) pointers[id + 1]++;
  for (let id = 0; id < idCount; id++) pointers[id + 1] += pointers[id];
  const next = pointers.slice(0, idCount);
  const rows = new Int32Array(ids.length);
  for (let k = 0; k < ids.length; k++) {
    const row = order === undefined ? k : order[k];
    rows[next[ids[row]]++] = row;
  }
  return { pointers, rows };
}

/**
 * Indexes a set of interactions; linear in rows, users and items.
 *
 * @example
 * const { userPointers, userRows } = indexInteractions(train);
 * userRows.subarray(userPointers[3], userPointers[4]); // the rows of user 3
 */
export function indexInteractions(interactions: Interactions): InteractionIndex {
  const byUser = groupRows(interactions.user, interactions.userCount);
  const byItem = groupRows(interactions.item, interactions.itemCount);
  return {
    userPointers: byUser.pointers,
    userRows: byUser.rows,
    itemPointers: byItem.pointers,
    itemRows: byItem.rows,
    scratch: {
      nodes: new Int32Array(interactions.userCount + interactions.itemCount),
      rows: new Uint8Array(interactions.user.length),
    },
  };
}

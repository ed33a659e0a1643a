import type { Interactions } from "./interactions";

/** The rows of a set by user and by item (two compressed sparse indexes); within a user or item, in ascending row order. */
export interface InteractionIndex {
  /** Rows of user u are `userRows[userPointers[u] … userPointers[u + 1])`. `[userCount + 1]` and `[rows]`. */
  readonly userPointers: Int32Array;
  readonly userRows: Int32Array;
  /** The same by item, `[itemCount + 1]` and `[rows]`. */
  readonly itemPointers: Int32Array;
  readonly itemRows: Int32Array;
}

/** Counting sort of row numbers by a dense id. */
function groupRows(ids: Int32Array, idCount: number): { pointers: Int32Array; rows: Int32Array } {
  const pointers = new Int32Array(idCount + 1);
  for (const id of ids) pointers[id + 1]++;
  for (let id = 0; id < idCount; id++) pointers[id + 1] += pointers[id];
  const next = pointers.slice(0, idCount);
  const rows = new Int32Array(ids.length);
  for (let row = 0; row < ids.length; row++) rows[next[ids[row]]++] = row;
  return { pointers, rows };
}

/** Indexes a set of interactions; linear in rows, users and items. */
export function indexInteractions(interactions: Interactions): InteractionIndex {
  const byUser = groupRows(interactions.user, interactions.userCount);
  const byItem = groupRows(interactions.item, interactions.itemCount);
  return {
    userPointers: byUser.pointers,
    userRows: byUser.rows,
    itemPointers: byItem.pointers,
    itemRows: byItem.rows,
  };
}

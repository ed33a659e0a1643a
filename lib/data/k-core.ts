import { type Interactions, rowCount } from "./interactions";

/**
 * Recursive k-core as IFRU does it: drop users with fewer than `coreSize` rows, then items with fewer, and again until
 * nothing changes. The order matters for nothing but the number of rounds: the core is unique.
 *
 * @param coreSize the least rows a user and an item must have; 0 or 1 keeps everything
 * @returns the rows that stay, ascending, `[kept]`
 * @example
 * const core = compactRows(interactions, kCoreRows(interactions, 5)); // at least 5 rows for each user and item
 */
export function kCoreRows(interactions: Interactions, coreSize: number): Int32Array {
  let rows = Int32Array.from({ length: rowCount(interactions) }, (_, row) => row);
  for (let before = -1; before !== rows.length;) {
    before = rows.length;
    rows = rowsOfFrequent(rows, interactions.user, interactions.userCount, coreSize);
    rows = rowsOfFrequent(rows, interactions.item, interactions.itemCount, coreSize);
  }
  return rows;
}

/** The rows whose id occurs at least `least` times among them. */
function rowsOfFrequent(rows: Int32Array, ids: Int32Array, idCount: number, least: number): Int32Array {
  const occurrences = new Int32Array(idCount);
  for (const row of rows) occurrences[ids[row]]++;
  return rows.filter((row) => occurrences[ids[row]] >= least);
}

import { InvalidDataError } from "../core";
import { type GroupedRows, groupRows } from "./interaction-index";
import { type Interactions, rowCount } from "./interactions";

/**
 * What "earlier" means: by the `time` column (ties by row), or by row where a dataset has no times but its rows are in
 * order.
 */
export type RowOrder = "time" | "rows";

/**
 * Row numbers in order.
 *
 * @throws InvalidDataError when a time is wanted and missing
 */
function orderedRows(interactions: Interactions, order: RowOrder): Int32Array {
  const rows = Int32Array.from({ length: rowCount(interactions) }, (_, row) => row);
  if (order === "rows") return rows;
  const { time } = interactions;
  const missing =
    time === undefined ? rows.length : time.reduce((count, seconds) => count + Number(Number.isNaN(seconds)), 0);
  if (time === undefined || missing > 0)
    throw new InvalidDataError(`${missing} of ${rows.length} rows have no time`, {
      remedy: 'choose the rows that have one, or order: "rows" if the rows are in chronological order',
    });
  return rows.sort((a, b) => time[a] - time[b] || a - b);
}

/** The rows of each user, in order. @throws InvalidDataError when a time is wanted and missing */
export function orderedRowsByUser(interactions: Interactions, order: RowOrder): GroupedRows {
  return groupRows(interactions.user, interactions.userCount, orderedRows(interactions, order));
}

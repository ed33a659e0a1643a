import type { IdMap } from "./id-map";
import { placesWhere } from "./places-where";

/**
 * User-item interactions as columns. Row k is `(user[k], item[k], label[k])`; ids are dense and numbered by first
 * appearance. Never an object per row.
 */
export interface Interactions {
  /** Dense user ids, `[rows]`, each below `userCount`. */
  readonly user: Int32Array;
  /** Dense item ids, `[rows]`, each below `itemCount`. */
  readonly item: Int32Array;
  /** Labels, `[rows]`: 0 or 1 once binarised, the raw rating before. */
  readonly label: Float32Array;
  /** Seconds since 1970 (UTC), `[rows]`, where the dataset has times; NaN where a row has none. */
  readonly time?: Float64Array;
  readonly userCount: number;
  readonly itemCount: number;
  /** Dense id to the dataset's own id and back; shared by every subset of one dataset. */
  readonly users: IdMap;
  readonly items: IdMap;
}

/**
 * The number of rows.
 *
 * @example
 * const share = forgetRows.length / rowCount(train);
 */
export function rowCount(interactions: Interactions): number {
  return interactions.user.length;
}

/**
 * The rows that satisfy a condition.
 *
 * @example
 * const positives = compactRows(train, rowsWhere(train, (row) => train.label[row] === 1));
 * @returns row numbers, ascending
 */
export function rowsWhere(interactions: Interactions, matches: (row: number) => boolean): Int32Array {
  return placesWhere(rowCount(interactions), matches);
}

/**
 * Some rows of a set, in the order given. Ids keep their meaning.
 *
 * @param rows row numbers, `[count]`
 * @example
 * const toForget = selectRows(train, forgetRows);
 */
export function selectRows(interactions: Interactions, rows: Int32Array): Interactions {
  const { time, ...rest } = interactions;
  return {
    ...rest,
    user: rows.map((row) => interactions.user[row]),
    item: rows.map((row) => interactions.item[row]),
    label: Float32Array.from(rows, (row) => interactions.label[row]),
    ...(time === undefined ? {} : { time: Float64Array.from(rows, (row) => time[row]) }),
  };
}

/**
 * Some lists of row numbers as one, ascending. A number that is in several of them comes as often.
 *
 * @example
 * const forgetRows = joinedRows([userRows(train, 3), itemRows(train, 7)]);
 */
export function joinedRows(lists: readonly Int32Array[]): Int32Array {
  return Int32Array.from(lists.flatMap((rows) => [...rows])).sort();
}

import fc from "fast-check";
import { data } from "recsys-unlearning";

/** One row as a test writes it. */
export interface Row {
  readonly user: string;
  readonly item: string;
  readonly label?: number;
  readonly time?: number;
}

/** Columns from rows. */
export function interactionsOf(rows: readonly Row[]): data.Interactions {
  const users = new data.IdMap("user");
  const items = new data.IdMap("item");
  const timed = rows.some((row) => row.time !== undefined);
  return {
    user: Int32Array.from(rows, (row) => users.intern(row.user)),
    item: Int32Array.from(rows, (row) => items.intern(row.item)),
    label: Float32Array.from(rows, (row) => row.label ?? 1),
    ...(timed ? { time: Float64Array.from(rows, (row) => row.time ?? NaN) } : {}),
    userCount: users.size,
    itemCount: items.size,
    users,
    items,
  };
}

/** Rows from columns. */
export function rowsOf(set: data.Interactions): Row[] {
  return Array.from(set.user, (user, row) => ({
    user: set.users.toRaw(user),
    item: set.items.toRaw(set.item[row]),
    label: set.label[row],
    ...(set.time === undefined ? {} : { time: set.time[row] }),
  }));
}

/** Small sets with crowded ids, so that repeats, cores and ties occur. */
export const someInteractions: fc.Arbitrary<data.Interactions> = fc
  .array(
    fc.record({
      user: fc.integer({ min: 0, max: 11 }).map((id) => `u${id}`),
      item: fc.integer({ min: 0, max: 11 }).map((id) => `i${id}`),
      label: fc.integer({ min: 1, max: 5 }),
      time: fc.integer({ min: 0, max: 50 }),
    }),
    { minLength: 12, maxLength: 120 },
  )
  .map(interactionsOf);

import { InvalidArgumentError } from "../../core";
import { indexInteractions, type Interactions, rowCount, rowsWhere } from "../../data";

/** Rows at both ends of an order. */
export interface Ends {
  /** Of the largest values; ascending row numbers. */
  readonly top: Int32Array;
  /** Of the smallest. */
  readonly bottom: Int32Array;
}

/**
 * The rows at the ends of a value that each row has, such as its place along an influence component. Ties go to the
 * first rows.
 *
 * @param values one for each row
 * @param count how many rows each end has
 * @throws InvalidArgumentError for more rows than there are, fewer than one, or a value that is NaN
 * @example
 * const [first] = await influenceComponents(model, prepared, train);
 * const { top, bottom } = endsOf(first.rows, 100);
 * const { top: held } = endsOf((await selfInfluence(model, prepared, train)).influence, 100); // hold themselves most
 */
export function endsOf(values: Float64Array, count: number): Ends {
  if (!(Number.isInteger(count) && count >= 1 && count <= values.length) || values.some(Number.isNaN))
    throw new InvalidArgumentError(`${count} of ${values.length} rows are asked for, or a value is NaN`, {
      where: "endsOf",
      remedy: `ask for 1 to ${values.length}, of values that are numbers`,
    });
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
  return { top: ascending(order.slice(0, count)), bottom: ascending(order.slice(-count)) };
}

/**
 * All rows of the items at the head (most rows) or the tail (fewest, one at least) of a set: whole items, as many as
 * asked for. For users there is `chooseUsers`.
 *
 * @throws InvalidArgumentError for more items than have rows
 * @example
 * const forgetRows = rowsOfItems(train, "tail", 20);
 */
export function rowsOfItems(train: Interactions, end: "head" | "tail", count: number): Int32Array {
  const { itemPointers } = indexInteractions(train);
  const size = (item: number) => itemPointers[item + 1] - itemPointers[item];
  const known = Array.from({ length: train.itemCount }, (_, item) => item).filter((item) => size(item) > 0);
  if (!(Number.isInteger(count) && count >= 1 && count <= known.length))
    throw new InvalidArgumentError(`${count} of ${known.length} items are asked for`, {
      where: "rowsOfItems",
      remedy: `ask for 1 to ${known.length}`,
    });
  const sign = end === "head" ? -1 : 1;
  const chosen = new Set(known.sort((a, b) => sign * (size(a) - size(b)) || a - b).slice(0, count));
  return rowsWhere(train, (row) => chosen.has(train.item[row]));
}

/**
 * The rows that have the nearest duplicate: another row of the same user with the same label, of an item that much the
 * same users have rows of (Jaccard's index of the two sets of users). What such a row taught, its duplicate still says.
 *
 * @returns ascending; one row of each pair, so that its duplicate stays
 * @throws InvalidArgumentError where fewer rows have a duplicate
 * @example
 * const forgetRows = nearDuplicates(train, 100);
 */
export function nearDuplicates(train: Interactions, count: number): Int32Array {
  const likeness = duplicateLikeness(train);
  const order = Array.from(likeness.keys()).filter((row) => likeness[row].value > 0);
  order.sort((a, b) => likeness[b].value - likeness[a].value || a - b);
  const [chosen, kept] = [new Set<number>(), new Set<number>()];
  for (const row of order) {
    if (chosen.size === count) break;
    if (kept.has(row) || chosen.has(likeness[row].of)) continue;
    chosen.add(row);
    kept.add(likeness[row].of);
  }
  if (chosen.size === count) return ascending([...chosen]);
  throw new InvalidArgumentError(`${chosen.size} of ${rowCount(train)} rows have a duplicate that can stay`, {
    where: "nearDuplicates",
    remedy: `ask for ${chosen.size} or fewer`,
  });
}

/** Of each row the likest other row of its user, and how like it is. */
function duplicateLikeness(train: Interactions): { readonly of: number; readonly value: number }[] {
  const { userPointers, userRows, itemPointers, itemRows } = indexInteractions(train);
  const usersOf = Array.from(
    { length: train.itemCount },
    (_, item) => new Set(itemRows.subarray(itemPointers[item], itemPointers[item + 1]).map((row) => train.user[row])),
  );
  const known = new Map<number, number>();
  const jaccard = (a: number, b: number): number => {
    const key = Math.min(a, b) * train.itemCount + Math.max(a, b);
    const value = known.get(key) ?? jaccardOf(usersOf[a], usersOf[b]);
    known.set(key, value);
    return value;
  };
  const found = Array.from({ length: rowCount(train) }, () => ({ of: -1, value: 0 }));
  for (let user = 0; user < train.userCount; user++) {
    const rows = userRows.subarray(userPointers[user], userPointers[user + 1]);
    for (const a of rows)
      for (const b of rows) {
        if (a === b || train.label[a] !== train.label[b] || train.item[a] === train.item[b]) continue;
        const value = jaccard(train.item[a], train.item[b]);
        if (value > found[a].value) found[a] = { of: b, value };
      }
  }
  return found;
}

function jaccardOf(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let both = 0;
  for (const user of a) if (b.has(user)) both++;
  return both / (a.size + b.size - both);
}

const ascending = (rows: readonly number[]) => Int32Array.from(rows).sort();

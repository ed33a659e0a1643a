import { type Interactions, rowCount, rowsWhere } from "../interactions";
import { compactRows } from "../renumber";
import type { ReadSettings } from "./read-options";

/** Calls back for every row, users one after another and each one's rows in order. */
function forEachByUser({ user, userCount }: Interactions, visit: (row: number) => void): void {
  if (isGrouped(user)) {
    for (let row = 0; row < user.length; row++) visit(row);
    return;
  }
  const next = new Int32Array(userCount + 1);
  for (const one of user) next[one + 1]++;
  for (let k = 0; k < userCount; k++) next[k + 1] += next[k];
  const rows = new Int32Array(user.length);
  for (let row = 0; row < user.length; row++) rows[next[user[row]]++] = row;
  for (const row of rows) visit(row);
}

/** Whether each user's rows stand together: ids are numbered by first appearance, so they then never fall. */
function isGrouped(user: Int32Array): boolean {
  for (let row = 1; row < user.length; row++) if (user[row] < user[row - 1]) return false;
  return true;
}

/** How many rows have a user and an item that an earlier row has too. */
export function countRepeatedRows(interactions: Interactions): number {
  const { user, item, itemCount } = interactions;
  const lastUser = new Int32Array(itemCount).fill(-1);
  let repeated = 0;
  let before = -1;
  for (let row = 0; row < user.length; row++) {
    const [one, thing] = [user[row], item[row]];
    if (one < before) return countAsGrouped(interactions);
    before = one;
    if (lastUser[thing] === one) repeated++;
    else lastUser[thing] = one;
  }
  return repeated;
}

/** The same where the rows of a user do not stand together. */
function countAsGrouped(interactions: Interactions): number {
  const { user, item, itemCount } = interactions;
  const lastUser = new Int32Array(itemCount).fill(-1);
  let repeated = 0;
  forEachByUser(interactions, (row) => {
    if (lastUser[item[row]] === user[row]) repeated++;
    else lastUser[item[row]] = user[row];
  });
  return repeated;
}

/**
 * One row for each pair of user and item: the first or the last of the file, or the first with the sum or mean of the
 * labels and the latest time.
 */
export function mergeRepeatedRows(
  interactions: Interactions,
  keep: Exclude<ReadSettings["keep"], "all">,
): Interactions {
  const { user, item, itemCount, label, time } = interactions;
  const lastUser = new Int32Array(itemCount).fill(-1);
  /** The row that stands for each item of the user in turn. */
  const standing = new Int32Array(itemCount);
  const isKept = new Uint8Array(rowCount(interactions));
  const labels = Float64Array.from(label);
  const counts = new Int32Array(label.length).fill(1);
  const times = time?.slice();
  forEachByUser(interactions, (row) => {
    const first = standing[item[row]];
    const isNew = lastUser[item[row]] !== user[row];
    if (!isNew && keep !== "last") {
      labels[first] += label[row];
      counts[first]++;
      if (times !== undefined && keep !== "first" && !(times[first] >= times[row])) times[first] = times[row];
      return;
    }
    if (!isNew) isKept[first] = 0;
    lastUser[item[row]] = user[row];
    standing[item[row]] = row;
    isKept[row] = 1;
  });
  const merged = keep === "sum" || keep === "mean";
  const whole: Interactions = merged
    ? {
        ...interactions,
        label: label.map((_, row) => (keep === "sum" ? labels[row] : labels[row] / counts[row])),
        ...(times === undefined ? {} : { time: times }),
      }
    : interactions;
  return compactRows(
    whole,
    rowsWhere(interactions, (row) => isKept[row] === 1),
  );
}

import { announce, InvalidDataError, wordOption } from "../../core";
import { type GroupedRows, groupRows } from "../interaction-index";
import { type Interactions, rowCount } from "../interactions";

/** Which of two rows with the same time is the later one. */
export const tiesOption = wordOption(
  "Which of two rows of one time is later: the one further down (`rows`), or the one further up (`reversed`). Of the " +
    "users of ML-1M with ratings from 4, the choice changes the last item of 1,903 of 6,032.",
  ["rows", "reversed"],
  "rows",
);

/** Which of two rows with the same time is the later one. */
export type Ties = "rows" | "reversed";

/**
 * All rows, the earliest first.
 *
 * @throws InvalidDataError when a row has no time
 */
export function chronologicalRows(interactions: Interactions, ties: Ties): Int32Array {
  const { time } = interactions;
  const rows = Int32Array.from({ length: rowCount(interactions) }, (_, row) => row);
  const timeless = time === undefined ? rows.length : rows.filter((row) => Number.isNaN(time[row])).length;
  if (time === undefined || timeless > 0)
    throw new InvalidDataError(`${timeless} of ${rows.length} rows have no time`, {
      remedy: 'split by "random", or choose the rows that have a time',
    });
  const later = ties === "rows" ? 1 : -1;
  return rows.sort((a, b) => time[a] - time[b] || later * (a - b));
}

/** The rows of each user, the earliest first. @throws InvalidDataError when a row has no time */
export function chronologicalRowsByUser(interactions: Interactions, ties: Ties): GroupedRows {
  return groupRows(interactions.user, interactions.userCount, chronologicalRows(interactions, ties));
}

/** Says for how many users ties decide. */
export function announceTies(where: string, users: number, all: number, ties: Ties): void {
  if (users > 0)
    announce(`${where}: for ${users} of ${all} users two rows of one time stand at the cut; ties: "${ties}" decides`);
}

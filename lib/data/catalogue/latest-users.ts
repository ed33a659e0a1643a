import { type Interactions, rowsWhere } from "../interactions";

/**
 * The rows of the users whose last row is latest, a share of all users: how session papers take 1/64 of yoochoose. Of
 * two users with one last moment, the one that appears later counts as later.
 *
 * @param share above 0, at most 1; rounded up to whole users
 */
export function latestUsersRows(interactions: Interactions, share: number): Int32Array {
  const { user, time, userCount } = interactions;
  const last = new Float64Array(userCount).fill(-Infinity);
  user.forEach((one, row) => {
    const moment = time?.[row] ?? NaN;
    if (moment > last[one]) last[one] = moment;
  });
  const count = Math.ceil(share * userCount);
  const latest = Int32Array.from(last.keys()).sort((a, b) => last[b] - last[a] || b - a);
  const isLatest = new Uint8Array(userCount);
  for (const one of latest.subarray(0, count)) isLatest[one] = 1;
  return rowsWhere(interactions, (row) => isLatest[user[row]] === 1);
}

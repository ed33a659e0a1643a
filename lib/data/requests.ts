import { InvalidArgumentError, NotFoundError, Random, requireNumber } from "../core";
import { type Interactions, rowCount, rowsWhere } from "./interactions";

/**
 * The kinds of forget-request, as row numbers of a training set, ascending. An `UnlearningRequest` is such rows with
 * the set and a name.
 */

/**
 * The rows of one interaction (more than one where the pair is repeated).
 *
 * @throws NotFoundError when there is none
 * @example
 * const forgetRows = interactionRows(train, 3, 7); // all rows of user 3 with item 7
 */
export function interactionRows(train: Interactions, user: number, item: number): Int32Array {
  return some(
    rowsWhere(train, (row) => train.user[row] === user && train.item[row] === item),
    `interactions of user ${user} with item ${item}`,
  );
}

/**
 * All rows of one user.
 *
 * @throws NotFoundError when there is none
 * @example
 * const forgetRows = userRows(train, train.users.toDense("405")); // by the dataset's own id
 */
export function userRows(train: Interactions, user: number): Int32Array {
  return groupOfUsersRows(train, [user]);
}

/**
 * All rows of some users.
 *
 * @throws NotFoundError that names the users who have none
 * @example
 * const forgetRows = groupOfUsersRows(train, [3, 8, 21]);
 */
export function groupOfUsersRows(train: Interactions, users: Iterable<number>): Int32Array {
  const asked = new Set(users);
  const rows = rowsWhere(train, (row) => asked.has(train.user[row]));
  const found = new Set(Array.from(rows, (row) => train.user[row]));
  const unknown = [...asked].filter((user) => !found.has(user));
  const what = `rows of user ${unknown.slice(0, 5).join(", ")}`;
  return some(unknown.length > 0 ? new Int32Array(0) : rows, what);
}

/**
 * All rows of one item.
 *
 * @throws NotFoundError when there is none
 * @example
 * const forgetRows = itemRows(train, train.items.toDense("50")); // by the dataset's own id
 */
export function itemRows(train: Interactions, item: number): Int32Array {
  return some(
    rowsWhere(train, (row) => train.item[row] === item),
    `rows of item ${item}`,
  );
}

/**
 * A random share of all rows, at least one.
 *
 * @param share in (0, 1]
 * @throws InvalidArgumentError when there are no rows
 * @throws InvalidOptionError for a share out of range
 * @example
 * const forgetRows = randomRows(train, 0.02, 1); // 2 % of the rows
 */
export function randomRows(train: Interactions, share: number, seed: number): Int32Array {
  requireNumber("share", share, { above: 0, max: 1 });
  const rows = rowCount(train);
  if (rows === 0) throw new InvalidArgumentError("there are no rows to draw from");
  const count = Math.max(1, Math.round(share * rows));
  return Random.derive(seed, "random rows").sample(rows, count).sort();
}

function some(rows: Int32Array, what: string): Int32Array {
  if (rows.length > 0) return rows;
  throw new NotFoundError(`the training set has no ${what}`, {
    remedy: "ids here are dense; users.toDense(rawId) gives them",
  });
}

import { IdMap } from "./id-map";
import { type Interactions, selectRows } from "./interactions";

/** New dense ids for the users and items of some rows; -1 for those that do not occur among them. */
export interface Renumbering {
  readonly users: IdMap;
  readonly items: IdMap;
  /** Old dense id to new one, `[userCount]`. */
  readonly user: Int32Array;
  readonly item: Int32Array;
}

/** Numbers the users and items of some rows by first appearance there. */
export function numberByFirstAppearance(interactions: Interactions, rows: Int32Array): Renumbering {
  const users = numberIds(interactions.user, interactions.users, rows);
  const items = numberIds(interactions.item, interactions.items, rows);
  return { users: users.map, user: users.fresh, items: items.map, item: items.fresh };
}

function numberIds(ids: Int32Array, known: IdMap, rows: Int32Array): { map: IdMap; fresh: Int32Array } {
  const map = new IdMap(known.kind);
  const fresh = new Int32Array(known.size).fill(-1);
  for (const row of rows) if (fresh[ids[row]] < 0) fresh[ids[row]] = map.intern(known.toRaw(ids[row]));
  return { map, fresh };
}

/** Some rows under a numbering; rows whose user or item has no number are dropped. */
export function renumberRows(interactions: Interactions, rows: Int32Array, numbering: Renumbering): Interactions {
  const known = rows.filter(
    (row) => numbering.user[interactions.user[row]] >= 0 && numbering.item[interactions.item[row]] >= 0,
  );
  const part = selectRows(interactions, known);
  return {
    ...part,
    user: part.user.map((user) => numbering.user[user]),
    item: part.item.map((item) => numbering.item[item]),
    userCount: numbering.users.size,
    itemCount: numbering.items.size,
    users: numbering.users,
    items: numbering.items,
  };
}

/**
 * Some rows as a set of their own: only the users and items that occur there, numbered by first appearance.
 *
 * @example
 * const core = compactRows(interactions, kCoreRows(interactions, 5)); // ids are numbered anew
 */
export function compactRows(interactions: Interactions, rows: Int32Array): Interactions {
  return renumberRows(interactions, rows, numberByFirstAppearance(interactions, rows));
}

/**
 * A set read from a file of its own, under the ids of another: what a test file needs before a model of the training
 * file is asked about it. Rows whose user or item the other set does not have are dropped.
 *
 * @example
 * const test = withIdsOf((await loadDataset("my-test.csv")).interactions, train);
 */
export function withIdsOf(interactions: Interactions, { users, items }: Interactions): Interactions {
  const numbers = (own: IdMap, theirs: IdMap) =>
    Int32Array.from({ length: own.size }, (_, dense) => theirs.find(own.toRaw(dense)) ?? -1);
  const numbering = {
    users,
    items,
    user: numbers(interactions.users, users),
    item: numbers(interactions.items, items),
  };
  return renumberRows(interactions, Int32Array.from(interactions.user.keys()), numbering);
}

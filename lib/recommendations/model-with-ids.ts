import { InvalidArgumentError } from "../core";
import { groupRows, type IdMap, type Interactions, requireForgetRows, type Sessions } from "../data";
import { type KeptModel, partsOf } from "./model-kinds";

/** What each user has seen, and in what order. */
export interface SeenItems {
  /** User u has seen `items[pointers[u] .. pointers[u + 1])`, dense ids, `[users + 1]`. */
  readonly pointers: Int32Array;
  readonly items: Int32Array;
  /** Where each user's last session begins, an index of `items`, `[users]`. For ratings the user's first item. */
  readonly lastStart: Int32Array;
}

/**
 * A model with all that it takes to use it elsewhere: the dataset's own ids, titles, what users have seen, and what it
 * was made with.
 */
export interface ModelWithIds<M extends KeptModel = KeptModel> {
  readonly model: M;
  /** The dataset's own ids by dense id, `[users]`; `null` for a user of whom no row is left. */
  readonly users: readonly (string | null)[];
  /** `[items]` */
  readonly items: readonly string[];
  /** What items are called, by the dataset's own ids; may be empty. */
  readonly titles: ReadonlyMap<string, string>;
  readonly seen: SeenItems;
  /** What it was made with, such as the options of its training; plain JSON. */
  readonly about: object;
}

/** What is kept with a model. */
export interface WithIdsOptions {
  /** What items are called, by the dataset's own ids. Default: nothing. */
  readonly titles?: ReadonlyMap<string, string>;
  /** Plain JSON, such as `{ dataset, training: fit.options }`. Default: nothing. */
  readonly about?: object;
  /**
   * Rows that were forgotten: row numbers of the training set (of the interactions, for sessions). They are not kept as
   * seen, and users of whom no row is left lose their id. Default: none.
   */
  readonly forgetRows?: Int32Array;
  /** Sessions only: the map of the users' ids, `dataset.interactions.users`. */
  readonly users?: IdMap;
}

/**
 * A model with the ids of what it was trained on.
 *
 * @throws InvalidArgumentError when model and training set have other numbers of users or items, or sessions come
 *   without the map of users
 * @example
 * const kept = withIds(fit.model, train, { titles: await loadItemTitles("ml-100k"), about: fit.options });
 * const lists = await recommend(kept, { users: ["42"] });
 */
export function withIds<M extends KeptModel>(
  model: M,
  train: Interactions | Sessions,
  options: WithIdsOptions = {},
): ModelWithIds<M> {
  partsOf(model); // refuses a kind that cannot be kept
  const { titles = new Map(), about = {}, forgetRows = new Int32Array(0) } = options;
  const userMap = "users" in train ? train.users : options.users;
  if (userMap === undefined)
    throw new InvalidArgumentError("sessions name their items alone", {
      where: "withIds",
      remedy: "pass { users: dataset.interactions.users }",
    });
  const asked = forgetRows.length === 0 ? forgetRows : requireForgetRows(train, forgetRows, "withIds");
  const gone = new Set(asked);
  const seen = "users" in train ? seenRows(train, gone) : seenEvents(train, userMap.size, gone);
  requireSizes(model, userMap.size, train.items.size);
  const items = Array.from({ length: train.items.size }, (_, item) => train.items.toRaw(item));
  return { model, users: namesOf(userMap, seen, forgetRows.length > 0), items, titles, seen, about };
}

/** @param forgets whether a user without rows was forgotten, not only never trained on */
function namesOf(map: IdMap, { pointers }: SeenItems, forgets: boolean): (string | null)[] {
  const isGone = (user: number) => forgets && pointers[user] === pointers[user + 1];
  return Array.from({ length: map.size }, (_, user) => (isGone(user) ? null : map.toRaw(user)));
}

function requireSizes(model: KeptModel, userCount: number, itemCount: number): void {
  const parts = "userCount" in model ? model : "members" in model ? model.members[0] : undefined;
  const users = parts?.userCount ?? userCount;
  const items = parts?.itemCount ?? ("itemCount" in model ? model.itemCount : itemCount);
  if (users === userCount && items === itemCount) return;
  throw new InvalidArgumentError(
    `the model has ${users} users and ${items} items, the training set ${userCount} and ${itemCount}`,
    { where: "withIds", remedy: "pass the rows that the model was trained on" },
  );
}

function seenRows({ user, item, userCount }: Interactions, gone: ReadonlySet<number>): SeenItems {
  const { pointers, rows } = groupRows(user, userCount);
  const kept = rows.filter((row) => !gone.has(row));
  const counts = new Int32Array(userCount + 1);
  for (const row of kept) counts[user[row] + 1]++;
  for (let one = 0; one < userCount; one++) counts[one + 1] += counts[one];
  return {
    pointers: gone.size === 0 ? pointers : counts,
    items: kept.map((row) => item[row]),
    lastStart: counts.slice(0, -1),
  };
}

function seenEvents(sessions: Sessions, userCount: number, gone: ReadonlySet<number>): SeenItems {
  const own = Array.from({ length: userCount }, () => [] as number[]);
  const last = new Int32Array(userCount);
  sessions.user.forEach((user, session) => {
    last[user] = own[user].length;
    for (let event = sessions.offsets[session]; event < sessions.offsets[session + 1]; event++)
      if (!gone.has(sessions.row[event])) own[user].push(sessions.item[event]);
  });
  const pointers = new Int32Array(userCount + 1);
  own.forEach((items, user) => (pointers[user + 1] = pointers[user] + items.length));
  return { pointers, items: Int32Array.from(own.flat()), lastStart: last.map((at, user) => pointers[user] + at) };
}

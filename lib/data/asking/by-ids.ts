import { NotFoundError } from "../../core";
import { type Interactions, rowCount } from "../interactions";
import { readInteractions } from "../reading/read-interactions";
import type { ReadOptions } from "../reading/read-options";
import { type AskedRequest, askedRequest, idsInRecord, idsInWords, requestWhere } from "./asked";
import { denseIds, presence } from "./raw-ids";

const asThere = "give ids of the training rows";

/**
 * All rows of some users.
 *
 * @param rawIds the dataset's own ids, such as those of `readIds`
 * @throws NotFoundError that lists every user without a training row
 * @example
 * const request = usersRequest(train, ["42"]);
 * const { update } = await ifru.unlearn(original.model, request, {}, prepared);
 */
export function usersRequest(train: Interactions, rawIds: readonly string[]): AskedRequest {
  const asked = denseIds(train.users, rawIds, presence(train.user, train.userCount));
  const ids = [...asked].map((user) => train.users.toRaw(user));
  const about = { kind: "users", text: idsInWords("user", ids), asked: idsInRecord("users", ids) };
  return requestWhere(train, (row) => asked.has(train.user[row]), about, asThere);
}

/**
 * All rows of some items.
 *
 * @throws NotFoundError that lists every item without a training row
 * @example
 * itemsRequest(train, ["50", "181"]).description.rows;
 */
export function itemsRequest(train: Interactions, rawIds: readonly string[]): AskedRequest {
  const asked = denseIds(train.items, rawIds, presence(train.item, train.itemCount));
  const ids = [...asked].map((item) => train.items.toRaw(item));
  const about = { kind: "items", text: idsInWords("item", ids), asked: idsInRecord("items", ids) };
  return requestWhere(train, (row) => asked.has(train.item[row]), about, asThere);
}

/** A user and an item, by the dataset's own ids. */
export type RawPair = readonly [user: string, item: string];

/** Pairs that an error spells out. */
const shownPairs = 20;

/**
 * The rows of some user-item pairs; every row of a pair that is repeated.
 *
 * @throws NotFoundError that lists every pair without a training row
 * @example
 * pairsRequest(train, [["42", "50"], ["42", "181"]]);
 */
export function pairsRequest(train: Interactions, pairs: readonly RawPair[]): AskedRequest {
  const { user, item, users, items, itemCount } = train;
  const keys = pairs.map(([one, other]) => {
    const [dense, denseItem] = [users.find(one), items.find(other)];
    return dense === undefined || denseItem === undefined ? -1 : dense * itemCount + denseItem;
  });
  const rowsByPair = new Map<number, number[]>(keys.map((key) => [key, []]));
  for (let row = 0; row < rowCount(train); row++) rowsByPair.get(user[row] * itemCount + item[row])?.push(row);
  const unknown = pairs.filter((_, k) => rowsByPair.get(keys[k])?.length === 0);
  const rows = [...rowsByPair.values()].flat();
  if (unknown.length > 0 || rows.length === 0) throw unknownPairs(unknown, pairs.length);
  const forgetRows = Int32Array.from(rows).sort();
  const written = pairs.map((pair) => JSON.stringify(pair));
  const text =
    written.length === 1 ? `user ${pairs[0][0]} with item ${pairs[0][1]}` : `${pairs.length} user-item pairs`;
  return askedRequest(train, forgetRows, { kind: "pairs", text, asked: idsInRecord("pairs", written) });
}

function unknownPairs(unknown: readonly RawPair[], asked: number): NotFoundError {
  const shown = unknown
    .slice(0, shownPairs)
    .map(([user, item]) => `${JSON.stringify(user)} with ${JSON.stringify(item)}`);
  const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : "";
  const problem =
    asked === 0
      ? "no pair was asked for"
      : `${unknown.length} of ${asked} pairs asked for have no training row: ${shown.join(", ")}${more}`;
  return new NotFoundError(problem, {
    remedy:
      "a pair is a user and an item of the dataset's own ids; leave out those that are not there, " +
      "or that a split holds out for validation or test, or a k-core took out: they were never trained on",
  });
}

/**
 * User-item pairs from a file, read as a file of interactions is: the same layouts, the same options.
 *
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError when it is malformed
 * @example
 * pairsRequest(train, await readPairs("to-forget.csv"));
 */
export async function readPairs(path: string, options: ReadOptions = {}): Promise<RawPair[]> {
  const { interactions } = await readInteractions(path, options);
  const { user, item, users, items } = interactions;
  return Array.from(user, (one, row) => [users.toRaw(one), items.toRaw(item[row])] as const);
}

import { NotFoundError, sha256 } from "../../core";
import { type Interactions, rowsWhere } from "../interactions";

/** What a request asked for, as plain JSON: it stands in records, so that a result says what was forgotten. */
export interface RequestDescription {
  /** How it was asked, such as `"users"` or `"period"`. */
  readonly kind: string;
  /** In words, such as `"user 42"`. */
  readonly text: string;
  /** What was asked for: ids, dates, an attribute's value. Of long lists the first ids, and the list's hash. */
  readonly asked: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  /** Rows to forget, and the users and items they are of. */
  readonly rows: number;
  readonly users: number;
  readonly items: number;
  /** Over the raw ids of every row asked for, in their order: the same request on the same rows has the same hash. */
  readonly rowsSha256: string;
}

/** A request with what describes it; an `UnlearningRequest` of the training area. */
export interface AskedRequest {
  readonly name: string;
  /** The rows that the model is, or was, trained on. */
  readonly train: Interactions;
  /** Row numbers of `train`, ascending. */
  readonly forgetRows: Int32Array;
  readonly description: RequestDescription;
}

/** Ids that a description spells out. */
const shownIds = 20;

/** What was asked for, before it was looked for. */
export type Asked = Pick<RequestDescription, "kind" | "text" | "asked">;

/**
 * The rows that match, as a request.
 *
 * @param remedy what to do where none does
 * @throws NotFoundError when there is none
 */
export function requestWhere(
  train: Interactions,
  matches: (row: number) => boolean,
  asked: Asked,
  remedy: string,
): AskedRequest {
  const forgetRows = rowsWhere(train, matches);
  if (forgetRows.length === 0) throw new NotFoundError(`the training set has no rows of ${asked.text}`, { remedy });
  return askedRequest(train, forgetRows, asked);
}

/** A request of rows that are known. @param forgetRows row numbers of `train`, ascending */
export function askedRequest(train: Interactions, forgetRows: Int32Array, asked: Asked): AskedRequest {
  const description = { ...asked, ...countsOf(train, forgetRows) };
  return { name: asked.text, train, forgetRows, description };
}

/** How many rows, users and items, and the hash over the rows' raw ids. */
export function countsOf(
  { user, item, users, items }: Interactions,
  rows: Int32Array,
): Pick<RequestDescription, "rows" | "users" | "items" | "rowsSha256"> {
  const pairs = Array.from(rows, (row) => [users.toRaw(user[row]), items.toRaw(item[row])]);
  return {
    rows: rows.length,
    users: new Set(rows.map((row) => user[row])).size,
    items: new Set(rows.map((row) => item[row])).size,
    rowsSha256: sha256(JSON.stringify(pairs)),
  };
}

/** Ids for a description: all of them where they are few, else the first, how many, and the hash of all. */
export function idsInRecord(name: string, ids: readonly string[]): RequestDescription["asked"] {
  if (ids.length <= shownIds) return { [name]: ids };
  return {
    [`first ${name}`]: ids.slice(0, shownIds),
    [`${name} asked for`]: ids.length,
    [`${name} sha256`]: sha256(JSON.stringify(ids)),
  };
}

/** Some ids in words: `user 42`, `users 42, 43`, `120 users`. */
export function idsInWords(kind: string, ids: readonly string[]): string {
  if (ids.length === 1) return `${kind} ${ids[0]}`;
  return ids.length <= 5 ? `${kind}s ${ids.join(", ")}` : `${ids.length} ${kind}s`;
}

import { InvalidArgumentError } from "../../core";
import type { Interactions } from "../interactions";
import { type AskedRequest, requestWhere } from "./asked";

/** One training row, as a predicate sees it. */
export interface RowToJudge {
  /** Number of the row in the training set. */
  readonly row: number;
  /** The dataset's own ids. */
  readonly user: string;
  readonly item: string;
  readonly label: number;
  /** Seconds since 1970 (UTC), or `null` where the row has none. */
  readonly time: number | null;
}

/**
 * The rows for which a predicate holds.
 *
 * @param text names the request in records: a function's source says nothing there
 * @throws InvalidArgumentError without a text
 * @throws NotFoundError when it holds for none
 * @example
 * rowsRequest(train, ({ user, label }) => user.startsWith("bot-") && label === 1, "likes of bots");
 */
export function rowsRequest(train: Interactions, predicate: (row: RowToJudge) => boolean, text: string): AskedRequest {
  if (text.trim() === "")
    throw new InvalidArgumentError("the request has no text", {
      where: "rowsRequest",
      remedy: 'say what it asks for, such as "likes of bots": it stands in records',
    });
  const { user, item, label, time, users, items } = train;
  const judged = (row: number): RowToJudge => ({
    row,
    user: users.toRaw(user[row]),
    item: items.toRaw(item[row]),
    label: label[row],
    time: time === undefined || Number.isNaN(time[row]) ? null : time[row],
  });
  const asked = { kind: "rows", text, asked: { predicate: text } };
  return requestWhere(train, (row) => predicate(judged(row)), asked, "the predicate held for no row");
}

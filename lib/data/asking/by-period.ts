import { InvalidArgumentError } from "../../core";
import type { Interactions } from "../interactions";
import { type AskedRequest, requestWhere } from "./asked";
import { denseIds, presence } from "./raw-ids";

/** A moment: seconds since 1970 (UTC), or a date such as `"2024-01-31"` or `"2024-01-31T12:00:00Z"`. */
export type Moment = number | string;

/** A span of time, of everybody or of some users. */
export interface Period {
  /** The first moment that belongs to it. Default: from the beginning. */
  readonly from?: Moment;
  /** The first moment after it. Default: to the end. */
  readonly until?: Moment;
  /** The dataset's own ids. Default: everybody. */
  readonly users?: readonly string[];
}

/**
 * The rows of a time span: `from <= time < until`. Rows without a time are not among them.
 *
 * @throws InvalidArgumentError for a dataset without times, a date that is none, or one without a zone
 * @throws NotFoundError when no row is in the span
 * @example
 * periodRequest(train, { from: "1998-01-01", until: "1998-02-01" });
 */
export function periodRequest(train: Interactions, { from, until, users }: Period): AskedRequest {
  const { time } = train;
  if (time === undefined || time.every(Number.isNaN))
    throw new InvalidArgumentError("the training rows have no times", {
      where: "periodRequest",
      remedy: "read the dataset with a time column",
    });
  if (from === undefined && until === undefined)
    throw new InvalidArgumentError("neither from nor until is given", {
      where: "periodRequest",
      remedy: "give one of them; usersRequest asks for all rows of a user",
    });
  const [start, end] = [secondsOf(from ?? -Infinity), secondsOf(until ?? Infinity)];
  if (!(start < end))
    throw new InvalidArgumentError(`the time span ends (${until}) before it begins (${from})`, {
      where: "periodRequest",
    });
  const whose = users && denseIds(train.users, users, presence(train.user, train.userCount));
  const asked = { from: isoOf(start), until: isoOf(end), ...(users === undefined ? {} : { users: [...users] }) };
  const span = [start === -Infinity ? "" : `from ${asked.from}`, end === Infinity ? "" : `until ${asked.until}`];
  const text = ["rows", ...span.filter((part) => part !== ""), ...(users ? [`of ${users.length} users`] : [])].join(
    " ",
  );
  const matches = (row: number) =>
    time[row] >= start && time[row] < end && (whose === undefined || whose.has(train.user[row]));
  return requestWhere(train, matches, { kind: "period", text, asked }, `their times go ${rangeOf(time)}`);
}

function secondsOf(moment: Moment): number {
  if (typeof moment === "number") return moment;
  const isDate = /^\d{4}-\d\d-\d\d$/.test(moment);
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(moment);
  const milliseconds = Date.parse(moment);
  if ((isDate || isInstant) && !Number.isNaN(milliseconds)) return milliseconds / 1000;
  throw new InvalidArgumentError(`${JSON.stringify(moment)} is not a date`, {
    where: "periodRequest",
    remedy: 'write "2024-01-31" (midnight, UTC) or "2024-01-31T12:00:00Z", or give seconds since 1970',
  });
}

function isoOf(seconds: number): string | null {
  return Number.isFinite(seconds) ? new Date(1000 * seconds).toISOString().replace(".000Z", "Z") : null;
}

function rangeOf(time: Float64Array): string {
  const known = time.filter((seconds) => !Number.isNaN(seconds));
  const end = (pick: (a: number, b: number) => number) => isoOf(known.reduce((a, b) => pick(a, b)));
  return `from ${end(Math.min)} to ${end(Math.max)}`;
}

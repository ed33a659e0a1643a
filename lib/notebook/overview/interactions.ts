import type { IdMap, Interactions } from "../../data";
import { Table } from "../../tables";
import { Overview } from "./overview";
import { type Fields, hasMethods, haveNames, isCount, isInstance, plainFields } from "./recognise";
import { count, counted, figure, percent } from "./words";

/** Rows that a table of some shows. */
const shownRows = 5;

/** Whether a value is a two-way id map. */
export function isIdMap(value: unknown): value is IdMap {
  return isInstance(value) && hasMethods(value, "toRaw", "toDense", "intern") && isCount((value as IdMap).size);
}

/** Whether a value is a set of interactions: its columns, counts and id maps, and nothing else. */
export function isInteractions(value: unknown): value is Interactions {
  const fields = plainFields(value);
  if (fields === undefined) return false;
  const names = ["user", "item", "label", "userCount", "itemCount", "users", "items"];
  if (!haveNames(fields, names, ["time"]) || !areColumns(fields)) return false;
  return isCount(fields["userCount"]) && isCount(fields["itemCount"]) && isIdMap(fields["users"]) && isIdMap(fields["items"]); // prettier-ignore
}

function areColumns({ user, item, label, time }: Fields): boolean {
  if (!(user instanceof Int32Array) || !(item instanceof Int32Array) || !(label instanceof Float32Array)) return false;
  if (time !== undefined && !(time instanceof Float64Array && time.length === user.length)) return false;
  return user.length === item.length && user.length === label.length;
}

/** How many different ids a column has. */
export function distinct(ids: Int32Array, most: number): number {
  const seen = new Uint8Array(most);
  let found = 0;
  for (const id of ids) if (seen[id] === 0) found += seen[id] = 1;
  return found;
}

/** What the labels are, such as `labels 1 to 5 (mean 3.53)`, or the share of positives where they are 0 and 1. */
export function labelFacts(label: Float32Array): string | undefined {
  if (label.length === 0) return undefined;
  let [least, most, sum, isBinary] = [Infinity, -Infinity, 0, true];
  for (const value of label) {
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    isBinary &&= value === 0 || value === 1;
  }
  if (least === most) return `every label ${figure(least)}`;
  if (isBinary) return `${percent(sum, label.length)} positive (label 1), the others 0`;
  return `labels ${figure(least)} to ${figure(most)} (mean ${figure(sum / label.length)})`;
}

/** From when to when, `1997-09-20 to 1998-04-22`; `undefined` without times. */
export function timeFacts(time: Float64Array | undefined): string | undefined {
  let [first, last] = [Infinity, -Infinity];
  for (const seconds of time ?? []) {
    if (seconds < first) first = seconds;
    if (seconds > last) last = seconds;
  }
  return last < first ? undefined : `${dateText(first)} to ${dateText(last)}`;
}

/** The day in UTC; what is no date of the calendar stays seconds. */
function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().slice(0, 10);
}

/** Rows, users and items that occur. */
export function sizeFacts({ user, item, userCount, itemCount }: Interactions): string {
  const [users, items] = [distinct(user, userCount), distinct(item, itemCount)];
  return `${counted(user.length, "row")}, ${counted(users, "user")}, ${counted(items, "item")}`;
}

/** The first rows, by the dataset's own ids. */
export function firstRows({ user, item, label, time, users, items }: Interactions): Table {
  const rows = Array.from({ length: Math.min(shownRows, user.length) }, (_, row) => ({
    row: String(row),
    user: users.toRaw(user[row]),
    item: items.toRaw(item[row]),
    label: figure(label[row]),
    ...(time === undefined ? {} : { time: Number.isNaN(time[row]) ? null : dateText(time[row]) }),
  }));
  const columns = ["row", "user", "item", "label", ...(time === undefined ? [] : ["time"])].map((key) => ({ key }));
  const more = user.length - rows.length;
  return new Table({
    columns,
    rows,
    ...(more > 0 ? { note: `… ${count(more)} more rows; ids are the dataset's own` } : {}),
  });
}

/** A set of interactions. */
export function interactionsOverview(value: unknown): Overview | undefined {
  if (!isInteractions(value)) return undefined;
  const facts = [sizeFacts(value), labelFacts(value.label), timeFacts(value.time)];
  return new Overview(`interactions: ${facts.filter((fact) => fact !== undefined).join(", ")}`, firstRows(value));
}

import type { SessionDataset, Sessions } from "../../data";
import { Table, type TableRow } from "../../tables";
import { distinct, isIdMap, isInteractions } from "./interactions";
import { Overview } from "./overview";
import { haveNames, isCount, plainFields } from "./recognise";
import { count, counted, figure, numberTable } from "./words";

/** Sessions that a table of some shows, and items of each. */
const shown = { sessions: 5, items: 6 };

/** Whether a value is a set of sessions: its columns, its count and its id map, and nothing else. */
export function isSessions(value: unknown): value is Sessions {
  const fields = plainFields(value);
  if (fields === undefined) return false;
  const names = ["offsets", "item", "row", "user", "itemCount", "items"];
  if (!haveNames(fields, names) || !isCount(fields["itemCount"]) || !isIdMap(fields["items"])) return false;
  const columns = [fields["offsets"], fields["item"], fields["row"], fields["user"]];
  if (!columns.every((column) => column instanceof Int32Array)) return false;
  const [offsets, item, row, user] = columns as Int32Array[];
  return offsets.length === user.length + 1 && item.length === row.length && offsets.at(-1) === item.length;
}

/** How many sessions, events and items that occur. */
export function sessionFacts({ user, item, itemCount }: Sessions): string {
  const items = distinct(item, itemCount);
  return `${counted(user.length, "session")}, ${counted(item.length, "event")}, ${counted(items, "item")}`;
}

/** The shortest and the longest session. */
function lengthsOf({ offsets }: Sessions): { shortest: number; longest: number } {
  let [shortest, longest] = [offsets.length > 1 ? Infinity : 0, 0];
  for (let session = 0; session + 1 < offsets.length; session++) {
    const length = offsets[session + 1] - offsets[session];
    if (length < shortest) shortest = length;
    if (length > longest) longest = length;
  }
  return { shortest, longest };
}

/** Sessions. */
export function sessionsOverview(value: unknown): Overview | undefined {
  if (!isSessions(value)) return undefined;
  const { shortest, longest } = lengthsOf(value);
  const mean = figure(value.item.length / Math.max(1, value.user.length));
  const lengths = `${count(shortest)} to ${count(longest)} events long (mean ${mean})`;
  return new Overview(`sessions: ${sessionFacts(value)}, ${lengths}`, firstSessions(value));
}

function firstSessions({ offsets, item, user, items }: Sessions): Table {
  const rows = Array.from({ length: Math.min(shown.sessions, user.length) }, (_, session) => {
    const [start, end] = [offsets[session], offsets[session + 1]];
    const first = Array.from(item.subarray(start, Math.min(end, start + shown.items)), (one) => items.toRaw(one));
    const rest = end - start - first.length;
    return {
      session: String(session),
      events: count(end - start),
      items: `${first.join(", ")}${rest > 0 ? `, … ${count(rest)} more` : ""}`,
    };
  });
  const more = user.length - rows.length;
  const columns = [
    { key: "session" },
    { key: "events", align: "right" as const },
    { key: "items", align: "left" as const },
  ];
  const note = `… ${count(more)} more sessions; items are the dataset's own ids`;
  return new Table({ columns, rows, ...(more > 0 ? { note } : {}) });
}

/** A dataset of sessions in three parts. */
export function sessionDatasetOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  if (fields === undefined || !isParts(fields)) return undefined;
  if (!haveNames(fields, ["train", "valid", "test", "name", "interactions", "dataHash", "splitHash"])) return undefined;
  const { name, interactions, train, valid, test } = value as SessionDataset;
  if (typeof name !== "string" || !isInteractions(interactions)) return undefined;
  const all = count(train.user.length + valid.user.length + test.user.length);
  const line = `session dataset ${name}: ${all} sessions of ${counted(interactions.user.length, "row")}`;
  return new Overview(`${line}, ${counted(train.itemCount, "item")}`, partTable({ train, valid, test }));
}

/** Sessions in three parts. */
export function sessionSplitOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  if (fields === undefined || !haveNames(fields, ["train", "valid", "test"]) || !isParts(fields)) return undefined;
  const parts = value as Pick<SessionDataset, "train" | "valid" | "test">;
  return new Overview(`split of sessions: ${sessionFacts(parts.train)} to train on`, partTable(parts));
}

function isParts({ train, valid, test }: Readonly<Record<string, unknown>>): boolean {
  return isSessions(train) && isSessions(valid) && isSessions(test);
}

function partTable(parts: Readonly<Record<string, Sessions>>): Table {
  const rows = Object.entries(parts).map(([part, sessions]): TableRow => {
    const { shortest, longest } = lengthsOf(sessions);
    const [events, size] = [sessions.item.length, sessions.user.length];
    return {
      ...{
        part,
        sessions: count(size),
        events: count(events),
        items: count(distinct(sessions.item, sessions.itemCount)),
      },
      ...{ shortest: count(shortest), "mean length": figure(events / Math.max(1, size)), longest: count(longest) },
    };
  });
  return numberTable(rows);
}

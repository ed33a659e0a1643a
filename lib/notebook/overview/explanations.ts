import type { TableRow } from "../../tables";
import { Overview } from "./overview";
import { type Fields, haveNames, isCount, plainFields } from "./recognise";
import { count, counted, figure, numberTable } from "./words";

/** Rows of each side that an explanation's table shows. */
const shown = 5;

/** What `explain` returns: rows for a score, and rows against it. */
export function explanationOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = ["user", "item", "score", "supporting", "opposing", "rows", "changes", "damping"];
  if (fields === undefined || !haveNames(fields, names) || !areChanges(fields)) return undefined;
  const { user, item, score, damping } = fields;
  const sides = [sideOf(fields["supporting"]), sideOf(fields["opposing"])] as const;
  if (!isCount(user) || !isCount(item) || typeof score !== "number" || typeof damping !== "number") return undefined;
  if (sides[0] === undefined || sides[1] === undefined) return undefined;
  const [supporting, opposing] = sides;
  const found = `${counted(supporting.count, "row")} for it, ${count(opposing.count)} against it`;
  return new Overview(
    `why item ${item} for user ${user}: score ${figure(score)}, ${found} (lambda ${figure(damping)})`,
    numberTable([...sideRows("for", supporting), ...sideRows("against", opposing)], {
      note: "change: the score without the row, less the score now; ids are dense",
    }),
  );
}

interface Side {
  readonly rows: readonly Fields[];
  readonly together: number;
  readonly count: number;
}

function sideOf(value: unknown): Side | undefined {
  const fields = plainFields(value);
  if (fields === undefined || !haveNames(fields, ["rows", "together", "count"]) || !isCount(fields["count"]))
    return undefined;
  const rows = recordsOf(fields["rows"], ["row", "user", "item", "label", "change"]);
  return rows && typeof fields["together"] === "number" ? { rows, together: fields["together"], count: fields["count"] } : undefined; // prettier-ignore
}

function sideRows(side: string, { rows, together }: Side): TableRow[] {
  const listed = rows.slice(0, shown).map((record) => ({ side, ...numbers(record) }));
  if (rows.length === 0) return [];
  const all = {
    side: `${side}, ${counted(rows.length, "row")} at once`,
    row: null,
    user: null,
    item: null,
    label: null,
  };
  return [...listed, { ...all, change: figure(together) }];
}

/** What `explainNext` returns. */
export function nextExplanationOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = ["item", "score", "supporting", "opposing", "rows", "changes", "relativeResidual"];
  if (fields === undefined || !haveNames(fields, names) || !areChanges(fields)) return undefined;
  const { item, score, relativeResidual } = fields;
  const event = ["row", "item", "change"];
  const [supporting, opposing] = [recordsOf(fields["supporting"], event), recordsOf(fields["opposing"], event)];
  if (!isCount(item) || typeof score !== "number" || supporting === undefined || opposing === undefined)
    return undefined;
  if (typeof relativeResidual !== "number") return undefined;
  const events = (side: string, records: readonly Fields[]) =>
    records.slice(0, shown).map((record) => ({ side, ...numbers(record) }));
  return new Overview(
    `why item ${item} next: score ${figure(score)}, of ${counted((fields["rows"] as Int32Array).length, "event")}`,
    numberTable([...events("for", supporting), ...events("against", opposing)], {
      note: "change: the score without the event, less the score now; ids are dense",
    }),
  );
}

/** What `effectOf` returns: the scores that a row moves. */
export function effectOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = ["row", "user", "item", "label", "change", "forUser", "forItem", "damping"];
  if (fields === undefined || !haveNames(fields, names)) return undefined;
  const moved = ["user", "item", "score", "change", "rank", "rankWithout"];
  const [forUser, forItem] = [recordsOf(fields["forUser"], moved), recordsOf(fields["forItem"], moved)];
  const { row, user, item, label, change } = fields;
  if (forUser === undefined || forItem === undefined || !isCount(row) || typeof change !== "number") return undefined;
  const scores = (of: string, records: readonly Fields[]) =>
    records.slice(0, shown).map((record) => ({ of, ...numbers(record) }));
  return new Overview(
    `what row ${row} did (user ${String(user)}, item ${String(item)}, label ${String(label)}): its own score changes by ${figure(change)} without it`, // prettier-ignore
    numberTable([...scores("its user", forUser), ...scores("its item", forItem)], {
      note: "change: the score without the row, less the score now; ids are dense",
    }),
  );
}

/** What `selfInfluence` and `selfInfluenceLightGcn` return: how much rows hold their own predictions. */
export function selfInfluenceOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = ["influence", "ranking", "damping"];
  if (fields === undefined || !(haveNames(fields, names) || haveNames(fields, [...names, "rows"]))) return undefined;
  const { influence, ranking, damping, rows: asked } = fields;
  if (!(influence instanceof Float64Array) || !(ranking instanceof Int32Array) || typeof damping !== "number")
    return undefined;
  if (influence.length !== ranking.length) return undefined;
  if (asked !== undefined && !(asked instanceof Int32Array && asked.length === ranking.length)) return undefined;
  const placeOf = asked === undefined ? undefined : new Map(Array.from(asked, (row, k) => [row, k]));
  const rows = Array.from(ranking.subarray(0, shown), (row, k) => ({
    rank: String(k + 1),
    row: String(row),
    "self-influence": figure(influence[placeOf?.get(row) ?? row]),
  }));
  return new Overview(
    `self-influence of ${counted(influence.length, "training row")} (lambda ${figure(damping)})`,
    numberTable(rows, { note: "the most influential first: rows worth a look, not rows that are wrong" }),
  );
}

function areChanges({ rows, changes }: Fields): boolean {
  return rows instanceof Int32Array && changes instanceof Float64Array && rows.length === changes.length;
}

/** A list of objects of these fields, which are numbers. */
function recordsOf(value: unknown, names: readonly string[]): readonly Fields[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const records = value.map(plainFields);
  const isRight = (record: Fields | undefined): record is Fields =>
    record !== undefined && haveNames(record, names) && names.every((name) => typeof record[name] === "number");
  return records.every(isRight) ? records : undefined;
}

/** Numbers of a record as text: ids and ranks whole, the others with four digits. */
function numbers(record: Fields): TableRow {
  const text = (name: string, value: number) =>
    ["row", "user", "item"].includes(name) ? String(value) : figure(value);
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, text(name, value as number)]));
}

import { jupyterDisplay, type MimeData } from "../../core";
import { Table, type TableRow, type TableValue } from "../../tables";
import { type Fields, haveNames, isInstance } from "./recognise";
import { count, counted, numberTable } from "./words";

/** Rows of a frame that a notebook shows. */
const shownRows = 20;
/** Digits of a number that a notebook shows: all that people write, none of those that binary fractions add. */
const shownDigits = 12;

/** What a frame and a series of danfo.js have in common, as far as it is shown. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
}

/** The first rows of a frame or series as plain values. */
export function rowsOf({ columns, values }: Pick<FrameLike, "columns" | "values">, rows: number): TableRow[] {
  const plain = (value: unknown): TableValue =>
    typeof value === "number" || typeof value === "boolean" ? value : value == null ? null : String(value);
  return values.slice(0, rows).map((row) => {
    const fields: unknown[] = Array.isArray(row) ? row : [row];
    return Object.fromEntries(columns.map((key, c) => [key, plain(fields[c])]));
  });
}

/**
 * How a frame or series shows itself: its first rows, and its size. The index stands in front where it says more than
 * the rows' numbers; numbers are whole, as the frame has them.
 */
export function frameData(frame: FrameLike): MimeData {
  const [rows, columns = 1] = frame.shape;
  const shown = rowsOf(frame, shownRows);
  const keys = frame.columns.map(String);
  const indexKey = freeKey(keys);
  const isNumbered = frame.index.every((name, row) => name === row);
  const isNumeric = (key: string) => shown.some((row) => typeof row[key] === "number");
  const head = new Table({
    columns: [
      ...(isNumbered ? [] : [{ key: indexKey, label: "" }]),
      ...keys.map((key) => ({ key, align: isNumeric(key) ? ("right" as const) : ("left" as const) })),
    ],
    rows: shown.map((row, at) => ({ ...inDigits(row), [indexKey]: String(frame.index[at] ?? "") })),
  });
  const size = `${rows} rows × ${columns} columns${rows > shownRows ? `, the first ${shownRows} shown` : ""}`;
  return { "text/html": `${head.toHtml()}<p>${size}</p>`, "text/plain": `${head.toText()}\n${size}` };
}

/** Numbers with the digits that they were written with; a table by itself would round them. */
function inDigits(row: TableRow): TableRow {
  const field = (value: TableValue): TableValue =>
    typeof value === "number" && Number.isFinite(value) ? String(Number(value.toPrecision(shownDigits))) : value;
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, field(value)]));
}

/** A key that no column has. */
function freeKey(columns: readonly string[]): string {
  let key = "index";
  while (columns.includes(key)) key += " ";
  return key;
}

const frameFields = ["$dataIncolumnFormat", "$index", "$columns", "$dtypes", "$isSeries", "$config"];

/** A frame or series of danfo.js, also one of a module that the person has imported without `danfo()`. */
export function frameOverview(value: unknown): { [jupyterDisplay](): MimeData } | undefined {
  if (!isInstance(value) || frameFields.some((name) => !Object.hasOwn(value, name))) return undefined;
  const frame = value as FrameLike;
  return Array.isArray(frame.columns) && Array.isArray(frame.values) ? asDisplay(() => frameData(frame)) : undefined;
}

const groupFields = ["colDict", "keyToValue", "keyCol", "data", "columnName", "colDtype", "colIndex"];

/** What `groupby` of danfo.js returns: its groups and how many rows each has. */
export function groupsOverview(value: unknown): { [jupyterDisplay](): MimeData } | undefined {
  if (!isInstance(value) || !haveNames(Object.fromEntries(Object.entries(value)), groupFields)) return undefined;
  const { colDict, keyToValue, keyCol, data } = value as Fields;
  if (!Array.isArray(keyCol) || !Array.isArray(data) || typeof colDict !== "object" || colDict === null)
    return undefined;
  const groups = Object.entries(colDict as Readonly<Record<string, Fields>>);
  const rows = groups.slice(0, shownRows).map(([key, columns]) => {
    const names = (keyToValue as Readonly<Record<string, readonly unknown[]>>)[key] ?? [];
    const [first] = Object.values(columns);
    return {
      ...Object.fromEntries(keyCol.map((column, k) => [String(column), String(names[k])])),
      rows: count(Array.isArray(first) ? first.length : 0),
    };
  });
  const what = `${counted(groups.length, "group")} by ${keyCol.join(", ")}, of ${counted(data.length, "row")}`;
  const size = groups.length > shownRows ? `${what}, the first ${shownRows} shown` : what;
  const table = numberTable(rows);
  return asDisplay(() => ({
    "text/html": `${table.toHtml()}<p>${size}</p>`,
    "text/plain": `${table.toText()}\n${size}`,
  }));
}

function asDisplay(show: () => MimeData): { [jupyterDisplay](): MimeData } {
  return { [jupyterDisplay]: show };
}

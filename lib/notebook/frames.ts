import { createRequire } from "node:module";
import type * as DanfoModule from "danfojs-node";
import type { DataFrame, Series } from "danfojs-node";
import { inRepository, InvalidArgumentError, jupyterDisplay, type MimeData, NotFoundError } from "../core";
import { IdMap, type Interactions } from "../data";
import { type Measured, Table, type TableRow, type TableValue } from "../tables";

/** The module `danfojs-node`. */
export type Danfo = typeof DanfoModule;

/** Rows of a frame that a notebook shows. */
const shownRows = 20;

let loaded: Danfo | undefined;

/**
 * danfo.js, loaded at the first call (half a second); from then on its frames and series show themselves in a notebook.
 *
 * @throws NotFoundError when it is not installed
 */
export function danfo(): Danfo {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(inRepository("package.json"))("danfojs-node") as Danfo;
  } catch (cause) {
    throw new NotFoundError("danfo.js cannot be loaded", {
      cause,
      remedy: "it is a dependency of the checkout (danfojs-node): run npm ci there",
    });
  }
  // on the base class: danfo.js makes frames and series of several classes, which share only this one
  Object.defineProperty(loaded.NDframe.prototype, jupyterDisplay, { configurable: true, value: showFrame });
  return loaded;
}

/**
 * A frame with a table's or a set of interactions' columns. Measured values become their means; interactions keep their dataset's own
 * ids (columns `user`, `item`, `label` and, where known, `time`). No tensors are made.
 *
 * @throws NotFoundError when danfo.js is not installed
 */
export function toFrame(source: Table | Interactions): DataFrame {
  const { DataFrame } = danfo();
  const columns = source instanceof Table ? tableColumns(source) : interactionColumns(source);
  const rows = columns[0]?.values.map((_, row) => columns.map(({ values }) => values[row])) ?? [];
  return new DataFrame(rows, { columns: columns.map(({ name }) => name) });
}

/** A frame's rows as a table. Values that a table cannot hold become text. */
export function toTable(frame: DataFrame, options: { readonly caption?: string } = {}): Table {
  return new Table({ ...options, columns: frame.columns.map((key) => ({ key })), rows: rowsOf(frame, frame.shape[0]) });
}

/**
 * A frame's rows as interactions.
 *
 * @param frame columns `user`, `item`, `label` (a number) and perhaps `time` (seconds since 1970)
 * @throws InvalidArgumentError when a column is missing or a label is not a number
 */
export function toInteractions(frame: DataFrame): Interactions {
  const columns = new Map(frame.columns.map((name, i) => [name, i]));
  const valueIn = (name: string) => {
    const column = columns.get(name);
    if (column === undefined)
      throw new InvalidArgumentError(`the frame has no column "${name}"`, {
        remedy: `it has ${frame.columns.join(", ")}`,
      });
    return frame.values.map((row) => (row as unknown[])[column]);
  };
  const users = new IdMap("user");
  const items = new IdMap("item");
  const user = Int32Array.from(valueIn("user"), (raw) => users.intern(String(raw)));
  const item = Int32Array.from(valueIn("item"), (raw) => items.intern(String(raw)));
  const label = Float32Array.from(valueIn("label"), (value, row) => {
    if (typeof value !== "number" || Number.isNaN(value))
      throw new InvalidArgumentError(`the label ${JSON.stringify(value)} is not a number`, { where: `row ${row}` });
    return value;
  });
  const time = columns.has("time") ? { time: Float64Array.from(valueIn("time"), Number) } : {};
  return { user, item, label, ...time, userCount: users.size, itemCount: items.size, users, items };
}

interface Column {
  readonly name: string;
  readonly values: readonly unknown[];
}

function tableColumns(table: Table): Column[] {
  const value = (field: TableValue | undefined) =>
    typeof field === "object" && field !== null ? (field as Measured).mean : (field ?? null);
  return table.columns.map(({ key }) => ({ name: key, values: table.rows.map((row) => value(row[key])) }));
}

function interactionColumns({ user, item, label, time, users, items }: Interactions): Column[] {
  return [
    { name: "user", values: Array.from(user, (id) => users.toRaw(id)) },
    { name: "item", values: Array.from(item, (id) => items.toRaw(id)) },
    { name: "label", values: Array.from(label) },
    ...(time === undefined ? [] : [{ name: "time", values: Array.from(time) }]),
  ];
}

/** The first rows of a frame or series as plain values. */
function rowsOf({ columns, values }: Shown, count: number): TableRow[] {
  const plain = (value: unknown): TableValue =>
    typeof value === "number" || typeof value === "boolean" ? value : value == null ? null : String(value);
  return values.slice(0, count).map((row) => {
    const fields: unknown[] = Array.isArray(row) ? row : [row];
    return Object.fromEntries(columns.map((key, c) => [key, plain(fields[c])]));
  });
}

/** What a frame and a series have in common. */
type Shown = Pick<DataFrame | Series, "columns" | "values" | "shape">;

/** How a frame or series shows itself: its first rows, and its size. */
function showFrame(this: Shown): MimeData {
  const [rows, columns = 1] = this.shape;
  const head = new Table({ columns: this.columns.map((key) => ({ key: String(key) })), rows: rowsOf(this, shownRows) });
  const size = `${rows} rows × ${columns} columns${rows > shownRows ? `, the first ${shownRows} shown` : ""}`;
  return { "text/html": `${head.toHtml()}<p>${size}</p>`, "text/plain": `${head.toText()}\n${size}` };
}

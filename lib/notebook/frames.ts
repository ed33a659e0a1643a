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
  show(loaded.DataFrame, frameMime);
  show(loaded.Series, (series: Series) =>
    frameMime(new (danfo().DataFrame)({ [String(series.columns[0])]: series.values })),
  );
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
  return new DataFrame(source instanceof Table ? tableColumns(source) : interactionColumns(source));
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

function tableColumns(table: Table): Record<string, unknown[]> {
  const value = (field: TableValue | undefined) =>
    typeof field === "object" && field !== null ? (field as Measured).mean : (field ?? null);
  return Object.fromEntries(table.columns.map(({ key }) => [key, table.rows.map((row) => value(row[key]))]));
}

function interactionColumns(interactions: Interactions): Record<string, unknown[]> {
  const { user, item, label, time, users, items } = interactions;
  return {
    user: Array.from(user, (id) => users.toRaw(id)),
    item: Array.from(item, (id) => items.toRaw(id)),
    label: Array.from(label),
    ...(time === undefined ? {} : { time: Array.from(time) }),
  };
}

/** The first rows of a frame as plain values. */
function rowsOf(frame: DataFrame, count: number): TableRow[] {
  const plain = (value: unknown): TableValue =>
    typeof value === "number" || typeof value === "boolean" || value === null
      ? value
      : value === undefined
        ? null
        : String(value);
  return (frame.values as unknown[][])
    .slice(0, count)
    .map((row) => Object.fromEntries(frame.columns.map((key, c) => [key, plain(row[c])])));
}

function frameMime(frame: DataFrame): MimeData {
  const [rows, columns] = frame.shape;
  const head = new Table({ columns: frame.columns.map((key) => ({ key })), rows: rowsOf(frame, shownRows) });
  const size = `${rows} rows × ${columns} columns${rows > shownRows ? `, the first ${shownRows} shown` : ""}`;
  return { "text/html": `${head.toHtml()}<p>${size}</p>`, "text/plain": `${head.toText()}\n${size}` };
}

/** Gives a class of danfo.js the method by which a value shows itself, unseen by loops over its keys. */
function show<T>(type: { readonly prototype: T }, mime: (value: T) => MimeData): void {
  Object.defineProperty(type.prototype, jupyterDisplay, {
    configurable: true,
    value(this: T) {
      return mime(this);
    },
  });
}

import { createRequire } from "node:module";
import { InvalidArgumentError, jupyterDisplay, type MimeData, NotFoundError } from "../core";
import { IdMap, type Interactions } from "../data";
import { type Measured, Table, type TableValue } from "../tables";
import { type FrameLike, frameData, rowsOf } from "./overview/danfo-frame";

// The comment stays in the declarations, where the module may be missing.
/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/consistent-type-imports */
/**
 * The module `danfojs-node`, an optional peer of the package; `any` where it is not installed.
 * @ts-ignore */
export type Danfo = typeof import("danfojs-node");
/* eslint-enable */

type DataFrame = InstanceType<Danfo["DataFrame"]>;
type Series = InstanceType<Danfo["Series"]>;

let loaded: Danfo | undefined;

/**
 * danfo.js, loaded at the first call (half a second); from then on its frames and series show themselves in a notebook.
 *
 * @throws NotFoundError when it is not installed
 * @example
 * const { DataFrame } = danfo();
 * const df = new DataFrame([["anna", 5], ["ben", 3]], { columns: ["user", "stars"] });
 * df.describe();
 */
export function danfo(): Danfo {
  if (loaded !== undefined) return loaded;
  try {
    loaded = createRequire(__filename)("danfojs-node") as Danfo;
  } catch (cause) {
    throw new NotFoundError("danfo.js cannot be loaded", {
      cause,
      remedy: 'a checkout has it (npm ci); beside an installed package, see "As a package" in its README',
    });
  }
  // on the base class: danfo.js makes frames and series of several classes, which share only this one
  Object.defineProperty(loaded.NDframe.prototype, jupyterDisplay, { configurable: true, value: showFrame });
  return loaded;
}

/**
 * A frame with a table's or a set of interactions' columns. Measured values become their means; interactions keep their
 * dataset's own ids (columns `user`, `item`, `label` and, where known, `time`). No tensors are made.
 *
 * @throws NotFoundError when danfo.js is not installed
 * @example
 * toFrame(train).groupby(["label"]).col(["user"]).count();
 */
export function toFrame(source: Table | Interactions): DataFrame {
  const { DataFrame } = danfo();
  const columns = source instanceof Table ? tableColumns(source) : interactionColumns(source);
  const rows = columns[0]?.values.map((_, row) => columns.map(({ values }) => values[row])) ?? [];
  return new DataFrame(rows, { columns: columns.map(({ name }) => name) });
}

/**
 * A frame's rows as a table. Values that a table cannot hold become text.
 *
 * @example
 * toTable(toFrame(train).head(10), { caption: "the first rows" }).toLatex();
 */
export function toTable(frame: DataFrame, options: { readonly caption?: string } = {}): Table {
  return new Table({ ...options, columns: frame.columns.map((key) => ({ key })), rows: rowsOf(frame, frame.shape[0]) });
}

/** Which columns of a frame hold what. */
export interface FrameColumns {
  /** Default `"user"`. */
  readonly user?: string;
  /** Default `"item"`. */
  readonly item?: string;
  /** Default `"label"`; `null` for implicit feedback: every label is 1. */
  readonly label?: string | null;
  /** Seconds since 1970. Default `"time"` where there is one; `null` for none. */
  readonly time?: string | null;
}

/**
 * A frame's rows as interactions, ids numbered by first appearance.
 *
 * @param frame ids are text or numbers; a label is a finite number; a time may be missing (null, NaN)
 * @param columns their names, where they are not the usual ones
 * @throws InvalidArgumentError for a missing column, or an id, label or time that is none, with its row
 * @example
 * const { readCSV } = danfo();
 * const frame = await readCSV("my-ratings.csv");
 * const own = toInteractions(frame, { user: "member", item: "book", label: "stars" });
 * const { train, valid, forgetRows } = ifruSplit(own, { positiveAbove: 3 });
 */
export function toInteractions(frame: DataFrame, columns: FrameColumns = {}): Interactions {
  const { user = "user", item = "item", label = "label" } = columns;
  const time = columns.time === undefined ? (frame.columns.includes("time") ? "time" : null) : columns.time;
  const users = new IdMap("user");
  const items = new IdMap("item");
  const userColumn = Int32Array.from(valuesIn(frame, user), (raw, row) => users.intern(idText(raw, user, row)));
  const itemColumn = Int32Array.from(valuesIn(frame, item), (raw, row) => items.intern(idText(raw, item, row)));
  const labels = label === null ? userColumn.map(() => 1) : valuesIn(frame, label);
  const times = time === null ? null : valuesIn(frame, time);
  return {
    user: userColumn,
    item: itemColumn,
    label: Float32Array.from(labels, (value, row) => finite(value, label ?? "", row)),
    ...(times === null
      ? {}
      : { time: Float64Array.from(times, (value, row) => (isMissing(value) ? NaN : finite(value, time!, row))) }),
    userCount: users.size,
    itemCount: items.size,
    users,
    items,
  };
}

function valuesIn(frame: DataFrame, name: string): unknown[] {
  const column = frame.columns.indexOf(name);
  if (column < 0)
    throw new InvalidArgumentError(`the frame has no column "${name}"`, {
      remedy: `it has ${frame.columns.join(", ")}; name yours, such as { user: "member" }`,
    });
  return frame.values.map((row) => (row as unknown[])[column]);
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

function idText(value: unknown, column: string, row: number): string {
  if ((typeof value === "string" && value !== "") || (typeof value === "number" && Number.isFinite(value)))
    return String(value);
  throw wrong(value, column, row, "an id (text or a number)");
}

function finite(value: unknown, column: string, row: number): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrong(value, column, row, "a number");
}

function wrong(value: unknown, column: string, row: number, what: string): InvalidArgumentError {
  return new InvalidArgumentError(`the ${column} ${JSON.stringify(value) ?? String(value)} is not ${what}`, {
    where: `row ${row} of the frame`,
    remedy: "repair or drop the row",
  });
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

/** How a frame or series shows itself. */
function showFrame(this: DataFrame | Series): MimeData {
  return frameData(this as FrameLike);
}

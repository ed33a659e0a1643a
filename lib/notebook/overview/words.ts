import { Table, type TableColumn, type TableRow } from "../../tables";

/** A whole number as people read it, `1,682`. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** A count with what it counts, `1 row`, `1,682 rows`. @param plural default: with an s */
export function counted(value: number, one: string, plural = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : plural}`;
}

/** A number with four significant digits, whole ones as they are. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4)));
}

/** Seconds as text, to the millisecond where they are few. */
export function secondsText(value: number): string {
  return `${value < 1 ? Number(value.toFixed(3)) : figure(value)} s`;
}

/** A share of a whole in percent; of nothing, none. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "0 %" : `${Number(((100 * part) / whole).toPrecision(3))} %`;
}

/** Named facts, one each row. Those that are `undefined` have no row. */
export function factTable(facts: readonly (readonly [name: string, value: string | undefined])[]): Table {
  const rows = facts.flatMap(([fact, value]): TableRow[] => (value === undefined ? [] : [{ fact, value }]));
  const columns: TableColumn[] = [{ key: "fact" }, { key: "value", align: "left" }];
  return new Table({ columns, rows });
}

/** A table of numbers as text: the first column names a row, the others stand to the right. */
export function numberTable(rows: readonly TableRow[], options: { readonly note?: string } = {}): Table {
  const align = (column: number) => (column === 0 ? ("left" as const) : ("right" as const));
  const columns = Object.keys(rows[0] ?? {}).map((key, column) => ({ key, align: align(column) }));
  return new Table({ columns, rows, ...options });
}

/** Options of a model or a training, such as `epochs 200, seed 1024`; those without a short text are left out. */
export function optionsText(options: object): string {
  const named = Object.entries(options).flatMap(([name, value]) => {
    const text = typeof value === "number" ? String(value) : inWords(value);
    return text === undefined ? [] : [`${name} ${text}`];
  });
  return named.join(", ");
}

/** A value of diagnostics in a few words; `undefined` for one that has none. */
export function inWords(value: unknown): string | undefined {
  if (typeof value === "number") return figure(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (value === null) return "–";
  if (Array.isArray(value)) return counted(value.length, "entry", "entries");
  if (ArrayBuffer.isView(value)) return counted((value as Float32Array).length, "value");
  return undefined;
}

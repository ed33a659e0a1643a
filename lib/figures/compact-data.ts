import type { Datum, VegaLiteSpec } from "./spec";

/** Fewer values are left as they are, to be read. */
const leastRows = 40;

/**
 * A specification for a notebook's file, its data as CSV where a reader of CSV gives the same values again. As objects
 * each field of each datum would be a line of the file: five to ten times as much.
 */
export function compactData(spec: VegaLiteSpec): VegaLiteSpec {
  const data = spec["data"] as { readonly values?: unknown } | undefined;
  if (!Array.isArray(data?.values) || data.values.length < leastRows) return spec;
  const rows = data.values as readonly Datum[];
  const columns = Object.keys(rows[0]);
  const kinds = columns.map((column) => kindOf(rows, column));
  const isSame = columns.length > 1 && rows.every((row) => Object.keys(row).length === columns.length);
  if (!isSame || kinds.includes(null)) return spec;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  const values = lines.map((line) => line.map((value) => quoted(String(value))).join(",")).join("\n");
  const parse = Object.fromEntries(columns.map((column, i) => [column, kinds[i]]));
  return { ...spec, data: { values, format: { type: "csv", parse } } };
}

/** What a column is read as; `null` where a reader would not give its values again, such as an empty text. */
function kindOf(rows: readonly Datum[], column: string): "number" | "string" | null {
  if (!/^\w+$/.test(column)) return null;
  const values = rows.map((row) => row[column]);
  if (values.every((value) => value === null || (typeof value === "number" && Number.isFinite(value)))) return "number";
  return values.every((value) => typeof value === "string" && value !== "") ? "string" : null;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

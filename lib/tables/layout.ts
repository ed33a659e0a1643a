import { visibleText } from "../core";
import type { Measured, NumberFormat, TableColumn, TableContent, TableRow, TableValue } from "./content";

/** One field as every format writes it: text without markup, and its place among the values it is compared with. */
export interface Field {
  readonly text: string;
  readonly rank: Rank;
}

type Rank = "best" | "second" | null;

/** A table in words: what the formats share. */
export interface Layout {
  readonly headings: readonly string[];
  readonly aligns: readonly ("left" | "center" | "right")[];
  readonly rows: readonly (readonly Field[])[];
}

/** What stands for a value that is undefined. */
const dash = "–";

export function layoutOf(table: TableContent): Layout {
  const ranks = table.columns.map((column) => rankColumn(table, column));
  return {
    headings: table.columns.map(headingOf),
    aligns: table.columns.map((column) => column.align ?? (isNumeric(table.rows, column.key) ? "right" : "left")),
    rows: table.rows.map((row, r) =>
      table.columns.map((column, c) => ({ text: formatValue(row[column.key], column.format), rank: ranks[c][r] })),
    ),
  };
}

/** The heading with its unit. */
export function headingOf(column: TableColumn): string {
  const label = visibleText(column.label ?? column.key);
  return column.unit === undefined ? label : `${label} (${visibleText(column.unit)})`;
}

export function isMeasured(value: TableValue | undefined): value is Measured {
  return typeof value === "object" && value !== null;
}

/** The number behind a value, or `null`. */
function numberOf(value: TableValue | undefined): number | null {
  const number = isMeasured(value) ? value.mean : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : null;
}

function formatValue(value: TableValue | undefined, format: NumberFormat | undefined): string {
  if (value === null || value === undefined) return dash;
  if (typeof value === "string") return visibleText(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, format);
  if (value.mean === null) return dash;
  const spread = value.sd === undefined || value.sd === null ? "" : ` ± ${formatNumber(value.sd, format)}`;
  return `${formatNumber(value.mean, format)}${spread}${visibleText(value.mark ?? "")}`;
}

/** A number in a column's format; without one, whole numbers as they are and others with 4 significant digits. */
function formatNumber(value: number, format: NumberFormat | undefined): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? dash : value > 0 ? "∞" : "-∞";
  if (format === undefined) return Number.isInteger(value) ? grouped(String(value)) : significant(value, 4);
  if ("decimals" in format) return grouped(fixed(value, format.decimals));
  if ("percent" in format) return `${fixed(100 * value, format.percent)} %`;
  return significant(value, format.significant);
}

/** So many decimals; what rounds to zero has no sign. */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** Plain notation between 0.0001 and 10^9, scientific outside. */
function significant(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(digits - 1);
  const rounded = Number(value.toPrecision(digits));
  const decimals = rounded === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return grouped(fixed(rounded, decimals));
}

/** Thousands from 10,000 on, with commas. */
function grouped(digits: string): string {
  return /^-?\d{5}/.test(digits) ? digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",") : digits;
}

function isNumeric(rows: readonly TableRow[], key: string): boolean {
  const values = rows.map((row) => row[key]).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === "number" || isMeasured(value));
}

/** Best and second best of a column, within each group of compared rows. Values that print alike are equal. */
function rankColumn(table: TableContent, column: TableColumn): Rank[] {
  const ranks = table.rows.map((): Rank => null);
  if (column.better === undefined) return ranks;
  const sign = column.better === "higher" ? -1 : 1;
  const groups = new Map<string, number[]>();
  table.rows.forEach((row, r) => {
    if (table.uncompared.includes(r) || numberOf(row[column.key]) === null) return;
    const group = JSON.stringify(table.compareWithin.map((key) => row[key]));
    groups.set(group, [...(groups.get(group) ?? []), r]);
  });
  const value = (r: number) => numberOf(table.rows[r][column.key]) as number;
  const printed = (r: number) => formatNumber(value(r), column.format);
  for (const members of groups.values()) {
    const steps = [...new Set(members.sort((a, b) => sign * (value(a) - value(b))).map(printed))];
    if (steps.length < 2) continue; // all alike: nothing is best
    for (const r of members) ranks[r] = printed(r) === steps[0] ? "best" : printed(r) === steps[1] ? "second" : null;
  }
  return ranks;
}

/** Text inside an HTML comment: it cannot end the comment. */
export function commentText(text: string): string {
  return visibleText(text)
    .replace(/-(?=-)/g, "- ")
    .replace(/>/g, "›");
}

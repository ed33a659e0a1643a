import { visibleText } from "../core";
import {
  isMeasured,
  type NumberFormat,
  type TableColumn,
  type TableContent,
  type TableRow,
  type TableValue,
} from "./content";
import { absent, formatNumber } from "./numbers";
import { type Rank, rankColumn } from "./ranks";

/** One field as every format writes it: text without markup, and its place among the values it is compared with. */
export interface Field {
  readonly text: string;
  readonly rank: Rank;
  /** How many rows it stands for, itself among them; 0 where the field above stands for it. */
  readonly rows: number;
}

/** A table in words: what the formats share. */
export interface Layout {
  readonly headings: readonly string[];
  readonly aligns: readonly ("left" | "center" | "right")[];
  readonly rows: readonly (readonly Field[])[];
}

/** A blank that no line ends at. */
const noBreak = "\u00a0";

/** @param plusMinus what stands between a value and its spread. Default: ± between blanks that no line ends at */
export function layoutOf(table: TableContent, plusMinus = `${noBreak}±${noBreak}`): Layout {
  const ranks = table.columns.map((column) => rankColumn(table, column));
  const heights = groupHeights(table);
  return {
    headings: table.columns.map(headingOf),
    aligns: table.columns.map((column) => alignOf(table, column)),
    rows: table.rows.map((row, r) =>
      table.columns.map((column, c) => ({
        text: formatValue(row[column.key], column.format, plusMinus),
        rank: ranks[c][r],
        rows: heights[c]?.[r] ?? 1,
      })),
    ),
  };
}

/** The caption and what marks mean, as one paragraph. */
export function captionOf({ caption, legend }: Pick<TableContent, "caption" | "legend">): string | undefined {
  return caption === undefined && legend.length === 0 ? undefined : [caption ?? [], ...legend].flat().join(" ");
}

/** The heading with its unit. */
export function headingOf(column: TableColumn): string {
  const label = visibleText(column.label ?? column.key);
  return column.unit === undefined ? label : `${label} (${visibleText(column.unit)})`;
}

/** How many leading columns write a value once for all rows that share it. */
export function groupCount({ columns, groupBy }: Pick<TableContent, "columns" | "groupBy">): number {
  return leading(columns, groupBy);
}

/** How many leading columns name a row. */
export function headCount({ columns, heads }: Pick<TableContent, "columns" | "heads">): number {
  return leading(columns, heads);
}

function leading(columns: readonly TableColumn[], keys: readonly string[]): number {
  const first = columns.findIndex(({ key }) => !keys.includes(key));
  return first < 0 ? columns.length : first;
}

/** How many rows a value of each grouped column stands for, 0 where one above does. */
function groupHeights(table: TableContent): number[][] {
  const heights: number[][] = [];
  for (let c = 0; c < groupCount(table); c++) {
    const { key } = table.columns[c];
    const own: number[] = [];
    let top = 0;
    table.rows.forEach((row, r) => {
      const isShared = r > 0 && (c === 0 || heights[c - 1][r] === 0) && row[key] === table.rows[r - 1][key];
      if (!isShared) top = r;
      own.push(0);
      own[top]++;
    });
    heights.push(own);
  }
  return heights;
}

export function alignOf(table: TableContent, { key, align }: TableColumn): "left" | "center" | "right" {
  return align ?? (isNumeric(table.rows, key) ? "right" : "left");
}

export function formatValue(
  value: TableValue | undefined,
  format: NumberFormat | undefined,
  plusMinus: string,
): string {
  if (value === null || value === undefined) return absent;
  if (typeof value === "string") return visibleText(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, format);
  if (value.mean === null) return absent;
  const spread = value.sd === undefined || value.sd === null ? "" : `${plusMinus}${formatNumber(value.sd, format)}`;
  return `${formatNumber(value.mean, format)}${spread}${visibleText(value.mark ?? "")}`;
}

export function isNumeric(rows: readonly TableRow[], key: string): boolean {
  const values = rows.map((row) => row[key]).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === "number" || isMeasured(value));
}

/** Text inside an HTML comment: it cannot end the comment. */
export function commentText(text: string): string {
  return visibleText(text)
    .replace(/-(?=-)/g, "- ")
    .replace(/>/g, "›");
}

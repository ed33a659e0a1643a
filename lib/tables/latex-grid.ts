import { didYouMean, InvalidArgumentError } from "../core";
import type { TableColumn, TableContent, TableRow } from "./content";
import { decimalsOf } from "./decimals";
import { latexNumber, type LatexNumber } from "./latex-number";
import type { LatexOptions } from "./latex-options";
import { thinSpace } from "./latex-text";
import { alignOf, formatValue, groupCount, headCount, headingOf } from "./layout";
import { absent } from "./numbers";
import { type Rank, rankColumn } from "./ranks";

/** What stands in one place of a grid: a number in its parts, else text. */
export interface GridCell {
  readonly number: LatexNumber | null;
  readonly text: string;
  readonly rank: Rank;
}

export interface GridColumn {
  readonly heading: string;
  readonly align: "left" | "center" | "right";
}

export interface GridRow {
  /** A text for each column that names rows. */
  readonly heads: readonly string[];
  /** A cell for each column of values. */
  readonly cells: readonly GridCell[];
}

/** Rows under a title that spans the table. */
export interface GridSection {
  readonly title: string | null;
  readonly rows: readonly GridRow[];
}

/** A table laid out: what stands where, whatever its size. */
export interface Grid {
  readonly layout: "rows" | "transposed" | "sub-tables";
  readonly heads: readonly GridColumn[];
  /** How many leading heads are written once for all rows that share them. */
  readonly groups: number;
  readonly values: readonly GridColumn[];
  readonly sections: readonly GridSection[];
}

const plusMinus = " ± ";
const none: GridCell = { number: null, text: absent, rank: null };

/**
 * The grids that a table may be laid out as, the most natural first.
 *
 * @throws InvalidArgumentError for a metric that is no column, and for a layout that the table has nothing for
 */
export function gridsOf(table: TableContent, options: LatexOptions): Grid[] {
  const { layout = "fit", page } = options;
  const parts = partsOf(table, options);
  if (layout === "rows" || (layout === "fit" && page === undefined)) return [rowsGrid(parts)];
  const subTables = Array.from({ length: groupCount(table) }, (_, k) => subTablesGrid(parts, k + 1));
  const transposed = transposedGrid(parts);
  if (layout === "fit") return [rowsGrid(parts), ...subTables, ...(transposed === null ? [] : [transposed])];
  if (layout === "sub-tables") {
    if (subTables.length > 0) return subTables;
    throw impossible("sub-tables", "no column groups its rows", "groupBy");
  }
  if (transposed !== null) return [transposed];
  throw impossible("transposed", "two of its rows have the same name", "heads");
}

function impossible(layout: string, why: string, option: string): InvalidArgumentError {
  return new InvalidArgumentError(`a table cannot be laid out as "${layout}": ${why}`, {
    where: "LaTeX",
    remedy: `take the layout "rows", or name columns by the table's option "${option}"`,
  });
}

/** A table's columns and fields, made once for all layouts. */
interface Parts {
  readonly groups: number;
  readonly heads: readonly (GridColumn & { readonly texts: readonly string[]; readonly isText: boolean })[];
  readonly values: readonly (GridColumn & { readonly cells: readonly GridCell[] })[];
}

function partsOf(table: TableContent, options: LatexOptions): Parts {
  const count = headCount(table);
  const heads = table.columns.slice(0, count).map((column) => ({
    heading: headingOf(column),
    align: alignOf(table, column),
    texts: table.rows.map((row) => formatValue(row[column.key], column.format, plusMinus)),
    isText: table.rows.some((row) => typeof row[column.key] === "string"),
  }));
  const values = chosen(table.columns.slice(count), options.metrics).map((column) => ({
    heading: `${headingOf(column)}${options.arrows === false ? "" : arrowOf(column)}`,
    align: alignOf(table, column),
    cells: cellsOf(table, column, options),
  }));
  return { groups: Math.min(count, groupCount(table)), heads, values };
}

function chosen(columns: readonly TableColumn[], metrics: readonly string[] | undefined): TableColumn[] {
  if (metrics === undefined) return [...columns];
  return metrics.map((name) => {
    const found = columns.find((column) => column.key === name || headingOf(column) === name);
    if (found !== undefined) return found;
    const names = columns.map(({ key }) => key);
    throw new InvalidArgumentError(`the table has no column "${name}"`, {
      where: "metrics",
      remedy: didYouMean(name, names),
    });
  });
}

function arrowOf({ better }: TableColumn): string {
  return better === "higher" ? `${thinSpace}↑` : better === "lower" ? `${thinSpace}↓` : "";
}

function cellsOf(table: TableContent, column: TableColumn, { decimals = "noise" }: LatexOptions): GridCell[] {
  const formats = decimalsOf(table, column, decimals);
  const ranks = rankColumn(table, column, formats.column);
  return table.rows.map((row: TableRow, r) => {
    const value = row[column.key];
    const format = formats.of(value);
    return { number: latexNumber(value, format), text: formatValue(value, format, plusMinus), rank: ranks[r] };
  });
}

function rowsGrid({ heads, values, groups }: Parts): Grid {
  const rows = rowNumbers({ heads, values }).map((r) => rowOf(heads, values, r));
  return { layout: "rows", heads, groups, values, sections: [{ title: null, rows }] };
}

/** @param by how many of the grouped columns become the titles of sub-tables */
function subTablesGrid({ heads, values, groups }: Parts, by: number): Grid {
  const rest = heads.slice(by);
  const titled = groupedBy(rowNumbers({ heads, values }), (r) => heads.slice(0, by).map(({ texts }) => texts[r]));
  const sections = titled.map(({ names, members }, at) => {
    const inside = groupedBy(members, (r) => rest.slice(0, groups - by).map(({ texts }) => texts[r]));
    const rows = inside.flatMap((group) => group.members).map((r) => rowOf(rest, values, r));
    return { title: `${titled.length > 1 ? `(${letterOf(at)}) ` : ""}${names.join(", ")}`, rows };
  });
  return { layout: "sub-tables", heads: rest, groups: groups - by, values, sections };
}

/** A row for each metric, a column for each name that rows have beside their group; `null` where one has two. */
function transposedGrid({ heads, values, groups }: Parts): Grid | null {
  const all = rowNumbers({ heads, values });
  const own = heads.slice(groups);
  const nameOf = (r: number) =>
    own.flatMap(({ heading, texts, isText }) =>
      texts[r] === absent ? [] : isText ? texts[r] : `${heading} ${texts[r]}`,
    );
  const names = groupedBy(all, nameOf).map((group) => group.names.join(", "));
  const grouped = groupedBy(all, (r) => heads.slice(0, groups).map(({ texts }) => texts[r]));
  const tables = grouped.map((group) => ({
    ...group,
    byName: new Map(group.members.map((r) => [nameOf(r).join(", "), r])),
  }));
  if (tables.some(({ byName, members }) => byName.size < members.length)) return null;
  const rows = tables.flatMap((group) =>
    values.map(({ heading, cells }) => ({
      heads: [...group.names, heading],
      cells: names.map((name) => cellAt(cells, group.byName.get(name))),
    })),
  );
  return {
    layout: "transposed",
    heads: [...heads.slice(0, groups), { heading: "", align: "left" }],
    groups,
    values: names.map((heading) => ({ heading, align: "right" })),
    sections: [{ title: null, rows }],
  };
}

function cellAt(cells: readonly GridCell[], row: number | undefined): GridCell {
  return row === undefined ? none : cells[row];
}

function rowOf(heads: Parts["heads"], values: Parts["values"], r: number): GridRow {
  return { heads: heads.map(({ texts }) => texts[r]), cells: values.map(({ cells }) => cells[r]) };
}

function rowNumbers({ heads, values }: Pick<Parts, "heads" | "values">): number[] {
  return [...(heads[0]?.texts ?? values[0]?.cells ?? []).keys()];
}

/** Members by the names they share, each group where its first member is. */
function groupedBy(members: readonly number[], namesOf: (member: number) => readonly string[]) {
  const groups = new Map<string, { names: readonly string[]; members: number[] }>();
  for (const member of members) {
    const names = namesOf(member);
    const key = JSON.stringify(names);
    const group = groups.get(key) ?? { names, members: [] };
    group.members.push(member);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `a` to `z`, then numbers. */
function letterOf(at: number): string {
  return at < 26 ? String.fromCharCode(97 + at) : String(at + 1);
}

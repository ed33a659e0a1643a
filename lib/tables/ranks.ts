import type { NumberFormat, TableColumn, TableContent } from "./content";
import { formatNumber, numberOf } from "./numbers";

export type Rank = "best" | "second" | null;

/** Best and second best of a column, within each group of compared rows. Values that print alike are equal. */
export function rankColumn(
  table: TableContent,
  column: TableColumn,
  format: NumberFormat | undefined = column.format,
): Rank[] {
  const ranks = table.rows.map((): Rank => null);
  if (column.better === undefined) return ranks;
  for (const members of comparedRows(table, column)) {
    const cost = costs(table, column, members);
    if (cost === undefined) continue;
    const printed = (r: number) => formatNumber(cost(r), format);
    const ranked = members.filter((r) => column.better !== "nearest" || !table.references.includes(r));
    const steps = [...new Set(ranked.sort((a, b) => cost(a) - cost(b)).map(printed))];
    if (steps.length < 2) continue; // all alike: nothing is best
    for (const r of ranked) ranks[r] = printed(r) === steps[0] ? "best" : printed(r) === steps[1] ? "second" : null;
  }
  return ranks;
}

/** Rows that have a value, by the group they are compared in. */
function comparedRows(table: TableContent, { key }: TableColumn): number[][] {
  const groups = new Map<string, number[]>();
  table.rows.forEach((row, r) => {
    if (table.uncompared.includes(r) || numberOf(row[key]) === null) return;
    const group = JSON.stringify(table.compareWithin.map((within) => row[within]));
    groups.set(group, [...(groups.get(group) ?? []), r]);
  });
  return [...groups.values()];
}

/** What is to be small for a row to be good; nothing where there is no level to be near to. */
function costs(table: TableContent, { key, better }: TableColumn, members: readonly number[]) {
  const value = (r: number) => numberOf(table.rows[r][key]) as number;
  if (better === "lower") return value;
  if (better === "higher") return (r: number) => -value(r);
  const reference = members.find((r) => table.references.includes(r));
  return reference === undefined ? undefined : (r: number) => Math.abs(value(r) - value(reference));
}

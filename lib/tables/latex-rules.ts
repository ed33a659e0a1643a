import type { GridRow } from "./latex-grid";

/**
 * The rule above each row: the number of the first column whose group begins there, `null` for none. Groups of one row
 * are not set apart from each other.
 */
export function rulesAbove(rows: readonly GridRow[], groups: number): (number | null)[] {
  return rows.map((row, r) => {
    const level = firstChange(rows, r, groups);
    if (r === 0 || level === null) return null;
    const isLarge = !beginsGroup(rows, r + 1, level, groups) || !beginsGroup(rows, r - 1, level, groups);
    return isLarge ? level : null;
  });
}

/** Whether a row's grouped value is that of the row above, which stands for both. */
export function isRepeated(rows: readonly GridRow[], r: number, column: number, groups: number): boolean {
  const level = firstChange(rows, r, groups);
  return column < groups && (level === null || column < level);
}

/** How many rows a grouped value stands for. */
export function rowsOf(rows: readonly GridRow[], r: number, column: number, groups: number): number {
  let end = r + 1;
  while (end < rows.length && isRepeated(rows, end, column, groups)) end++;
  return end - r;
}

/** The first grouped column where a row differs from the one above; `null` where it differs in none. */
function firstChange(rows: readonly GridRow[], r: number, groups: number): number | null {
  if (r === 0) return 0;
  for (let g = 0; g < groups; g++) if (rows[r].heads[g] !== rows[r - 1].heads[g]) return g;
  return null;
}

/** Whether a group of a level begins at a row; one does behind the last. */
function beginsGroup(rows: readonly GridRow[], r: number, level: number, groups: number): boolean {
  if (r >= rows.length) return true;
  const change = firstChange(rows, r, groups);
  return change !== null && change <= level;
}

import type { Grid, GridRow, GridSection } from "./latex-grid";
import type { Measured, MeasuredColumn } from "./latex-measure";
import { rulesAbove } from "./latex-rules";

/** Columns of values from one up to another, and rows: a grid or a block of it, with all its heads. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly sections: readonly GridSection[];
  readonly widthPt: number;
  readonly heightPt: number;
}

/** What stands in one float, block below block. */
export type LatexFloat = readonly Block[];

/** What a float may take, its caption and note aside. */
export interface Room {
  readonly widthPt: number;
  readonly heightPt: number;
}

/** From baseline to baseline, and what a rule takes with the space around it, for the type's size. */
export const leading = 1.2;
const ruleSpace = 0.55;
/** How a grid fills floats: in one block if it can, else in blocks of columns, else of rows too. */
export interface Placing {
  readonly grid: Grid;
  readonly measured: Measured;
  readonly sizePt: number;
  readonly gapPt: number;
}

/** The floats that a grid takes; `null` where not even one column of values fits beside the heads. */
export function placeGrid(placing: Placing, room: Room): LatexFloat[] | null {
  const blocks = columnBlocks(placing, room.widthPt);
  if (blocks === null) return null;
  const floats: Block[][] = [];
  let left = 0;
  for (const [from, to] of blocks)
    for (const sections of rowBlocks(placing, [from, to], room.heightPt)) {
      const heightPt = heightOf(placing, [from, to], sections);
      const block = { from, to, sections, widthPt: widthOf(placing, from, to), heightPt };
      left -= heightPt + leading * placing.sizePt; // a line between two blocks
      if (floats.length > 0 && left >= 0) floats[floats.length - 1].push(block);
      else {
        floats.push([block]);
        left = room.heightPt - heightPt;
      }
    }
  return floats;
}

/** The width of a block with the space between its columns, and of what hangs out at its end. */
export function widthOf({ grid, measured, gapPt }: Placing, from = 0, to = grid.values.length): number {
  const columns = [...measured.heads, ...measured.values.slice(from, to)];
  const own = columns.reduce((sum, { widthPt }) => sum + widthPt, 2 * gapPt * Math.max(0, columns.length - 1));
  return Math.max(own, measured.titlePt) + (columns.at(-1)?.shape?.marked === true ? measured.markPt : 0) + safety;
}

/** What rounding may add up to, in points. */
const safety = 1;

type Range = readonly [from: number, to: number];

/** The fewest blocks of columns that fit, as even as they can be. */
function columnBlocks(placing: Placing, widthPt: number): Range[] | null {
  const count = placing.grid.values.length;
  const fits = (from: number, to: number) => widthOf(placing, from, to) <= widthPt;
  const blocks: Range[] = [];
  for (let from = 0; from < count || blocks.length === 0;) {
    let to = Math.min(count, from + 1);
    if (!fits(from, to)) return null;
    while (to < count && fits(from, to + 1)) to++;
    blocks.push([from, to]);
    from = to;
  }
  const even = Math.ceil(count / blocks.length);
  const evenly = blocks.map((_, b): Range => [b * even, Math.min(count, (b + 1) * even)]);
  return evenly.every(([from, to]) => from < to && fits(from, to)) ? evenly : blocks;
}

/** The rows in blocks of at most a height. A block ends where a group does if that leaves it half full. */
function rowBlocks(placing: Placing, range: Range, heightPt: number): GridSection[][] {
  const blocks: GridSection[][] = [[]];
  for (const { title, rows } of placing.grid.sections) {
    let rest = rows;
    let named = title;
    while (rest.length > 0) {
      const open = blocks[blocks.length - 1];
      const fits = (count: number) =>
        heightOf(placing, range, [...open, { title: named, rows: rest.slice(0, count) }]) <= heightPt;
      const taken = Math.max(
        open.length === 0 ? 1 : 0,
        wholeGroups(rest, most(rest.length, fits), placing.grid.groups),
      );
      if (taken > 0) open.push({ title: named, rows: rest.slice(0, taken) });
      if (taken > 0 && title !== null) named = `${title} (continued)`;
      rest = rest.slice(taken);
      if (rest.length > 0) blocks.push([]);
    }
  }
  return blocks;
}

/** The largest count up to a limit that fits, where less fits too; 0 for none. */
function most(limit: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, limit];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** So many rows, or those before the group that would be cut, where these are half as many at least. */
function wholeGroups(rows: readonly GridRow[], count: number, groups: number): number {
  if (count === rows.length) return count;
  const rules = rulesAbove(rows, groups);
  for (let end = count; end >= count / 2 && end > 0; end--) if (rules[end] === 0) return end;
  return count;
}

/** The height of a block with its headings, titles and rules. */
export function heightOf(
  { grid, measured, sizePt }: Placing,
  [from, to]: Range,
  sections: readonly GridSection[],
): number {
  const lines = (columns: readonly MeasuredColumn[]) => Math.max(1, ...columns.map((c) => c.headingLines.length));
  const headings = Math.max(lines(measured.heads), lines(measured.values.slice(from, to)));
  const rows = sections.reduce((sum, section) => sum + section.rows.length, 0);
  const titles = sections.filter(({ title }) => title !== null).length;
  const rules = sections.flatMap((section) => rulesAbove(section.rows, grid.groups)).filter((rule) => rule !== null);
  return ((headings + rows + titles) * leading + (3 + titles + rules.length) * ruleSpace) * sizePt;
}

import type { Grid, GridRow, GridSection } from "./latex-grid";
import type { Measured } from "./latex-measure";
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
export const leading = 1.15;
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
  const ranges = columnBlocks(placing, room.widthPt);
  if (ranges === null) return null;
  const floats: Block[][] = [];
  let left = 0;
  for (const [from, to] of ranges)
    for (const rows of rowBlocks(placing, [from, to], room.heightPt)) {
      const block = { from, to, ...rows, widthPt: widthOf(placing, from, to) };
      left -= block.heightPt + leading * placing.sizePt; // a line between two blocks
      if (floats.length > 0 && left >= 0) floats[floats.length - 1].push(block);
      else {
        floats.push([block]);
        left = room.heightPt - block.heightPt;
      }
    }
  return floats;
}

/** A grid as one block. */
export function wholeBlock(placing: Placing): Block {
  const { sections, values } = placing.grid;
  return { from: 0, to: values.length, sections, widthPt: widthOf(placing), heightPt: wholeHeight(placing) };
}

/** The height of a grid as one block. */
export function wholeHeight(placing: Omit<Placing, "gapPt">): number {
  const { grid } = placing;
  const rows = grid.sections.flatMap((section) => [titleHeight(placing, section), ...rowHeights(placing, section)]);
  return rows.reduce((sum, height) => sum + height, headHeight(placing, [0, grid.values.length]));
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

/** The rows in blocks of at most a height. A block ends where a group or section does if that leaves it half full. */
function rowBlocks(placing: Placing, range: Range, heightPt: number): Pick<Block, "sections" | "heightPt">[] {
  const head = headHeight(placing, range);
  const blocks: { sections: GridSection[]; heightPt: number }[] = [{ sections: [], heightPt: head }];
  for (const section of placing.grid.sections) {
    const heights = rowHeights(placing, section);
    for (let start = 0; start < heights.length;) {
      const open = blocks[blocks.length - 1];
      const title = start === 0 || section.title === null ? section.title : `${section.title} (continued)`;
      const room = heightPt - open.heightPt - titleHeight(placing, section);
      const isMovable = open.sections.length > 0 && 2 * open.heightPt > heightPt;
      const count = rowsThatFit(placing, section, heights, start, room);
      const end =
        start + count < heights.length && isMovable ? start : start + Math.max(count, open.sections.length > 0 ? 0 : 1);
      if (end > start) {
        open.sections.push({ title, rows: section.rows.slice(start, end) });
        open.heightPt += heights.slice(start, end).reduce((sum, height) => sum + height, titleHeight(placing, section));
      }
      start = end;
      if (start < heights.length) blocks.push({ sections: [], heightPt: head });
    }
  }
  return blocks;
}

/** How many rows from one on fit; those before the group that would be cut, where these are half as many at least. */
function rowsThatFit(
  { grid }: Placing,
  { rows }: GridSection,
  heights: readonly number[],
  start: number,
  room: number,
): number {
  let end = start;
  for (let used = 0; end < heights.length && (used += heights[end]) <= room;) end++;
  if (end === heights.length) return end - start;
  const rules = rulesAbove(rows, grid.groups);
  for (let whole = end; whole > start && whole - start >= (end - start) / 2; whole--)
    if (rules[whole] === 0) return whole - start;
  return end - start;
}

/** Headings and the three rules of every table. */
function headHeight({ measured, sizePt }: Omit<Placing, "gapPt">, [from, to]: Range): number {
  const columns = [...measured.heads, ...measured.values.slice(from, to)];
  return (Math.max(1, ...columns.map((c) => c.headingLines.length)) * leading + 3 * ruleSpace) * sizePt;
}

function titleHeight({ sizePt }: Pick<Placing, "sizePt">, { title }: GridSection): number {
  return title === null ? 0 : (leading + ruleSpace) * sizePt;
}

/** Each row with the rule above it. */
function rowHeights({ grid, measured, sizePt }: Omit<Placing, "gapPt">, { rows }: GridSection): number[] {
  const rules = rulesAbove(rows, grid.groups);
  return rows.map((row, r) => (linesOf(row, measured) * leading + (rules[r] === null ? 0 : ruleSpace)) * sizePt);
}

/** How many lines a row takes: those of the text that is broken into most. */
function linesOf({ heads }: GridRow, measured: Measured): number {
  return Math.max(1, ...heads.map((text, c) => measured.heads[c].broken.get(text)?.length ?? 1));
}

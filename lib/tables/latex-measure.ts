import type { Weight } from "./glyph-widths";
import type { Grid, GridCell, GridColumn } from "./latex-grid";
import { type LatexNumber, type NumberShape, numberText, paddingOf, shapeOf, type Spread } from "./latex-number";
import { absent } from "./numbers";
import { type Ruler, rulerFor } from "./text-width";

/** How a grid is set. */
export interface Style {
  readonly ruler: Ruler;
  readonly sizePt: number;
  readonly spread: Spread;
  readonly numbers: "siunitx" | "plain";
  /** Texts that name rows are broken at blanks to be no wider, where words allow. Default: none is broken. */
  readonly headPt?: number;
}

/** A column with what its numbers are aligned by, how its heading is broken, and how wide all of it is. */
export interface MeasuredColumn {
  readonly align: "left" | "center" | "right";
  readonly headingLines: readonly string[];
  /** The lines of each text that is broken. */
  readonly broken: ReadonlyMap<string, readonly string[]>;
  /** `null` where not all that stands in it is a number. */
  readonly shape: NumberShape | null;
  readonly widthPt: number;
}

/** A grid's columns at a size; the space between them is not in it. */
export interface Measured {
  readonly heads: readonly MeasuredColumn[];
  readonly values: readonly MeasuredColumn[];
  /** The widest title that spans the table. */
  readonly titlePt: number;
  /** What a mark takes; it hangs in the space between columns. */
  readonly markPt: number;
}

export function measureGrid(grid: Grid, style: Style): Measured {
  const width = (text: string, weight?: Weight) => style.ruler(text, style.sizePt, weight);
  const rows = grid.sections.flatMap((section) => section.rows);
  return {
    heads: grid.heads.map((column, c) =>
      measureHead(column, [...new Set(rows.map(({ heads }) => heads[c]))], style, width),
    ),
    values: grid.values.map((column, c) =>
      measureValues(
        column,
        rows.map((row) => row.cells[c]),
        style,
        width,
      ),
    ),
    titlePt: Math.max(0, ...grid.sections.map(({ title }) => width(title ?? ""))),
    markPt: width("*") * 0.75,
  };
}

function measureHead(column: GridColumn, texts: readonly string[], { headPt = Infinity }: Style, width: WidthOf) {
  const lines = texts.map((text) => (width(text) <= headPt ? [text] : brokenText(text, headPt, width)));
  const broken = new Map(lines.flatMap((parts, t) => (parts.length > 1 ? [[texts[t], parts] as const] : [])));
  return finished(column, Math.max(0, ...lines.flat().map((text) => width(text))), width, { shape: null, broken });
}

function measureValues(column: GridColumn, cells: readonly GridCell[], style: Style, width: WidthOf): MeasuredColumn {
  const shape = shapeOfCells(cells, style.spread);
  const bodyPt = Math.max(0, ...cells.map((cell) => cellWidth(cell, shape, style, width)));
  return finished(column, bodyPt, width, { shape, broken: new Map() });
}

function finished(
  { heading, align }: GridColumn,
  bodyPt: number,
  width: WidthOf,
  rest: Pick<MeasuredColumn, "shape" | "broken">,
): MeasuredColumn {
  const headingLines = brokenText(heading, bodyPt, width);
  return { ...rest, align, headingLines, widthPt: Math.max(bodyPt, ...headingLines.map((text) => width(text))) };
}

/** What the numbers of a column have in common; `null` where something else than a dash stands among them. */
function shapeOfCells(cells: readonly GridCell[], spread: Spread): NumberShape | null {
  const numbers = cells.flatMap(({ number }) => number ?? []);
  const others = cells.filter(({ number, text }) => number === null && text !== absent);
  return numbers.length === 0 || others.length > 0 ? null : shapeOf(numbers, spread);
}

type WidthOf = (text: string, weight?: Weight) => number;

function cellWidth(cell: GridCell, shape: NumberShape | null, style: Style, width: WidthOf): number {
  const weight = cell.rank === "best" ? "bold" : "regular";
  if (cell.number === null) return width(cell.text, weight);
  const own = width(numberText(cell.number, style.spread), weight) + hanging(cell.number, width);
  if (shape === null) return own;
  if (style.numbers === "siunitx") return reservedWidth(shape, style, weight);
  return own + width(paddingOf(cell.number, shape, style.spread));
}

/** A mark takes no place of its own where it is short: it hangs in the space behind the column. */
function hanging({ mark }: LatexNumber, width: WidthOf): number {
  return hangs(mark) ? 0 : width(mark);
}

/** Whether a mark is short enough to hang in the space between two columns. */
export function hangs(mark: string): boolean {
  return mark === "*" || mark === "";
}

/** siunitx sets numbers as mathematics: in Computer Modern, or in what is no wider. */
const mathRuler = rulerFor("serif");

/** What siunitx keeps free for numbers of a shape. */
function reservedWidth(shape: NumberShape, { spread, sizePt }: Style, weight: Weight): number {
  const width = (text: string) => mathRuler(text, sizePt, weight);
  const zeros = (count: number) => "0".repeat(Math.max(0, count));
  const point = shape.fraction > 0 ? `.${zeros(shape.fraction)}` : "";
  const value = width(`${shape.minus ? "−" : ""}${zeros(shape.whole)}${point}`);
  if (shape.sd === 0) return value;
  if (spread === "parentheses") return value + width(`(${zeros(shape.lastDigits)})`);
  const wholeOfSd = Math.max(1, shape.lastDigits - shape.fraction);
  return value + width(`±${zeros(wholeOfSd)}${point}`) + 2 * mediumSpace * sizePt;
}

/** Of mathematics, around ±, in ems. */
const mediumSpace = 0.223;

/** A text broken at blanks to be no wider than its room, where words allow. */
function brokenText(text: string, widthPt: number, width: WidthOf): string[] {
  const words = text.split(" ").filter((word) => word !== "");
  const room = Math.max(widthPt, ...words.map((word) => width(word)));
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && width(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length === 0 ? [""] : lines;
}

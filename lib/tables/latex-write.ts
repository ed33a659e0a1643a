import type { Grid, GridCell, GridColumn, GridRow, GridSection } from "./latex-grid";
import { hangs, type MeasuredColumn } from "./latex-measure";
import { lastDigits, type LatexNumber, type NumberShape, numberText, paddingOf } from "./latex-number";
import type { LatexOptions } from "./latex-options";
import type { Block } from "./latex-place";
import { isRepeated, rowsOf, rulesAbove } from "./latex-rules";
import { escapeLatex } from "./latex-text";
import type { Fitted } from "./latex-fit";

const letters = { left: "l", center: "c", right: "r" };

/** How a block of a grid is written. */
type Writing = Pick<Fitted, "grid" | "measured" | "spread"> & {
  readonly options: LatexOptions;
};

/** The `tabular` of a block, line by line. */
export function writeBlock(writing: Writing, block: Pick<Block, "from" | "to" | "sections">): string[] {
  const { measured, options } = writing;
  const values = measured.values.slice(block.from, block.to);
  const rule = (name: string) => (options.booktabs === false ? "\\hline" : `\\${name}rule`);
  const headings = [...measured.heads.map(headingOf), ...values.map((column) => numericHeading(column, options))];
  const specs = [...measured.heads.map(({ align }) => letters[align]), ...values.map((c) => specOf(c, writing))];
  const hanging = values.at(-1)?.shape?.marked === true ? `@{\\hspace{${measured.markPt.toFixed(1)}pt}}` : "@{}";
  return [
    `\\begin{tabular}{@{}${specs.join("")}${hanging}}`,
    `  ${rule("top")}`,
    line(headings),
    `  ${rule("mid")}`,
    ...block.sections.flatMap((section, at) => [
      ...(at === 0 ? [] : [`  ${rule("mid")}`]),
      ...writeSection(writing, block, section),
    ]),
    `  ${rule("bottom")}`,
    "\\end{tabular}",
  ];
}

function line(cells: readonly string[]): string {
  return `  ${cells.join(" & ")} \\\\`;
}

function writeSection(writing: Writing, { from, to }: Pick<Block, "from" | "to">, { title, rows }: GridSection) {
  const { grid, options } = writing;
  const columns = grid.heads.length + to - from;
  const rules = rulesAbove(rows, grid.groups);
  const spanning =
    title === null ? [] : [line([`\\multicolumn{${columns}}{@{}l@{}}{\\textit{${escapeLatex(title)}}}`])];
  const ruleAt = (level: number) => {
    const range = `{${level + 1}-${columns}}`;
    if (options.booktabs === false) return level === 0 ? "  \\hline" : `  \\cline${range}`;
    return level === 0 ? "  \\midrule" : `  \\cmidrule(l)${range}`;
  };
  const body = rows.flatMap((row, r) => {
    const rule = rules[r];
    const heads = row.heads.map((_, c) => headText(writing, rows, r, c));
    const cells = row.cells.slice(from, to).map((cell, c) => cellText(cell, from + c, writing));
    return [...(rule === null ? [] : [ruleAt(rule)]), line([...heads, ...cells])];
  });
  return [...spanning, ...body];
}

/** What names a row; empty where the row above says it. */
function headText({ grid, measured, options }: Writing, rows: readonly GridRow[], r: number, c: number): string {
  if (isRepeated(rows, r, c, grid.groups)) return "";
  const { align } = grid.heads[c];
  const lines = measured.heads[c].broken.get(rows[r].heads[c]) ?? [rows[r].heads[c]];
  const text = stacked(
    lines.map((part) => plainText(part, align)),
    align,
    "t",
  );
  const height = c < grid.groups && options.grouping === "multirow" ? rowsOf(rows, r, c, grid.groups) : 1;
  return height > 1 ? `\\multirow[t]{${height}}{*}{${text}}` : text;
}

/** A text; a number among texts has a real minus. */
function plainText(text: string, align: GridColumn["align"]): string {
  return align === "left" ? escapeLatex(text) : escapeLatex(text).replace(/^-(?=\d)/, "$-$");
}

/** Lines one below the other; their first or last is in line with the row. */
function stacked(lines: readonly string[], align: GridColumn["align"], at: "t" | "b"): string {
  if (lines.length === 1) return lines[0];
  return `\\begin{tabular}[${at}]{@{}${letters[align]}@{}}${lines.join("\\\\")}\\end{tabular}`;
}

function headingOf({ headingLines, align }: Pick<MeasuredColumn, "headingLines" | "align">): string {
  return stacked(headingLines.map(escapeLatex), align, "b");
}

/** A heading is no number to siunitx. */
function numericHeading(column: MeasuredColumn, { numbers }: LatexOptions): string {
  if (numbers !== "siunitx" || column.shape === null) return headingOf(column);
  return `{${headingOf({ ...column, align: "center" })}}`;
}

function specOf({ align, shape }: MeasuredColumn, { options }: Writing): string {
  if (options.numbers !== "siunitx" || shape === null) return letters[align];
  return `S[table-format=${formatOf(shape)}]`;
}

/** As siunitx writes a shape: `-1.4(2)`. */
function formatOf({ minus, whole, fraction, lastDigits: spread }: NumberShape): string {
  const digits = `${minus ? "-" : ""}${whole}${fraction > 0 ? `.${fraction}` : ""}`;
  return spread > 0 ? `${digits}(${spread})` : digits;
}

function cellText(cell: GridCell, column: number, writing: Writing): string {
  const { shape } = writing.measured.values[column];
  const isSiunitx = writing.options.numbers === "siunitx" && shape !== null;
  if (cell.number === null) {
    const text = emphasised(plainText(cell.text, "right"), cell.rank);
    return isSiunitx ? `{${text}}` : text;
  }
  if (isSiunitx) return siunitxNumber(cell.number, cell.rank, shape, writing);
  const text = emphasised(plainNumber(cell.number, writing), cell.rank);
  const padding = shape === null ? "" : paddingOf(cell.number, shape, writing.spread);
  return `${text}${markOf(cell.number)}${padding === "" ? "" : `\\phantom{${inMath(padding)}}`}`;
}

function emphasised(text: string, rank: GridCell["rank"]): string {
  return rank === "best" ? `\\textbf{${text}}` : rank === "second" ? `\\underline{\\smash{${text}}}` : text;
}

function plainNumber(number: LatexNumber, { spread }: Writing): string {
  return inMath(numberText(number, spread));
}

/** Minus and ± as mathematics has them, the rest as text. */
function inMath(text: string): string {
  return escapeLatex(text).replace("\\ensuremath{-}", "$-$").replace("\\ensuremath{\\pm}", "$\\pm$");
}

/** A short mark takes no place: it hangs in the space behind the column. */
function markOf({ mark }: LatexNumber): string {
  if (mark === "") return "";
  return hangs(mark) ? "\\rlap{$^{*}$}" : `\\textsuperscript{${escapeLatex(mark)}}`;
}

function siunitxNumber(number: LatexNumber, rank: GridCell["rank"], shape: NumberShape, { spread }: Writing): string {
  const { minus, whole, fraction, sd } = number;
  const point = fraction === "" ? "" : `.${fraction}`;
  const uncertainty = sd === null || spread === "none" ? "" : `(${lastDigits(sd)})`;
  const digits = `${minus ? "-" : ""}${whole.replace(/,/g, "")}${point}${uncertainty}`;
  const mark = markOf(number);
  if (fraction === "" && sd !== null && spread === "separate" && shape.fraction > 0)
    return `{${alignedInteger(number, digits, rank, shape)}${mark}}`;
  if (rank === "second") return `{\\underline{\\smash{\\tablenum[table-format=${formatOf(shape)}]{${digits}}}}${mark}}`;
  return `${rank === "best" ? "\\bfseries " : ""}${digits}${mark === "" ? "" : ` {${mark}}`}`;
}

/** siunitx has room for the decimals alone behind a whole number: "± 111" would stick out. Phantoms align it. */
function alignedInteger(number: LatexNumber, digits: string, rank: GridCell["rank"], shape: NumberShape): string {
  const text = emphasised(`\\num{${digits}}`, rank);
  const before = "0".repeat(shape.whole - number.whole.length);
  const padding = inMath(paddingOf(number, shape, "separate"));
  return `${before === "" ? "" : `\\phantom{${before}}`}${text}${padding === "" ? "" : `\\phantom{${padding}}`}`;
}

/** Whether any column of a grid is set by siunitx. */
export function usesSiunitx({ measured, options }: Writing): boolean {
  return options.numbers === "siunitx" && measured.values.some(({ shape }) => shape !== null);
}

/** Whether any value is written once for several rows by multirow. */
export function usesMultirow({ grid, options }: { grid: Grid; options: LatexOptions }): boolean {
  return options.grouping === "multirow" && grid.groups > 0;
}

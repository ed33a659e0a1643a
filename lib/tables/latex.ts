import { visibleText } from "../core";
import type { TableContent } from "./content";
import { type Fitted, fitGrids, sizesOf, smallestGap, spansOf, spreadsOf, type Words } from "./latex-fit";
import { type Grid, gridsOf } from "./latex-grid";
import { measureGrid } from "./latex-measure";
import { noticesOf } from "./latex-notices";
import type { Spread } from "./latex-number";
import type { LatexOptions, LatexTable } from "./latex-options";
import { type LatexFloat, leading, wholeBlock } from "./latex-place";
import { escapeLatex, needsT1 } from "./latex-text";
import { rulerFor, type Ruler } from "./text-width";
import { usesMultirow, usesSiunitx, writeBlock } from "./latex-write";

/**
 * A table as LaTeX: best bold, second best underlined, what marks mean in a note below. With a page it is set so that
 * it fits: type not smaller than the page allows, a column or the whole text wide, in one of three layouts. Where it
 * fits in no way it is split into blocks of columns, each with the columns that name its rows, and into several floats;
 * `notices` say so and name what to drop.
 *
 * @throws InvalidArgumentError for a metric that is no column, and for a layout that the table has nothing for
 * @example
 * const { latex, packages } = toLatex(table({ rows: [{ method: "IFRU", auc: 0.71 }] }));
 */
export function toLatex(table: TableContent, options: LatexOptions = {}): LatexTable {
  const { page } = options;
  const grids = gridsOf(table, options);
  const words = wordsOf(table, grids, rulerFor(page?.family ?? "serif"));
  const search = page === undefined ? null : { grids, page, words, options };
  const fitted = search === null ? null : fitGrids(search);
  const way = fitted ?? asIs(grids[0], options, words);
  const isMeasured = page !== undefined;
  return {
    latex: write(table, way, options, words),
    packages: packagesOf(table, way, options),
    fits: isMeasured ? fitted !== null && fitted.floats.length === 1 : null,
    notices: search === null ? [] : noticesOf(search, fitted),
    span: way.span,
    layout: way.grid.layout,
    sizePt: isMeasured ? way.sizePt : null,
    widthPt: isMeasured ? Math.max(...way.floats.flat().map(({ widthPt }) => widthPt)) : null,
    heightPt: isMeasured ? Math.max(...way.floats.map(heightOfFloat)) : null,
  };
}

/** A table in the form that is asked for, in one block whatever its size; in small type where there is a page. */
function asIs(grid: Grid, options: LatexOptions, { ruler }: Words): Fitted {
  const { page, numbers = "plain" } = options;
  const [spread] = spreadsOf(options).slice(page === undefined ? 0 : -1);
  const sizePt = page === undefined ? ordinaryPt : (sizesOf(page).at(-1) as number);
  const measured = measureGrid(grid, { ruler, sizePt, spread, numbers });
  const placing = { grid, measured, sizePt, gapPt: page === undefined ? 6 : smallestGap };
  const span =
    page === undefined ? (options.span === "text" ? "text" : "column") : (spansOf(options, page).at(-1) ?? "text");
  return { ...placing, spread, span, floats: [[wholeBlock(placing)]] };
}

/** What headings are broken for where no page says how large the type is. */
const ordinaryPt = 10;

function wordsOf(table: TableContent, grids: readonly Grid[], ruler: Ruler): Words {
  const cells = grids[0].sections.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const ranked = cells.some(({ rank }) => rank !== null) ? ["Best in bold, second best underlined."] : [];
  const spreads = cells.some(({ number }) => number?.sd != null);
  return {
    ruler,
    caption: table.caption ?? "",
    note(spread: Spread) {
      const meaning = spreads && spread === "parentheses" ? ["0.52(3) is 0.52 ± 0.03."] : [];
      return [...table.legend, ...ranked, ...meaning].join(" ");
    },
  };
}

function packagesOf(table: TableContent, way: Fitted, options: LatexOptions): string[] {
  const writing = { ...way, options };
  const texts = [table.caption ?? "", ...table.legend, ...way.grid.sections.flatMap(textsOf), ...headingsOf(way.grid)];
  return [
    ...(texts.some(needsT1) ? ["\\usepackage[T1]{fontenc}"] : []),
    ...(options.booktabs === false ? [] : ["\\usepackage{booktabs}"]),
    ...(usesMultirow(writing) ? ["\\usepackage{multirow}"] : []),
    ...(usesSiunitx(writing) ? ["\\usepackage{siunitx}"] : []),
  ];
}

function headingsOf({ heads, values }: Grid): string[] {
  return [...heads, ...values].map(({ heading }) => heading);
}

function textsOf({ title, rows }: Grid["sections"][number]): string[] {
  return [title ?? "", ...rows.flatMap(({ heads, cells }) => [...heads, ...cells.map(({ text }) => text)])];
}

function write(table: TableContent, way: Fitted, options: LatexOptions, words: Words): string {
  const lines = way.floats.flatMap((blocks, at) => writeFloat(table, way, options, words, blocks, at));
  return [...table.provenance.map((text) => `% ${visibleText(text)}`), ...lines, ""].join("\n");
}

function writeFloat(
  table: TableContent,
  way: Fitted,
  options: LatexOptions,
  words: Words,
  blocks: LatexFloat,
  at: number,
): string[] {
  const environment = way.span === "text" ? "table*" : "table";
  const isLast = at === way.floats.length - 1;
  const note = isLast ? words.note(way.spread) : "";
  return [
    `\\begin{${environment}}`,
    "  \\centering",
    ...(at === 0 ? captionLines(table) : continuedLines(table)),
    ...(options.page === undefined ? [] : typeLines(way)),
    ...(usesSiunitx({ ...way, options }) ? [`  ${siunitxSetup(way.spread)}`] : []),
    ...blocks.flatMap((block, b) => [
      ...(b === 0 ? [] : ["  \\par\\medskip"]),
      ...writeBlock({ ...way, options }, block).map((text) => `  ${text}`),
    ]),
    ...(note === "" ? [] : [`  \\par\\smallskip\\parbox{\\linewidth}{\\raggedright ${escapeLatex(note)}}`]),
    `\\end{${environment}}`,
  ];
}

function captionLines({ caption, label }: TableContent): string[] {
  return [
    ...(caption === undefined ? [] : [`  \\caption{${escapeLatex(caption)}}`]),
    ...(label === undefined ? [] : [`  \\label{${label.replace(/[^\w:.-]+/g, "-")}}`]),
  ];
}

/** The same number again, and no further entry in a list of tables. */
function continuedLines({ caption }: TableContent): string[] {
  return caption === undefined ? [] : ["  \\addtocounter{table}{-1}", "  \\caption[]{(continued)}"];
}

function typeLines({ sizePt, gapPt }: Fitted): string[] {
  const baseline = Number((leading * sizePt).toFixed(2));
  return [`  \\fontsize{${sizePt}}{${baseline}}\\selectfont`, `  \\setlength{\\tabcolsep}{${gapPt}pt}`];
}

/** Spreads as asked for by the digits, bold where it is said, thousands as elsewhere in our tables. */
function siunitxSetup(spread: Spread): string {
  return `\\sisetup{separate-uncertainty=${spread === "separate"}, detect-weight, group-digits=integer, group-separator={,}, group-minimum-digits=5}`;
}

function heightOfFloat(blocks: LatexFloat): number {
  return blocks.reduce((sum, { heightPt }) => sum + heightPt, 0);
}

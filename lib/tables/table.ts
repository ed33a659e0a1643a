import { InvalidArgumentError, jupyterDisplay, type MimeData } from "../core";
import { renderCsv } from "./csv";
import { renderHtml } from "./html";
import { toLatex } from "./latex";
import type { LatexOptions } from "./latex-options";
import { isNumeric } from "./layout";
import { renderMarkdown } from "./markdown";
import { plainRows } from "./plain-rows";
import type { TableColumn, TableContent, TableOptions, TableRow } from "./content";
import { renderText } from "./text";

/** One table, for every format it may be needed in. A value: rows and columns as given, never changed. */
export class Table implements TableContent {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly caption: string | undefined;
  readonly label: string | undefined;
  readonly provenance: readonly string[];
  readonly note: string | undefined;
  readonly legend: readonly string[];
  readonly heads: readonly string[];
  readonly groupBy: readonly string[];
  readonly references: readonly number[];
  readonly compareWithin: readonly string[];
  readonly uncompared: readonly number[];

  /**
   * Lists, dates, big integers and other objects in rows become text (see `plainRows`).
   *
   * @throws InvalidArgumentError when two columns share a key, or a field holds what no table can show
   */
  constructor(options: TableOptions) {
    this.rows = plainRows(options.rows);
    this.columns = options.columns ?? Object.keys(this.rows[0] ?? {}).map((key) => ({ key }));
    this.caption = options.caption;
    this.label = options.label;
    this.provenance = options.provenance ?? [];
    this.note = options.note;
    this.legend = options.legend ?? [];
    this.heads = options.heads ?? leadingTexts(this.columns, this.rows);
    this.groupBy = options.groupBy ?? [];
    this.references = options.references ?? [];
    this.compareWithin = options.compareWithin ?? [];
    this.uncompared = options.uncompared ?? [];
    const keys = this.columns.map((column) => column.key);
    const twice = keys.find((key, i) => keys.indexOf(key) !== i);
    if (twice !== undefined) throw new InvalidArgumentError(`two columns have the key "${twice}"`, { where: "table" });
  }

  /**
   * Aligned columns; what rows in succession share stands once.
   *
   * @param styled whether best and second best are bold and underlined, by terminal codes. Default: false
   * @param width of the window, in characters: a wider table is split into blocks of columns, each with the columns
   *   that name its rows. Default: unlimited
   */
  toText(styled = false, width = Infinity): string {
    return renderText(this, styled, width);
  }

  /** GitHub's Markdown; best bold, second best underlined. */
  toMarkdown(): string {
    return renderMarkdown(this);
  }

  /** RFC 4180, unrounded, a measured value as mean and sd columns; nothing in it is a formula to a spreadsheet. */
  toCsv(): string {
    return renderCsv(this);
  }

  /** An HTML table, at most as wide as its place and scrolled inside; every string escaped. */
  toHtml(): string {
    return renderHtml(this, true);
  }

  /** The text of `toLatex(table, options)`, which also names the packages that it needs and whether it fits. */
  toLatex(options: LatexOptions = {}): string {
    return toLatex(this, options).latex;
  }

  toString(): string {
    return this.toText();
  }

  [jupyterDisplay](): MimeData {
    return { "text/html": renderHtml(this, false), "text/plain": renderText(this, false, Infinity) };
  }
}

/** Keys of the leading columns that hold no numbers; of none where all hold some. */
function leadingTexts(columns: readonly TableColumn[], rows: readonly TableRow[]): string[] {
  const first = columns.findIndex(({ key }) => isNumeric(rows, key));
  return columns.slice(0, Math.max(0, first)).map(({ key }) => key);
}

/**
 * Makes a table.
 *
 * @example
 * table({
 *   columns: [{ key: "method" }, { key: "auc", label: "AUC", better: "higher" }],
 *   rows: [
 *     { method: "Original", auc: { mean: 0.7, sd: 0.01, n: 5 } },
 *     { method: "IFRU", auc: { mean: 0.72, sd: 0.02, n: 5 } },
 *   ],
 * });
 */
export function table(options: TableOptions): Table {
  return new Table(options);
}

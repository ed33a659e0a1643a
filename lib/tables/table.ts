import { InvalidArgumentError, jupyterDisplay, type MimeData } from "../core";
import { renderCsv } from "./csv";
import { renderHtml } from "./html";
import { renderLatex } from "./latex";
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
    this.compareWithin = options.compareWithin ?? [];
    this.uncompared = options.uncompared ?? [];
    const keys = this.columns.map((column) => column.key);
    const twice = keys.find((key, i) => keys.indexOf(key) !== i);
    if (twice !== undefined) throw new InvalidArgumentError(`two columns have the key "${twice}"`, { where: "table" });
  }

  /**
   * Aligned columns.
   *
   * @param styled whether best and second best are bold and underlined, by terminal codes. Default: false
   */
  toText(styled = false): string {
    return renderText(this, styled);
  }

  /** GitHub's Markdown; best bold, second best underlined. */
  toMarkdown(): string {
    return renderMarkdown(this);
  }

  /** RFC 4180, unrounded, a measured value as mean and sd columns; nothing in it is a formula to a spreadsheet. */
  toCsv(): string {
    return renderCsv(this);
  }

  /** An HTML table; every string escaped. */
  toHtml(): string {
    return renderHtml(this, true);
  }

  /**
   * A LaTeX `table` with booktabs rules, for a document that loads the package booktabs; best bold, second best
   * underlined.
   */
  toLatex(): string {
    return renderLatex(this);
  }

  toString(): string {
    return this.toText();
  }

  [jupyterDisplay](): MimeData {
    return { "text/html": renderHtml(this, false), "text/plain": renderText(this, false) };
  }
}

/** Makes a table. */
export function table(options: TableOptions): Table {
  return new Table(options);
}

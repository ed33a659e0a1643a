import { InvalidArgumentError, jupyterDisplay, type MimeData } from "../core";
import { renderCsv } from "./csv";
import { renderHtml } from "./html";
import { renderLatex } from "./latex";
import { renderMarkdown } from "./markdown";
import { renderText } from "./text";

/** A value measured several times: its mean, how far the measurements spread, and what a test said about it. */
export interface Measured {
  readonly mean: number | null;
  /** Standard deviation, or `null` for a single measurement. */
  readonly sd?: number | null;
  /** How many measurements. */
  readonly n?: number;
  /** Set behind the value, such as `"*"` for a significant difference. */
  readonly mark?: string;
}

/** What a field of a table may hold; `null` is "undefined here" and shows as a dash. */
export type TableValue = string | number | boolean | null | Measured;

export type TableRow = Readonly<Record<string, TableValue>>;

/** How numbers of a column are written. `percent` multiplies by 100 and adds the sign. */
export type NumberFormat =
  { readonly decimals: number } | { readonly significant: number } | { readonly percent: number };

export interface TableColumn {
  /** The field of a row. */
  readonly key: string;
  /** The heading. Default: the key. */
  readonly label?: string;
  /** The unit, shown with the heading, such as `"s"`. Default: none. */
  readonly unit?: string;
  /** Default: whole numbers as they are, others with 4 significant digits. */
  readonly format?: NumberFormat;
  /** Default: right for a column of numbers, else left. */
  readonly align?: "left" | "center" | "right";
  /** Which end is better; set it and the best value is shown bold, the second best underlined. Default: neither. */
  readonly better?: "higher" | "lower";
}

export interface TableOptions {
  /** In the order shown. Default: the fields of the first row. */
  readonly columns?: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly caption?: string;
  /** The name LaTeX refers to it by, such as `"tab:ifru-accuracy"`. */
  readonly label?: string;
  /** How it was made; written as a comment where a format has comments, one line each. */
  readonly provenance?: readonly string[];
  /** A line under the table in a terminal and a notebook; no other format has it, nor any exported file. Default: none. */
  readonly note?: string;
  /** Best and second best are looked for among rows that agree in these columns. Default: among all rows. */
  readonly compareWithin?: readonly string[];
  /** Numbers of rows that are shown but not compared, such as an upper bound's. Default: none. */
  readonly uncompared?: readonly number[];
}

/** One table, for every format it may be needed in. A value: rows and columns as given, never changed. */
export class Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly caption: string | undefined;
  readonly label: string | undefined;
  readonly provenance: readonly string[];
  readonly note: string | undefined;
  readonly compareWithin: readonly string[];
  readonly uncompared: readonly number[];

  /** @throws InvalidArgumentError when two columns share a key */
  constructor(options: TableOptions) {
    this.rows = options.rows;
    this.columns = options.columns ?? Object.keys(options.rows[0] ?? {}).map((key) => ({ key }));
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

  /** A LaTeX `table` with booktabs rules, for a document that loads the package booktabs; best bold, second best underlined. */
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

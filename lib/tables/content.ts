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

export function isMeasured(value: TableValue | undefined): value is Measured {
  return typeof value === "object" && value !== null;
}

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
  /**
   * Which end is better, or `nearest` to the value of the reference row (`TableOptions.references`). Set it, and the
   * best value is shown bold, the second best underlined. Default: none.
   */
  readonly better?: "higher" | "lower" | "nearest";
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
  /**
   * A line under the table in a terminal and a notebook; no other format has it, nor any exported file. Default: none.
   */
  readonly note?: string;
  /** What marks mean, sentence by sentence; behind the caption, in LaTeX under the table. Default: none. */
  readonly legend?: readonly string[];
  /**
   * Keys of the leading columns that name a row; where a table is split into blocks, each has them. Default: of those
   * that hold no numbers.
   */
  readonly heads?: readonly string[];
  /** Keys of leading columns that write a value once for all rows in succession that share it. Default: none. */
  readonly groupBy?: readonly string[];
  /** Numbers of rows whose values the others aim at, one in each group of compared rows. Default: none. */
  readonly references?: readonly number[];
  /** Best and second best are looked for among rows that agree in these columns. Default: among all rows. */
  readonly compareWithin?: readonly string[];
  /** Numbers of rows that are shown but not compared, such as an upper bound's. Default: none. */
  readonly uncompared?: readonly number[];
}

/** The options of a table with every default in its place: what the formats write. */
export interface TableContent {
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
}

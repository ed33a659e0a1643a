/**
 * A page as a table sees it. Lengths are TeX points: 1/72.27 of an inch. A venue knows its own: this area knows none.
 */
export interface LatexPage {
  /** Width of a column; of the text where there is one column. */
  readonly columnPt: number;
  /** Width of the text. */
  readonly textPt: number;
  /** Height of the text: what a float on a page of its own may take. */
  readonly heightPt: number;
  /** Size of the body's type, such as 10. */
  readonly bodyPt: number;
  /** The smallest type that the venue allows in a table, such as 7. */
  readonly smallestPt: number;
  /**
   * The body's typeface: `serif` is Computer Modern (and Latin Modern), `times` Times, `libertine` Linux Libertine,
   * `sans` Helvetica. Default: `serif`, the widest of them.
   */
  readonly family?: LatexFamily;
}

export type LatexFamily = "serif" | "times" | "libertine" | "sans";

/** How a table becomes LaTeX. Without a page everything is written as it is asked for, and nothing is measured. */
export interface LatexOptions {
  /** What the table has to fit on. Default: not known; `fit` then means `column`, `rows` and `separate`. */
  readonly page?: LatexPage;
  /** `column` is the environment `table`, `text` is `table*`; `fit` the first that is wide enough. Default: `fit`. */
  readonly span?: "column" | "text" | "fit";
  /**
   * `rows` as on screen; `sub-tables` one below the other for each value of the first grouped column; `transposed` with
   * a column for each method and a row for each metric. `fit`: the first of the three that fits. Default: `fit`.
   */
  readonly layout?: "rows" | "transposed" | "sub-tables" | "fit";
  /** `siunitx` sets numbers in `S` columns, `plain` with LaTeX alone and real minus signs. Default: `plain`. */
  readonly numbers?: "siunitx" | "plain";
  /**
   * `noise`: as many decimals as show two significant digits of a value's standard deviation; a value without one has
   * its column's. A number: so many decimals everywhere. Default: `noise`.
   */
  readonly decimals?: "noise" | number;
  /**
   * `separate` is 0.52 ± 0.03, `parentheses` is 0.52(3), `none` the mean alone. `fit`: separate if it fits, else in
   * parentheses, which the note explains. Default: `fit`.
   */
  readonly spread?: "separate" | "parentheses" | "none" | "fit";
  /** Rules of the package booktabs, else `\hline`. Default: true. */
  readonly booktabs?: boolean;
  /** How a value that rows share is written once: over empty cells, or by the package multirow. Default: `blank`. */
  readonly grouping?: "blank" | "multirow";
  /** Keys or headings of the columns of values to keep. Default: all. */
  readonly metrics?: readonly string[];
  /** Whether headings say by an arrow which end is better. Default: true. */
  readonly arrows?: boolean;
}

/** A table as LaTeX, and what the person who includes it has to know. */
export interface LatexTable {
  readonly latex: string;
  /** What the preamble has to load, a line each, such as `\usepackage{booktabs}`. Empty where plain LaTeX will do. */
  readonly packages: readonly string[];
  /** Whether it is in one float that fits the page, however many blocks; `null` without a page. */
  readonly fits: boolean | null;
  /** What did not fit and what to drop. Empty where all is well. */
  readonly notices: readonly string[];
  readonly span: "column" | "text";
  readonly layout: "rows" | "transposed" | "sub-tables";
  /** Size of the type; `null` is the document's own. */
  readonly sizePt: number | null;
  /** Measured from the widths of glyphs; `null` without a page. */
  readonly widthPt: number | null;
  readonly heightPt: number | null;
}

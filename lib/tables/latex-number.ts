import { visibleText } from "../core";
import { isMeasured, type NumberFormat, type TableValue } from "./content";
import { formatNumber } from "./numbers";

/** How a spread stands beside its mean. */
export type Spread = "separate" | "parentheses" | "none";

/** A number in the parts that are aligned. */
export interface LatexNumber {
  readonly minus: boolean;
  /** Digits before the decimal point, with commas between thousands where there are five and more. */
  readonly whole: string;
  /** Digits behind it; empty for none. */
  readonly fraction: string;
  /** The spread with the same decimals; `null` without one. */
  readonly sd: string | null;
  /** Set behind it, above the line. */
  readonly mark: string;
}

/** A value as a number; `null` where it is not one that digits can write, such as ∞ or one with an exponent. */
export function latexNumber(value: TableValue | undefined, format: NumberFormat | undefined): LatexNumber | null {
  const mean = isMeasured(value) ? value.mean : value;
  if (typeof mean !== "number" || Number.isNaN(mean)) return null;
  const parts = /^(-?)([\d,]+)(?:\.(\d+))?$/.exec(formatNumber(mean, format));
  if (parts === null) return null;
  const own = isMeasured(value) ? value : {};
  const sd = own.sd === undefined || own.sd === null ? null : formatNumber(own.sd, format);
  if (sd !== null && !/^[\d,.]+$/.test(sd)) return null;
  return { minus: parts[1] === "-", whole: parts[2], fraction: parts[3] ?? "", sd, mark: visibleText(own.mark ?? "") };
}

/** The spread in units of the last digit, as in 0.52(3). */
export function lastDigits(sd: string): string {
  return sd.replace(/[.,]/g, "").replace(/^0+(?=\d)/, "");
}

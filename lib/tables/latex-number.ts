import { visibleText } from "../core";
import { isMeasured, type NumberFormat, type TableValue } from "./content";
import { thinSpace } from "./latex-text";
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
  const { sd = null, mark = "" } = isMeasured(value) ? value : { sd: null };
  if (typeof mean !== "number" || Number.isNaN(mean)) return null;
  const parts = /^(-?)([\d,]+)(?:\.(\d+))?$/.exec(formatNumber(mean, format));
  if (parts === null || (sd !== null && !Number.isFinite(sd))) return null;
  const spread = sd === null ? null : formatNumber(sd, { decimals: parts[3]?.length ?? 0 });
  return {
    minus: parts[1] === "-",
    whole: parts[2],
    fraction: parts[3] ?? "",
    sd: spread,
    mark: visibleText(mark),
  };
}

/** The spread in units of the last digit, as in 0.52(3). */
export function lastDigits(sd: string): string {
  return sd.replace(/[.,]/g, "").replace(/^0+(?=\d)/, "");
}

/** A number as text, with a real minus and thin spaces around ±. */
export function numberText(number: LatexNumber, spread: Spread): string {
  return `${number.minus ? "−" : ""}${number.whole}${behindWhole(number, spread)}`;
}

function behindWhole({ fraction, sd }: Pick<LatexNumber, "fraction" | "sd">, spread: Spread): string {
  const point = fraction === "" ? "" : `.${fraction}`;
  if (sd === null || spread === "none") return point;
  return point + (spread === "separate" ? `${thinSpace}±${thinSpace}${sd}` : `(${lastDigits(sd)})`);
}

/** The most that each part of a column's numbers takes, in digits; what they are aligned by. */
export interface NumberShape {
  readonly minus: boolean;
  readonly whole: number;
  readonly fraction: number;
  /** Digits of the spread in units of the last digit; 0 where none is shown. */
  readonly lastDigits: number;
  /** Characters of the spread where it stands apart. */
  readonly sd: number;
  /** Whether any has a mark. */
  readonly marked: boolean;
}

export function shapeOf(numbers: readonly LatexNumber[], spread: Spread): NumberShape {
  const most = (of: (number: LatexNumber) => number) => Math.max(0, ...numbers.map(of));
  return {
    minus: numbers.some(({ minus }) => minus),
    whole: most(({ whole }) => whole.length),
    fraction: most(({ fraction }) => fraction.length),
    lastDigits: spread === "none" ? 0 : most(({ sd }) => (sd === null ? 0 : lastDigits(sd).length)),
    sd: spread === "none" ? 0 : most(({ sd }) => sd?.length ?? 0),
    marked: numbers.some(({ mark }) => mark !== ""),
  };
}

/** What a number lacks behind its decimal point beside the widest of its column, as text of that width. */
export function paddingOf({ fraction, sd }: LatexNumber, shape: NumberShape, spread: Spread): string {
  const zeros = (count: number) => "0".repeat(Math.max(0, count));
  const point = fraction === "" && shape.fraction > 0 ? "." : "";
  const short = zeros(shape.fraction - fraction.length);
  if (shape.sd === 0) return point + short;
  if (spread === "parentheses")
    return (
      point + short + (sd === null ? `(${zeros(shape.lastDigits)})` : zeros(shape.lastDigits - lastDigits(sd).length))
    );
  const apart = `${thinSpace}±${thinSpace}.`;
  return point + short + (sd === null ? apart + zeros(shape.sd - 1) : zeros(shape.sd - sd.length));
}

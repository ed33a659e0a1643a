import { isMeasured, type NumberFormat, type TableValue } from "./content";

/** What stands for a value that is undefined. */
export const absent = "–";

/** The number behind a value, or `null`. */
export function numberOf(value: TableValue | undefined): number | null {
  const number = isMeasured(value) ? value.mean : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : null;
}

/** A number in a column's format; without one, whole numbers as they are and others with 4 significant digits. */
export function formatNumber(value: number, format: NumberFormat | undefined): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? absent : value > 0 ? "∞" : "-∞";
  if (format === undefined) return Number.isInteger(value) ? grouped(String(value)) : significant(value, 4);
  if ("decimals" in format) return grouped(fixed(value, format.decimals));
  if ("percent" in format) return `${fixed(100 * value, format.percent)} %`;
  return significant(value, format.significant);
}

/** So many decimals; what rounds to zero has no sign. */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** Plain notation between 0.0001 and 10^9, scientific outside. */
function significant(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(digits - 1);
  const rounded = Number(value.toPrecision(digits));
  const decimals = rounded === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return grouped(fixed(rounded, decimals));
}

/** Thousands from 10,000 on, with commas. */
function grouped(digits: string): string {
  return /^-?\d{5}/.test(digits) ? digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",") : digits;
}

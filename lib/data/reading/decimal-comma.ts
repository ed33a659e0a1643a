import { InvalidDataError } from "../../core";
import type { ReadSettings } from "./read-options";
import { spelled } from "./spelling";

const comma = 0x2c;
const point = 0x2e;

/** What stands before decimals, and what sets thousands apart. */
export interface Decimals {
  readonly comma: boolean;
  /** Whether the other of comma and point sets thousands apart in some numbers. */
  readonly grouped: boolean;
}

const commaDecimals = /^[+-]?\d*,\d+$/;
/** Thousands set apart beyond doubt: twice, or before decimals. */
const pointGroups = /^[+-]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$/;
const commaGroups = /^[+-]?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,})$/;
/** One mark and three digits: thousands, or decimals. */
const oneComma = /^[+-]?[1-9]\d{0,2},\d{3}$/;
const onePoint = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;

/**
 * How the numbers of some columns are written.
 *
 * @param ratings the column of ratings @param times the column of times, where it holds numbers
 * @throws InvalidDataError where a mark may stand before decimals or set thousands apart
 */
export function findDecimals(
  ratings: readonly string[],
  times: readonly string[],
  chosen: ReadSettings["decimal"],
  where: string,
): Decimals {
  const values = [...ratings, ...times].map((value) => value.trim()).filter((value) => /[.,]/.test(value));
  const some = (pattern: RegExp) => values.some((value) => pattern.test(value));
  if (chosen === "comma") return { comma: true, grouped: values.some((value) => /\.\d{3}/.test(value)) };
  if (chosen === "point") return { comma: false, grouped: values.some((value) => /,\d{3}/.test(value)) };
  if (some(pointGroups) && !some(commaGroups)) return { comma: true, grouped: true };
  if (some(commaGroups) && !some(pointGroups)) return { comma: false, grouped: true };
  const withComma = values.filter((value) => commaDecimals.test(value));
  if (withComma.length > 0 && !withComma.every((value) => oneComma.test(value))) return { comma: true, grouped: false };
  if (withComma.length > 0) throw twoWays(withComma[0], "comma", where);
  const withPoint = [...new Set(ratings.map((value) => value.trim()).filter((value) => value.includes(".")))];
  if (withPoint.length > 1 && withPoint.every((value) => onePoint.test(value)))
    throw twoWays(withPoint[0], "point", where);
  return { comma: false, grouped: false };
}

function twoWays(example: string, mark: "comma" | "point", where: string): InvalidDataError {
  const other = mark === "comma" ? "point" : "comma";
  return new InvalidDataError(`numbers such as ${example} can be read in two ways`, {
    where,
    remedy:
      `choose: the ${mark} comes before decimals, ${spelled({ decimal: mark })}; ` +
      `it sets thousands apart, ${spelled({ decimal: other })}`,
  });
}

/** Writes a point for each comma of a field, in place. */
export function replaceCommas(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) if (bytes[at] === comma) bytes[at] = point;
}

/** A number whose thousands may be set apart, as `Number` reads it; as it is where they are set apart unevenly. */
export function ungrouped(text: string, { comma: isComma }: Decimals): string {
  const plain = text.trim();
  if (isComma)
    return (/^[+-]?\d{1,3}(\.\d{3})+(,\d*)?$/.test(plain) ? plain.replaceAll(".", "") : plain).replace(",", ".");
  return /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
}

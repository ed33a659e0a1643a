import { InvalidDataError } from "../../core";
import type { ReadSettings } from "./read-options";
import { spelled } from "./spelling";

const comma = 0x2c;
const point = 0x2e;

/**
 * Whether the numbers of some columns have a comma before their decimals.
 *
 * @throws InvalidDataError where the comma may as well set thousands apart
 */
export function usesDecimalComma(
  columns: readonly (readonly string[])[],
  chosen: ReadSettings["decimal"],
  where: string,
): boolean {
  if (chosen !== "auto") return chosen === "comma";
  const withComma = columns.flat().filter((value) => /^ *[+-]?\d*,\d+ *$/.test(value));
  if (withComma.length === 0) return false;
  if (!withComma.every((value) => /^ *[+-]?[1-9]\d{0,2},\d{3} *$/.test(value))) return true;
  throw new InvalidDataError(`numbers such as ${withComma[0].trim()} can be read in two ways`, {
    where,
    remedy: `if the comma comes before decimals, ${spelled({ decimal: "comma" })}; if it sets thousands apart, remove it`,
  });
}

/** Writes a point for each comma of a field, in place. */
export function replaceCommas(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) if (bytes[at] === comma) bytes[at] = point;
}

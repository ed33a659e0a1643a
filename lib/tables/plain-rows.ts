import { InvalidArgumentError } from "../core";
import type { Measured, TableRow, TableValue } from "./content";

/**
 * Rows whose fields are all values of a table. Rows often come from JSON or a database and hold more than their type
 * says: a list of plain values becomes its parts with commas, a date ISO 8601, a big integer its digits, another object
 * its JSON.
 *
 * @throws InvalidArgumentError for a function, a symbol, an invalid date, or an object that JSON cannot hold, with row
 *   and column
 */
export function plainRows(rows: readonly TableRow[]): readonly TableRow[] {
  const isPlain = rows.every((row) => Object.values(row).every((value: unknown) => isTableValue(value)));
  if (isPlain) return rows;
  return rows.map((row, index) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]: [string, unknown]) => [
        key,
        isTableValue(value) ? value : asText(value, key, index),
      ]),
    ),
  );
}

function isTableValue(value: unknown): value is TableValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return true;
  return isMeasured(value);
}

function isMeasured(value: unknown): value is Measured {
  if (typeof value !== "object" || value === null || !("mean" in value)) return false;
  return value.mean === null || typeof value.mean === "number";
}

function asText(value: unknown, column: string, row: number): TableValue {
  if (value === undefined) return null;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date && Number.isFinite(value.getTime())) return value.toISOString();
  if (Array.isArray(value) && value.every((part) => typeof part !== "object" && typeof part !== "function"))
    return value.map(String).join(", ");
  const text = value instanceof Date ? undefined : jsonOf(value);
  if (text !== undefined) return text;
  throw new InvalidArgumentError(
    `a table cannot show a value of type ${value instanceof Date ? "invalid date" : typeof value}`,
    {
      where: `row ${row + 1}, column "${column}"`,
      remedy: "make it a text or a number first",
    },
  );
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
  } catch {
    return undefined; // it holds itself
  }
}

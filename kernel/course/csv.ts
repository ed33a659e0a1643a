import { visibleText } from "recsys-unlearning/core";

/**
 * A table as CSV (RFC 4180). Spreadsheets take a text for a formula that begins with `=`, `+`, `-` or `@`, wherever it
 * came from: such a text gets an apostrophe before it. Characters that a terminal would obey are spelt out.
 */
export function csvText(rows: readonly (readonly (string | number | null)[])[], delimiter: "," | ";" = ","): string {
  return rows.map((row) => `${row.map(csvCell).join(delimiter)}\r\n`).join("");
}

function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = harmless(value);
  return /[",\n\r;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text as a table has it. */
export function harmless(value: string): string {
  const text = visibleText(value);
  return /^\s*[=+\-@|%]/.test(text) ? `'${text}` : text;
}

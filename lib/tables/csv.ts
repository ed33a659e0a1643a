import { visibleText } from "../core";
import { isMeasured, type TableColumn, type TableContent, type TableValue } from "./content";
import { headingOf } from "./layout";

/** Unrounded values; a measured column becomes `<heading>`, `<heading> sd` and, where counted, `<heading> n`. */
export function renderCsv(table: TableContent): string {
  const fields = table.columns.flatMap((column) => partsOf(table, column));
  const lines = [
    fields.map(({ heading }) => quoted(heading)),
    ...table.rows.map((row) => fields.map(({ column, part }) => quoted(part(row[column.key])))),
  ];
  return lines.map((line) => line.join(",") + "\r\n").join("");
}

interface Part {
  readonly heading: string;
  readonly column: TableColumn;
  part(value: TableValue | undefined): string;
}

function partsOf(table: TableContent, column: TableColumn): Part[] {
  const heading = headingOf(column);
  const measured = table.rows.map((row) => row[column.key]).filter(isMeasured);
  if (measured.length === 0) return [{ heading, column, part: asText }];
  const parts: Part[] = [{ heading, column, part: (value) => asText(isMeasured(value) ? value.mean : value) }];
  const add = (name: "sd" | "n" | "mark") => {
    if (measured.some((value) => value[name] !== undefined))
      parts.push({
        heading: `${heading} ${name}`,
        column,
        part: (value) => asText(isMeasured(value) ? value[name] : null),
      });
  };
  add("sd");
  add("n");
  add("mark");
  return parts;
}

function asText(value: Exclude<TableValue, object> | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** What a spreadsheet may take for the start of a formula (CWE-1236), full-width forms included. */
const formulaStart = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$|^-?Infinity$/i;

/** One field: line breaks and tabs kept, other control characters spelt out, a formula turned into text. */
function quoted(text: string): string {
  const visible = text.replace(/[^\t\r\n]+/g, visibleText);
  const harmless = formulaStart.test(visible) && !number.test(visible) ? `'${visible}` : visible;
  return /[",\r\n\t]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}

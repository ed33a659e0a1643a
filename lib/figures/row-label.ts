import { methodLabel, type OptionColumn, type Parts, type SummaryRow, type View } from "../experiments";

/** The value that a row has for a column's option. */
export const valueOf = (row: SummaryRow, column: OptionColumn | undefined) =>
  column && row.options[column.of][column.option];

/**
 * A method's name; of further rows of that name, what they have changed, behind the name where other methods have such
 * rows, too.
 *
 * @example
 * const { summary, view } = (await experiment("ifru-ablation")).result;
 * const labels = summary.rows.map((row) => rowLabel(row, summary.rows, view, builtInParts)); // such as "hessian plain"
 */
export function rowLabel(row: SummaryRow, rows: readonly SummaryRow[], view: View, parts: Parts): string {
  const changed = changesOf(row, rows, view, parts);
  if (changed === "") return methodLabel(row, parts);
  const others = rows.filter((other) => methodLabel(other, parts) !== methodLabel(row, parts));
  return others.some((other) => changesOf(other, rows, view, parts) !== "")
    ? `${methodLabel(row, parts)}, ${changed}`
    : changed;
}

/** What a row has changed since the first of its method's name; empty for the first. */
function changesOf(row: SummaryRow, rows: readonly SummaryRow[], { columns = [] }: View, parts: Parts): string {
  const first = rows.find((other) => methodLabel(other, parts) === methodLabel(row, parts)) ?? row;
  return columns
    .filter((column) => column.of === "method" && valueOf(row, column) !== valueOf(first, column))
    .map((column) => `${column.label ?? column.option} ${valueInWords(valueOf(row, column), column)}`)
    .join(", ");
}

function valueInWords(value: unknown, { format }: OptionColumn): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" && format !== undefined && "percent" in format ? `${100 * value} %` : String(value);
}

import { parse } from "csv-parse/sync";
import { didYouMean, InvalidDataError } from "../../core";
import { readText } from "./raw-ids";

/** How a file says what items are. */
export interface AttributeColumns {
  /** The column of the items' ids, by name, or by position from 0. Default: the first. */
  readonly item?: string | number;
  /** The column that says what they are. Default: the last. */
  readonly attribute?: string | number;
  /** What stands between fields. Default: a tab where the first line holds one, else `,`, `;` or `|` likewise. */
  readonly delimiter?: string;
  /** What stands between several values of one item, such as `"|"`. Default: nothing, a field is one value. */
  readonly separator?: string;
  /** Whether the first line names the columns. Default: it does. */
  readonly header?: boolean;
}

/** Values by the dataset's own item ids: what items are, or what they are called. */
export type ItemAttributes = ReadonlyMap<string, readonly string[]>;

const delimiters = ["\t", ",", ";", "|"];

/**
 * What items are (genres, categories, a sensitive topic) or are called, from a file with one line an item (CSV with
 * quotes, TSV). Names of columns are compared as they stand, a RecBole type such as `:token` left away.
 *
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError for a column that is not there, a line of another width, or an item that stands twice with
 *   different values
 * @example
 * const genres = await readItemAttributes("movies.csv", { attribute: "genres", separator: "|" });
 */
export async function readItemAttributes(path: string, columns: AttributeColumns = {}): Promise<ItemAttributes> {
  const text = await readText(path);
  const [firstLine] = text.split(/\r?\n/, 1);
  const delimiter = columns.delimiter ?? delimiters.find((one) => firstLine.includes(one)) ?? ",";
  const records = recordsOf(text, delimiter, path);
  const [names, lines] = columns.header === false ? [null, records] : [records[0].map(plainName), records.slice(1)];
  const width = records[0].length;
  const itemAt = position(columns.item ?? 0, names, width, path);
  const valueAt = position(columns.attribute ?? width - 1, names, width, path);
  const found = new Map<string, readonly string[]>();
  for (const line of lines) {
    const values = valuesOf(line[valueAt], columns.separator);
    const before = found.get(line[itemAt]);
    if (before !== undefined && before.join("\n") !== values.join("\n"))
      throw new InvalidDataError(`item ${JSON.stringify(line[itemAt])} stands twice with different values`, {
        where: path,
        remedy: "keep one line an item",
      });
    found.set(line[itemAt], values);
  }
  return found;
}

function recordsOf(text: string, delimiter: string, path: string): string[][] {
  try {
    const records = parse(text, { delimiter, bom: true, skip_empty_lines: true, relax_quotes: delimiter === "\t" });
    if (records.length > 0) return records;
  } catch (cause) {
    throw new InvalidDataError((cause as Error).message, { where: path, remedy: "give the delimiter", cause });
  }
  throw new InvalidDataError("the file is empty", { where: path, remedy: "write one line an item" });
}

const plainName = (name: string): string => name.trim().replace(/:(token|token_seq|float|float_seq)$/, "");

function position(choice: string | number, names: readonly string[] | null, width: number, path: string): number {
  if (typeof choice === "number") {
    if (Number.isInteger(choice) && choice >= 0 && choice < width) return choice;
    throw new InvalidDataError(`there is no column ${choice}`, { where: path, remedy: `give 0 to ${width - 1}` });
  }
  const at = names?.indexOf(choice) ?? -1;
  if (at >= 0) return at;
  const remedy = names === null ? "without a header give positions from 0" : didYouMean(choice, names);
  throw new InvalidDataError(`there is no column ${JSON.stringify(choice)}`, { where: path, remedy });
}

function valuesOf(field: string, separator: string | undefined): string[] {
  const values = separator === undefined ? [field] : field.split(separator);
  return values.map((value) => value.trim()).filter((value) => value !== "");
}

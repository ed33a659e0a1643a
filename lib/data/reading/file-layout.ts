import { didYouMean, InvalidDataError, InvalidOptionError } from "../../core";

/** Where a column is: its name in the header, its position from 0, or `null` for a column that is to be ignored. */
export type ColumnChoice = string | number | null;

/** How to read a file of interactions. What is left out is found from the file's first line. */
export interface ReadOptions {
  /** What stands between fields. Default: of tab, `::`, `;`, `|`, `,` and blank the first that the first line holds. */
  delimiter?: string;
  /** Whether the first line names the columns. Default: it does unless one of its fields is a number. */
  header?: boolean;
  /** Which columns hold what. Default: by the usual names, else the first four. */
  columns?: { user?: ColumnChoice; item?: ColumnChoice; rating?: ColumnChoice; time?: ColumnChoice };
  /** Default `"utf-8"`; `"latin1"` is ISO 8859-1. */
  encoding?: "utf-8" | "latin1";
  /** Whether a malformed row ends the reading with an error (default) or is dropped and counted. */
  badRows?: "error" | "drop";
  /** Default `"seconds"`. */
  timeUnit?: "seconds" | "milliseconds";
  /** The member of a zip archive to read. Default: its only file. */
  member?: string;
}

/** The layout of one file, once its first line is known. */
export interface FileLayout {
  readonly delimiter: string;
  readonly header: boolean;
  readonly fieldCount: number;
  /** Positions from 0; -1 where the file has no such column. */
  readonly user: number;
  readonly item: number;
  readonly rating: number;
  readonly time: number;
}

type Role = "user" | "item" | "rating" | "time";
const roles: readonly Role[] = ["user", "item", "rating", "time"];

/** The usual names of each column, compared without case, `-`, `_` and the `:type` of RecBole's headers. */
const usualNames: Readonly<Record<Role, readonly string[]>> = {
  user: ["user", "userid", "uid", "reviewerid", "sessionid", "session"],
  item: ["item", "itemid", "iid", "movieid", "asin", "parentasin", "isbn", "productid", "bookid"],
  rating: ["rating", "overall", "bookrating", "score", "label", "stars"],
  time: ["timestamp", "time", "unixreviewtime", "ts"],
};

const delimiters = ["\t", "::", ";", "|", ",", " "];

/**
 * What `ReadOptions` leaves open, read from the first line.
 *
 * @throws InvalidDataError when user or item cannot be told
 */
export function layoutOf(firstLine: string, options: ReadOptions, where: string): FileLayout {
  if (firstLine.includes("\r"))
    throw new InvalidDataError("the lines end in lone carriage returns", {
      where: `${where}:1`,
      remedy: "convert the file: tr '\\r' '\\n'",
    });
  const delimiter = options.delimiter ?? delimiters.find((candidate) => firstLine.includes(candidate));
  if (delimiter === undefined || delimiter === "")
    throw new InvalidDataError("the first line has only one field", {
      where: `${where}:1`,
      remedy: `give the delimiter, such as { delimiter: "," }`,
    });
  const fields = firstLine.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
  const header = options.header ?? fields.every((field) => field === "" || Number.isNaN(Number(field)));
  const names = header ? fields : null;
  const column = (role: Role) => positionOf(role, options.columns?.[role], names, fields.length, where);
  const layout = { delimiter, header, fieldCount: fields.length };
  const [user, item, rating, time] = roles.map(column);
  for (const [role, position] of [["user", user] as const, ["item", item] as const])
    if (position < 0)
      throw new InvalidDataError(`no ${role} column`, {
        where: `${where}:1`,
        remedy: `name it, such as { columns: { ${role}: ${JSON.stringify(names?.[0] ?? 0)} } }; the first line is ${fields
          .slice(0, 12)
          .map((field) => JSON.stringify(field.slice(0, 40)))
          .join(", ")}`,
      });
  return { ...layout, user, item, rating, time };
}

function positionOf(
  role: Role,
  choice: ColumnChoice | undefined,
  names: readonly string[] | null,
  fieldCount: number,
  where: string,
): number {
  if (choice === null) return -1;
  if (typeof choice === "number") return position(choice, role, fieldCount, where);
  if (names === null) {
    if (choice !== undefined)
      throw new InvalidOptionError(`the ${role} column is named "${choice}", but the file has no header`, {
        where,
        remedy: "give its position from 0, or header: true",
      });
    const usual = roles.indexOf(role);
    return usual < fieldCount ? usual : -1;
  }
  const wanted = choice === undefined ? usualNames[role] : [plain(choice)];
  const found = names.flatMap((name, index) => (wanted.includes(plain(name)) ? [index] : []));
  if (found.length > 1)
    throw new InvalidDataError(
      `columns ${found.map((index) => `"${names[index]}"`).join(" and ")} both name the ${role}`,
      {
        where: `${where}:1`,
        remedy: `choose one by position: { columns: { ${role}: ${found[0]} } }`,
      },
    );
  if (found.length === 0 && choice !== undefined)
    throw new InvalidOptionError(`no column "${choice}" for the ${role}`, { where, remedy: didYouMean(choice, names) });
  return found[0] ?? -1;
}

function position(choice: number, role: Role, fieldCount: number, where: string): number {
  if (Number.isInteger(choice) && choice >= 0 && choice < fieldCount) return choice;
  throw new InvalidOptionError(`the ${role} column is ${choice}, but lines have ${fieldCount} fields`, {
    where,
    remedy: `give a position from 0 to ${fieldCount - 1}`,
  });
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/:(token|float|token_seq|float_seq)$/, "")
    .replace(/[-_ ]/g, "");
}

import { splitLoosely } from "./find-delimiter";
import type { LineReader } from "./line-parser";
import type { RowCollector } from "./row-collector";

/** What a table of ratings, a line for each user and a column for each item, has beside ratings. */
export interface MatrixLayout {
  readonly delimiter: string;
  /** The names of the items; `null` where they are numbered from 1. */
  readonly items: readonly string[] | null;
  /** Whether the first field is the user; else users are numbered from 1. */
  readonly hasUsers: boolean;
  /** Fields to skip after the user: 1 for Jester's, which begin with a count. */
  readonly skipFields: number;
  /** What means that there is no rating, beside an empty field. */
  readonly missing: ReadonlySet<number>;
}

const empty = /^(|na|nan|null|none|\?|-)$/i;

/** The lines of a matrix of ratings. */
export function matrixLines({ delimiter, items, hasUsers, skipFields, missing }: MatrixLayout): LineReader {
  let user = 0;
  let width = items?.length;
  return (line, number, rows) => {
    const fields = splitLoosely(line, delimiter).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
    const name = hasUsers ? fields.shift()! : String(user + 1);
    user++;
    const ratings = fields.slice(skipFields);
    width ??= ratings.length;
    if (ratings.length !== width)
      return rows.faults.add(`a line of ${ratings.length} ratings where the first has ${width}`, number);
    ratings.forEach((text, k) => addRating(text, items?.[k] ?? String(k + 1), name, number, rows, missing));
  };
}

function addRating(
  text: string,
  item: string,
  user: string,
  line: number,
  rows: RowCollector,
  missing: ReadonlySet<number>,
): void {
  if (empty.test(text)) return rows.countLeftOut("an empty cell");
  const label = Number(text);
  if (missing.has(label)) return rows.countLeftOut(`rated ${label}, which means no rating`);
  if (Number.isNaN(label)) return rows.faults.add("a rating that is not a finite number", line);
  rows.add(user, item, label, NaN, line);
}

/** What a matrix has beside ratings, found from its first lines. */
export function matrixLayout(
  lines: readonly string[],
  delimiter: string,
  isJester: boolean,
  missing: readonly number[],
): { layout: MatrixLayout; hasHeader: boolean } {
  const first = splitLoosely(lines[0], delimiter).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
  const hasHeader = first.some((field) => !empty.test(field) && Number.isNaN(Number(field)));
  const rows = lines.slice(hasHeader ? 1 : 0).map((line) => splitLoosely(line, delimiter));
  const named = hasHeader && /^(|user|users|userid|user_id|uid|id)$/i.test(first[0]);
  const hasUsers =
    named || rows.some(([name]) => name !== undefined && !empty.test(name.trim()) && Number.isNaN(Number(name)));
  const isShort = hasHeader && rows.length > 0 && rows[0].length === first.length + 1;
  return {
    hasHeader,
    layout: {
      delimiter,
      items: hasHeader ? (hasUsers && !isShort ? first.slice(1) : first) : null,
      hasUsers: hasUsers || isShort,
      skipFields: isJester ? 1 : 0,
      missing: new Set(missing),
    },
  };
}

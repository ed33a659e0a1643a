import { InvalidDataError } from "../../core";
import { looksLikeTimes } from "./column-times";
import { spelled } from "./spelling";

/** Positions of the columns of a file without a header; -1 for none. */
export interface Positions {
  user: number;
  item: number;
  rating: number;
  time: number;
}

const isNumber = (text: string) => text.trim() === "" || /^ *[+-]?(\d+[.,]?\d*|\.\d+)([eE][+-]?\d+)? *$/.test(text);

/**
 * The columns of a file without a header: user, item, rating and time, in this order, held against what is in them.
 *
 * @param columns the fields of a sample, by column
 * @throws InvalidDataError when the content does not fit, with the columns that would
 */
export function headerlessColumns(columns: readonly (readonly string[])[], where: string): Positions {
  if (columns.length < 2) return { user: 0, item: -1, rating: -1, time: -1 };
  const times = columns.flatMap((values, k) => (k > 0 && looksLikeTimes(values) ? [k] : []));
  if (times.includes(1)) throw unusualOrder(columns, times, "the second column holds times, not items", where);
  if (columns.length === 2) return { user: 0, item: 1, rating: -1, time: -1 };
  const [third, fourth] = [columns[2], columns[3] as readonly string[] | undefined];
  if (times.includes(2)) {
    if (fourth === undefined) return { user: 0, item: 1, rating: -1, time: 2 };
    throw unusualOrder(columns, times, "the third column holds times, not ratings", where);
  }
  if (!third.every(isNumber)) throw unusualOrder(columns, times, "the third column holds no ratings", where);
  if (looksLikeIds(third, columns[1]))
    throw unusualOrder(columns, times, "the third column holds numbers too large for ratings", where);
  if (fourth === undefined || !fourth.some((value) => value.trim() !== ""))
    return { user: 0, item: 1, rating: 2, time: fourth === undefined ? -1 : 3 };
  if (times.includes(3)) return { user: 0, item: 1, rating: 2, time: 3 };
  if (!fourth.every(isNumber)) return { user: 0, item: 1, rating: 2, time: -1 };
  throw new InvalidDataError(
    `the fourth column (${shown(fourth)}) may be times or not: its numbers are no moments after 1980`,
    {
      where,
      remedy: `choose: seconds that order the rows, ${spelled({ columns: { time: 3 } })}; no times, ${spelled({ columns: { time: null } })}`,
    },
  );
}

/** Whether whole numbers are as large as no rating is. */
function looksLikeIds(values: readonly string[], items: readonly string[]): boolean {
  const numbers = values.filter((value) => value.trim() !== "").map(Number);
  return numbers.length > 0 && items.length > 0 && numbers.every((value) => Number.isInteger(value) && value >= 1e5);
}

function unusualOrder(
  columns: readonly (readonly string[])[],
  times: readonly number[],
  problem: string,
  where: string,
): InvalidDataError {
  const items = columns.flatMap((_, k) => (k > 0 && !times.includes(k) ? [k] : []));
  const numbers = items.slice(1).filter((k) => columns[k].every(isNumber));
  const time = times.length > 0 ? times[0] : null;
  const choices = [null, ...numbers]
    .slice(0, 3)
    .map((rating) => spelled({ columns: { user: 0, item: items[0] ?? 1, rating, time } }));
  const seen = columns.slice(0, 8).map((values, k) => `${k}: ${shown(values)}`);
  return new InvalidDataError(`${problem}, and there is no header`, {
    where,
    remedy:
      `name the columns from 0, such as ${choices.join(" or ")}, or the format, such as ` +
      `${spelled({ format: lookalike(columns.length, times) })}; the columns are ${seen.join("; ")}`,
  });
}

function shown(values: readonly string[]): string {
  const some = values.slice(0, 3).map((value) => value.slice(0, 30).replace(/\s+/g, " "));
  return some.join(", ") + (values.length > 3 ? ", …" : "");
}

/** The named format that has as many columns and times where these are. */
function lookalike(width: number, times: readonly number[]): "yoochoose" | "lastfm" | "steam" {
  if (width === 6) return "lastfm";
  if (times.includes(1)) return "yoochoose";
  return width === 4 && times.length === 0 ? "lastfm" : "steam";
}

import { InvalidDataError } from "../../core";
import { looksLikeTimes } from "./column-times";
import { ratingWordsOf } from "./rating-words";
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
  requireUsersFirst(columns, where);
  const times = columns.flatMap((values, k) => (k > 0 && looksLikeTimes(values) ? [k] : []));
  if (times.includes(1)) throw unusualOrder(columns, times, "the second column holds times, not items", where);
  if (columns.length > 2 && isConstant(columns[1]))
    throw unusualOrder(columns, times, "the second column, where items are, is the same in all rows", where);
  if (columns.length === 2) return { user: 0, item: 1, rating: -1, time: -1 };
  const [third, fourth] = [columns[2], columns[3] as readonly string[] | undefined];
  if (times.includes(2)) {
    if (fourth === undefined) return { user: 0, item: 1, rating: -1, time: 2 };
    throw unusualOrder(columns, times, "the third column holds times, not ratings", where);
  }
  if (!third.every(isNumber) && ratingWordsOf(third) === undefined)
    throw unusualOrder(columns, times, "the third column holds no ratings", where);
  if (dependsOn(third, columns[1]))
    throw unusualOrder(columns, times, "the third column is the same for all rows of an item, as a category is", where);
  if (looksLikeIds(third, columns[1]) || (isWords(fourth) && third.some((value) => Number(value) > 100)))
    throw unusualOrder(columns, times, "the third column holds numbers too large for ratings", where);
  if (fourth === undefined || !fourth.some((value) => value.trim() !== ""))
    return { user: 0, item: 1, rating: 2, time: fourth === undefined ? -1 : 3 };
  if (times.includes(3)) return { user: 0, item: 1, rating: 2, time: 3 };
  if (!fourth.every(isNumber)) return { user: 0, item: 1, rating: 2, time: -1 };
  if (columns.length > 4)
    throw unusualOrder(columns, times, "the fourth column holds no times, and there are more than four", where);
  throw new InvalidDataError(
    `the fourth column (${shown(fourth)}) may be times or not: its numbers are no moments after 1980`,
    {
      where,
      remedy: `choose: seconds that order the rows, ${spelled({ columns: { time: 3 } })}; no times, ${spelled({ columns: { time: null } })}`,
    },
  );
}

/** Whether a column is one that TREC's judgements and runs have: 0 or Q0 in every row. */
const isConstant = (values: readonly string[]) =>
  values.length > 0 && values.every((value) => /^Q?0$/.test(value)) && new Set(values).size === 1;

/** Whether a column holds neither numbers nor times. */
const isWords = (values: readonly string[] | undefined) =>
  values !== undefined && values.some((value) => !isNumber(value)) && !looksLikeTimes(values);

/** Whether whole numbers are as large as no rating is. */
function looksLikeIds(values: readonly string[], items: readonly string[]): boolean {
  const numbers = values.filter((value) => value.trim() !== "").map(Number);
  return numbers.length > 0 && items.length > 0 && numbers.every((value) => Number.isInteger(value) && value >= 1e5);
}

/** Whether whole numbers, some beyond the usual scales, are told by the item: at least ten rows repeat theirs. */
function dependsOn(values: readonly string[], items: readonly string[]): boolean {
  const numbers = values.map(Number);
  if (!numbers.every(Number.isInteger) || !numbers.some((value) => value > 10) || new Set(numbers).size < 3)
    return false;
  const ofItem = new Map<string, number>();
  for (const [row, item] of items.entries()) {
    if ((ofItem.get(item) ?? numbers[row]) !== numbers[row]) return false;
    ofItem.set(item, numbers[row]);
  }
  return items.length - ofItem.size >= 10;
}

/** Refuses Amazon's products before its reviewers: user and item would be swapped. */
function requireUsersFirst([first, second]: readonly (readonly string[])[], where: string): void {
  const areProducts = first.length > 0 && first.every((id) => /^(B0[0-9A-Z]{8}|\d{9}[\dX])$/.test(id));
  if (!areProducts || !second.every((id) => /^A[0-9A-Z]{9,20}$/.test(id))) return;
  throw new InvalidDataError("the first column holds products of Amazon and the second its reviewers", {
    where,
    remedy:
      `choose: ${spelled({ columns: { user: 1, item: 0, rating: 2, time: 3 } })}; ` +
      `or as they stand, ${spelled({ columns: { user: 0, item: 1, rating: 2, time: 3 } })}`,
  });
}

function unusualOrder(
  columns: readonly (readonly string[])[],
  times: readonly number[],
  problem: string,
  where: string,
): InvalidDataError {
  const items = columns.flatMap((_, k) => (k > 0 && !times.includes(k) ? [k] : []));
  const isItem = (k: number) => !columns[k].every(isFraction) && !isConstant(columns[k]);
  const item = items.find(isItem) ?? items[0] ?? 1;
  const numbers = items.filter(
    (k) => k > item && (columns[k].every(isNumber) || ratingWordsOf(columns[k]) !== undefined),
  );
  const time = times.length > 0 ? times[0] : null;
  const format = lookalike(columns, times);
  const choices = [null, ...numbers].slice(0, 3).map((rating) => spelled({ columns: { user: 0, item, rating, time } }));
  const seen = columns.slice(0, 8).map((values, k) => `${k}: ${shown(values)}`);
  return new InvalidDataError(`${problem}, and there is no header`, {
    where,
    remedy:
      `name the columns from 0, such as ${choices.join(" or ")}` +
      (format === undefined ? "" : `, or the format, such as ${spelled({ format })}`) +
      `; the columns are ${seen.join("; ")}`,
  });
}

function shown(values: readonly string[]): string {
  const some = values.slice(0, 3).map((value) => value.slice(0, 30).replace(/\s+/g, " "));
  return some.join(", ") + (values.length > 3 ? ", …" : "");
}

/** Whether a text is a number with a point or a minus, as coordinates have and ids have not. */
const isFraction = (text: string) => isNumber(text) && /[.,-]/.test(text);

/** The named format that has such columns, and times where these are. */
function lookalike(
  columns: readonly (readonly string[])[],
  times: readonly number[],
): "yoochoose" | "lastfm" | "steam" | undefined {
  const width = columns.length;
  if (times.includes(1) && width === 6) return "lastfm";
  if (width < 3) return undefined;
  if (times.includes(1)) return width < 6 && !columns[2].every(isFraction) ? "yoochoose" : undefined;
  if (times.length > 0) return undefined;
  if (width === 4) return "lastfm";
  return columns[2].every((value) => /^(play|purchase)$/.test(value)) ? "steam" : undefined;
}

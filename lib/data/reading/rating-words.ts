/** How a column writes ratings that are no plain numbers. */
export interface RatingWords {
  /** The rating that a text spells; NaN where it spells none. */
  readonly read: (text: string) => number;
  /** What is said of it. */
  readonly meaning: string;
}

const number = /^ *[+-]?(\d+[.,]?\d*|\.\d+)([eE][+-]?\d+)? *$/;
const decorated = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)) ?(\/ ?\d+(?:\.0+)?|% *|[Ss]tars?|★|[Pp]oints?|out of \d+)$/;
const truths: readonly (readonly [string, string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["t", "f"],
  ["y", "n"],
  ["like", "dislike"],
  ["liked", "disliked"],
  ["positive", "negative"],
  ["👍", "👎"],
];

/**
 * How a sample of a column writes ratings, where it is not in plain numbers: `true` and `false`, `4/5`, `4.5 stars`,
 * `80%`, `★★★`. All of them have to be written alike; else `undefined`.
 */
export function ratingWordsOf(values: readonly string[]): RatingWords | undefined {
  const given = [...new Set(values.map((value) => value.trim()))].filter((value) => value !== "");
  if (given.length === 0 || given.every((value) => number.test(value))) return undefined;
  return truthOf(given) ?? decorationOf(given) ?? starsOf(given);
}

function truthOf(given: readonly string[]): RatingWords | undefined {
  const pair = truths.find((words) => given.every((value) => words.includes(value.toLowerCase())));
  if (pair === undefined) return undefined;
  const [yes, no] = pair;
  const read = (text: string) => [no, yes].indexOf(text.trim().toLowerCase());
  return { read: (text) => (read(text) < 0 ? NaN : read(text)), meaning: `${yes} is 1, ${no} is 0` };
}

/** What follows a number, as it is compared: `star` and `stars` are alike. */
const endOf = (text: string) => text.replace(/ /g, "").toLowerCase().replace(/s$/, "");

function decorationOf(given: readonly string[]): RatingWords | undefined {
  const [first] = given.map((value) => decorated.exec(value));
  if (first === null) return undefined;
  const ending = endOf(first[2]);
  const read = (text: string) => {
    const parts = decorated.exec(text.trim());
    return parts !== null && endOf(parts[2]) === ending ? Number(parts[1]) : NaN;
  };
  if (given.some((value) => Number.isNaN(read(value)))) return undefined;
  return { read, meaning: `${JSON.stringify(first[0])} is ${Number(first[1])}` };
}

function starsOf(given: readonly string[]): RatingWords | undefined {
  const read = (text: string) =>
    /^(★+☆*|☆+|⭐+)$/u.test(text.trim()) ? [...text.trim()].filter((one) => one !== "☆").length : NaN;
  return given.some((value) => Number.isNaN(read(value))) ? undefined : { read, meaning: "the number of stars" };
}

/**
 * Whether a column without a usual name may hold ratings: two to eleven different numbers from -10 to 10, or `true` and
 * `false`, and no name of what is counted or numbered.
 */
export function mayBeRatings(name: string, values: readonly string[]): boolean {
  if (
    /^$|^unnamed|id$|index|page|time|count|order|pos|rank|hour|day|month|week|year|age$|gender|sex|price|qty|quantity/i.test(
      name,
    )
  )
    return false;
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  const words = ratingWordsOf(given);
  const numbers = new Set(
    given.map((value) => words?.read(value) ?? (number.test(value) ? Number(value.replace(",", ".")) : NaN)),
  );
  return numbers.size > 1 && numbers.size <= 11 && [...numbers].every((value) => Math.abs(value) <= 10);
}

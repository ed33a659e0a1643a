import { InvalidDataError } from "../../core";
import { dateOf, hasShortYear, hasZone } from "./dates";
import { spelled } from "./spelling";
import type { ReadSettings } from "./read-options";

/** What the times of a file are. */
export type TimeUnit = Exclude<ReadSettings["timeUnit"], "auto">;

/** How many of each unit of numbers make a second. */
export const perSecond: Readonly<Record<string, number>> = {
  seconds: 1,
  milliseconds: 1e3,
  microseconds: 1e6,
  nanoseconds: 1e9,
};

/** From here on, a number is no time in seconds: it would be the year 5138. */
const secondsEnd = 1e11;
/** The earliest second that a number of a column without a name is taken for: 1980. */
const firstLikely = 3.15e8;
/** The latest: 2033. Ids of ten digits are mostly larger. */
const lastLikely = 2e9;

const isNumber = (text: string) => /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$/.test(text);
const dayMonth = /^(\d{1,2})[-/. ](\d{1,2}),?[-/. ]+\d{4}/;

/** What a sample of a column of times is written in; `null` where nothing in it is a time. */
export function timeUnitOf(values: readonly string[], column: string, where: string): TimeUnit | null {
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  if (given.length === 0) return null;
  const most = (test: (value: string) => boolean) => given.filter(test).length > given.length / 2;
  if (most((value) => /^(19|20)\d{6}(\d{6})?$/.test(value) && !Number.isNaN(dateOf(value, "dates")))) return "dates";
  if (most(isNumber)) return evenUnit(given.filter(isNumber).map(Number), column, where);
  if (most((value) => !Number.isNaN(dateOf(value, "dates")))) return "dates";
  return most((value) => dayMonth.test(value)) ? dayOrMonthFirst(given, column, where) : null;
}

/** The unit of a column of times. @throws InvalidDataError where most of it are no times */
export function requireTimeUnit(values: readonly string[], column: string, where: string): TimeUnit {
  const unit = timeUnitOf(values, column, where);
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  if (unit !== null || given.length < 2) return unit ?? "seconds";
  const shortYears = given.every((value) => /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}( |$)/.test(value));
  const orders = [{ timeUnit: "day-first" }, { timeUnit: "month-first" }] as const;
  throw new InvalidDataError(`the times of ${column}, such as ${given[0].slice(0, 40)}, are in no form that is read`, {
    where,
    remedy:
      (shortYears ? `say which comes first, and the year last: ${orders.map(spelled).join(" or ")}; ` : "") +
      `write them as 2019-03-04 10:30:00, or name another column, or none: ${spelled({ columns: { time: null } })}`,
  });
}

/** The unit of some numbers. @throws InvalidDataError when some are plainly of another */
function evenUnit(numbers: readonly number[], column: string, where: string): TimeUnit {
  const unit = unitOfNumbers(numbers);
  const other = numbers.find((one) => Math.abs(one) >= firstLikely && unitOfNumbers([one]) !== unit);
  if (other === undefined) return unit;
  const found = unitOfNumbers([other]);
  throw new InvalidDataError(`the times of ${column} are in two units: most in ${unit}, ${other} in ${found}`, {
    where,
    remedy: `write them in one, or take all as one: ${spelled({ timeUnit: unit })} or ${spelled({ timeUnit: found })}`,
  });
}

function unitOfNumbers(numbers: readonly number[]): TimeUnit {
  const middle = Math.abs([...numbers].sort((a, b) => a - b)[numbers.length >> 1]);
  return (
    (["seconds", "milliseconds", "microseconds"] as const).find((unit) => middle < secondsEnd * perSecond[unit]) ??
    "nanoseconds"
  );
}

function dayOrMonthFirst(values: readonly string[], column: string, where: string): TimeUnit {
  const pairs = values.flatMap((value) => {
    const parts = dayMonth.exec(value);
    return parts === null ? [] : [[Number(parts[1]), Number(parts[2])] as const];
  });
  const [dayFirst, monthFirst] = [pairs.some(([first]) => first > 12), pairs.some(([, second]) => second > 12)];
  if (dayFirst !== monthFirst) return dayFirst ? "day-first" : "month-first";
  throw new InvalidDataError(`the dates of ${column}, such as ${values[0]}, can be read in two ways`, {
    where,
    remedy: `choose: the day first, ${spelled({ timeUnit: "day-first" })}, or the month, ${spelled({ timeUnit: "month-first" })}`,
  });
}

/** Whether a text has what a date has and a number has not. */
const isMarked = (text: string) => /[-/:A-Za-z]|^\d+\.\d+\.\d/.test(text);

/** Whether a column whose name tells nothing holds times: dates, or numbers that are moments after 1980. */
export function looksLikeTimes(values: readonly string[]): boolean {
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  if (given.length === 0) return false;
  if (given.every((value) => isMarked(value) && (dayMonth.test(value) || !Number.isNaN(dateOf(value, "dates")))))
    return true;
  if (given.every((value) => /^(19|20)\d{6}(\d{6})?$/.test(value) && !Number.isNaN(dateOf(value, "dates"))))
    return true;
  if (!given.every((value) => /^\d{9,20}(\.\d+)?$/.test(value))) return false;
  const unit = unitOfNumbers(given.map(Number));
  return given.every((value) => {
    const seconds = Number(value) / perSecond[unit];
    return seconds >= firstLikely && seconds < lastLikely;
  });
}

/** The unit in words, with what is assumed. */
export function timesInWords(unit: TimeUnit, values: readonly string[]): string {
  if (unit === "seconds" && values.every((value) => Math.abs(Number(value)) < firstLikely))
    return "numbers before 1980, taken as seconds since 1970: an order rather than dates";
  if (unit in perSecond)
    return `${unit} since 1970${values.some((value) => Number(value || 1) === 0) ? ", some of them 0: 1970, or no time at all" : ""}`;
  const given = values.filter((value) => value.trim() !== "");
  const zoned = given.filter(hasZone).length;
  const order = unit === "dates" ? "dates" : `dates, the ${unit === "day-first" ? "day" : "month"} first`;
  const years = given.some(hasShortYear) ? `${order}, years of two digits taken as 1969 to 2068` : order;
  return zoned === given.length ? years : `${years}, ${zoned > 0 ? "some " : ""}without a zone: taken as UTC`;
}

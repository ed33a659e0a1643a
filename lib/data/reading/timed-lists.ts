import { looksLikeTimes, perSecond, type TimeUnit, timeUnitOf } from "./column-times";
import type { LineReader } from "./line-parser";

/** An item and its time, as `10:1600000000`. */
const timedItem = /^([^\s:,|@]+)[:,|@](\d{9,19}(?:\.\d+)?)$/;
/** An item and its rating, as `10:4.5`. */
const ratedItem = /^([^\s:,;|]+):(-?\d+(?:\.\d+)?)$/;
const wordsOf = (line: string) => line.trim().split(/\s+/);

/** Lines of items with their times. */
export interface TimedLists {
  readonly unit: TimeUnit;
  /** Whether the first word of a line is the session; else it is the line's number. */
  readonly hasSessions: boolean;
}

/** How lines such as `10:1600000000 12:1600000031` are read, perhaps with a session first; `undefined` for others. */
export function findTimedLists(lines: readonly string[], where: string): TimedLists | undefined {
  const words = lines.map(wordsOf);
  const hasSessions = words.every(([first]) => !timedItem.test(first));
  const events = words.map((line) => line.slice(hasSessions ? 1 : 0).map((word) => timedItem.exec(word)?.[2] ?? ""));
  const times = events.flat();
  if (!events.some(({ length }) => length > 1) || !times.every((time) => time !== "") || !looksLikeTimes(times))
    return undefined;
  return { unit: timeUnitOf(times, "the items", where) ?? "seconds", hasSessions };
}

/** Lines of items with their times. */
export function timedListLines({ unit, hasSessions }: TimedLists): LineReader {
  return (line, number, rows) => {
    const words = wordsOf(line);
    const session = hasSessions ? words.shift()! : String(number);
    for (const word of words) {
      const parts = timedItem.exec(word);
      if (parts === null) rows.faults.add("an item without its time", number);
      else rows.add(session, parts[1], NaN, Number(parts[2]) / perSecond[unit], number);
    }
  };
}

/** Whether lines are a user and items with ratings, as `7 10:4.5 12:3`. So are LIBSVM's, which mean something else. */
export function areRatedLists(lines: readonly string[]): boolean {
  const words = lines.map(wordsOf);
  return (
    words.length > 1 &&
    words.some(({ length }) => length > 1) &&
    words.every(([user, ...items]) => /^[^:,;|]+$/.test(user) && items.every((item) => ratedItem.test(item)))
  );
}

/** Lines of a user and items with ratings. */
export const ratedListLines: LineReader = (line, number, rows) => {
  const [user, ...items] = wordsOf(line);
  if (items.length === 0) return rows.countLeftOut("a user without items");
  for (const item of items) {
    const parts = ratedItem.exec(item);
    if (parts === null) rows.faults.add("an item without its rating", number);
    else rows.add(user, parts[1], Number(parts[2]), NaN, number);
  }
};

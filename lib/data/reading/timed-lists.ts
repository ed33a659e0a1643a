import { looksLikeTimes, perSecond, type TimeUnit, timeUnitOf } from "./column-times";
import type { LineReader } from "./line-parser";

/** An item and its time, as `10:1600000000`. */
const event = /^([^\s:,|@]+)[:,|@](\d{9,19}(?:\.\d+)?)$/;
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
  const hasSessions = words.every(([first]) => !event.test(first));
  const times = words.flatMap((line) => line.slice(hasSessions ? 1 : 0).map((word) => event.exec(word)?.[2] ?? ""));
  if (times.length === 0 || !times.every((time) => time !== "") || !looksLikeTimes(times)) return undefined;
  return { unit: timeUnitOf(times, "the items", where) ?? "seconds", hasSessions };
}

/** Lines of items with their times. */
export function timedListLines({ unit, hasSessions }: TimedLists): LineReader {
  return (line, number, rows) => {
    const words = wordsOf(line);
    const session = hasSessions ? words.shift()! : String(number);
    for (const word of words) {
      const parts = event.exec(word);
      if (parts === null) rows.faults.add("an item without its time", number);
      else rows.add(session, parts[1], NaN, Number(parts[2]) / perSecond[unit], number);
    }
  };
}

import { dateOf } from "./dates";
import type { LineReader } from "./line-parser";

/** Whether a line is one of MIND's behaviors.tsv. */
export function looksLikeMind(line: string): boolean {
  return /^\d+\t[^\t]+\t\d{1,2}\/\d{1,2}\/\d{4} [^\t]*\t[^\t]*\tN\d+(-[01])?( |\r?$)/.test(line);
}

/** MIND's impressions: number, user, time, history and what was shown, `N1-1` where it was clicked, else `N1-0`. */
export const mindLines: LineReader = (line, number, rows) => {
  const fields = line.split("\t");
  if (fields.length !== 5) return rows.faults.add(`a row of ${fields.length} fields where behaviors have 5`, number);
  const [, user, moment, , shown] = fields;
  const time = dateOf(moment, "month-first");
  if (Number.isNaN(time)) return rows.faults.add("a time that is no date", number);
  for (const impression of shown.trim().split(" ")) {
    const parts = /^(.+)-([01])$/.exec(impression);
    if (parts === null) rows.countLeftOut("an impression that does not say whether it was clicked");
    else rows.add(user, parts[1], Number(parts[2]), time, number);
  }
};

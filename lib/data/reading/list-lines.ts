import { splitLoosely } from "./find-delimiter";
import type { LineReader } from "./line-parser";

/** Lines of a user and their items, as LightGCN, NGCF and RecEraser have them; a user alone has no row. */
export function adjacencyLines(delimiter: string): LineReader {
  return (line, number, rows) => {
    const [user, ...items] = splitLoosely(line.trim(), delimiter).filter((field) => field !== "");
    if (items.length === 0) return rows.countLeftOut("a user without items");
    for (const item of items) rows.add(user, item, NaN, NaN, number);
  };
}

/** Whether lines are sequences as SPMF has them: sets of items end in -1, sequences in -2. */
export function looksLikeSpmf(lines: readonly string[]): boolean {
  return lines.length > 0 && lines.every((line) => / -1 -2\s*$/.test(line));
}

/**
 * Lines of the items of one session each, in order; tabs count as blanks. The session is the line's number.
 *
 * @param isSpmf whether -1 and -2 are marks
 */
export function sequenceLines(delimiter: string, isSpmf = false): LineReader {
  return (line, number, rows) => {
    const words = splitLoosely(line.trim(), delimiter).filter((field) => field !== "");
    const items = isSpmf ? words.filter((word) => word !== "-1" && word !== "-2") : words;
    for (const item of items) rows.add(String(number), item, NaN, NaN, number);
  };
}

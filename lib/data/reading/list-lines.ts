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

/** Lines of the items of one session each, in order; tabs count as blanks. The session is the line's number. */
export function sequenceLines(delimiter: string): LineReader {
  return (line, number, rows) => {
    const items = splitLoosely(line.trim(), delimiter).filter((field) => field !== "");
    for (const item of items) rows.add(String(number), item, NaN, NaN, number);
  };
}

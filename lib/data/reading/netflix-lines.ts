import { dateOf } from "./dates";
import type { LineReader } from "./line-parser";

/** Whether a file begins as the Netflix Prize's do: an item's number and a colon, then its rows. */
export function looksLikeNetflix(lines: readonly string[]): boolean {
  return /^\d+:\s*$/.test(lines[0] ?? "") && /^\d+(,|\s*$)/.test(lines[1] ?? "0");
}

/** The Netflix Prize's files: `item:`, then lines of user, rating and date (probe: user; qualifying: user and date). */
export function netflixLines(): LineReader {
  let item: string | undefined;
  return (line, number, rows) => {
    const head = /^(\d+):\s*$/.exec(line);
    if (head !== null) {
      item = head[1];
      return;
    }
    if (item === undefined) return rows.faults.add("a rating before the first item", number);
    const fields = line.split(",").map((field) => field.trim());
    const [user, rating, date] = fields.length === 2 ? [fields[0], "", fields[1]] : fields;
    const time = date === undefined ? NaN : dateOf(date, "dates");
    if (fields.length > 3) return rows.faults.add(`a row of ${fields.length} fields`, number);
    if (date !== undefined && Number.isNaN(time)) return rows.faults.add("a time that is no date", number);
    const label = rating === undefined || rating === "" ? NaN : Number(rating);
    if (rating !== undefined && rating !== "" && Number.isNaN(label))
      return rows.faults.add("a rating that is not a finite number", number);
    rows.add(user, item, label, time, number);
  };
}

import type { ReadSettings } from "./read-options";
import type { Quoting } from "./record-scanner";
import type { Sample } from "./sample";

/** Formats with these delimiters are mostly written without quotes: a stray one is then part of the text. */
const plainDelimiters = ["\t", "::", " "];

/**
 * What quotes mean in a file. As CSV has them, unless that breaks rows that another reading does not break: a backslash
 * before quotes, or, where tabs or blanks stand between fields, quotes that are plain characters.
 */
export function findQuoting(
  sample: Sample,
  skip: number,
  delimiter: string,
  chosen: ReadSettings["quote"],
  isRunOfBlanks: boolean,
): Quoting {
  if (chosen !== "auto") return chosen;
  if (!sample.lines.some((line) => line.includes('"'))) return "doubled";
  const breaks = (quoting: Quoting) => sample.records(skip, delimiter, quoting).some(({ broken }) => broken);
  if (!breaks("doubled")) return "doubled";
  if (sample.lines.some((line) => line.includes('\\"')) && !breaks("backslash")) return "backslash";
  return (isRunOfBlanks || plainDelimiters.includes(delimiter)) && isEven(sample, skip, delimiter) ? "none" : "doubled";
}

/** Whether all rows have as many fields where quotes are plain characters. */
function isEven(sample: Sample, skip: number, delimiter: string): boolean {
  const records = sample.records(skip, delimiter, "none");
  return records.every(({ fields }) => fields.length === records[0].fields.length);
}

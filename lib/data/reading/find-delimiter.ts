import { InvalidDataError } from "../../core";
import { spelled } from "./spelling";

/** The word for runs of blanks and tabs. */
export const blanks = "blanks";

const candidates = ["\t", "::", "\u0001", " | ", " ; ", " , ", "; ", ", ", ";", "|", ",", " ", blanks] as const;

/** How a delimiter splits some lines. */
interface Splitting {
  readonly delimiter: string;
  /** Where it first stands in the first line. */
  readonly firstAt: number;
  /** The most frequent number of fields, and its share of the lines. */
  readonly fieldCount: number;
  readonly share: number;
}

/** A delimiter as people name it. */
export function delimiterInWords(delimiter: string): string {
  const names: Readonly<Record<string, string>> = { "\t": "tab", " ": "one blank", [blanks]: "runs of blanks" };
  return names[delimiter] ?? JSON.stringify(delimiter);
}

/** The fields of a line, quotes respected loosely: what stands between two of them is not split. */
export function splitLoosely(line: string, delimiter: string): string[] {
  if (delimiter === blanks) return line.trim().split(/[ \t]+/);
  const quoted = line.includes('"') && (line.split('"').length & 1) === 1;
  if (!quoted) return line.split(delimiter);
  const kept = line.split('"').map((part, k) => ((k & 1) === 1 ? part.split(delimiter).join("\0") : part));
  return kept
    .join('"')
    .split(delimiter)
    .map((field) => field.replaceAll("\0", delimiter));
}

/**
 * What stands between the fields of some lines.
 *
 * Of those that split (nearly) all lines into as many fields, it is the one that comes first in them: the others are
 * then inside a field. Tabs hardly ever are, so they come before all others.
 *
 * @returns `undefined` where nothing splits the first line
 * @throws InvalidDataError when two fit
 */
export function findDelimiter(lines: readonly string[], where: string): string | undefined {
  const present = candidates.map((delimiter) => splitting(lines, delimiter)).filter(({ fieldCount }) => fieldCount > 1);
  if (present.length === 0) return undefined;
  const best = present.reduce((most, { share }) => Math.max(most, share), 0);
  const even = present.filter(({ share }) => share >= Math.min(0.9, best));
  const tab = even.find(({ delimiter }) => delimiter === "\t");
  if (tab !== undefined) {
    requireNoLists(lines, where);
    return tab.delimiter;
  }
  const isBlank = ({ delimiter }: Splitting) => delimiter === " " || delimiter === blanks;
  const firm = even.filter((one) => !isBlank(one) && !(even.some(isBlank) && isDecimalComma(lines, one.delimiter)));
  const chosen = firm.length > 0 ? firm : even.filter(isBlank);
  const first = chosen.reduce((least, { firstAt }) => Math.min(least, firstAt), Infinity);
  return narrowest(
    lines,
    chosen.filter(({ firstAt }) => firstAt <= first + 1),
  ).delimiter;
}

/** Whether all commas stand inside numbers that blanks set apart. */
function isDecimalComma(lines: readonly string[], delimiter: string): boolean {
  if (delimiter !== ",") return false;
  const tokens = lines.flatMap((line) => splitLoosely(line, blanks).filter((token) => token.includes(",")));
  return tokens.every((token) => /^[+-]?\d+,\d+$/.test(token));
}

/** Of `", "` and `","` the longer where it splits as often; of one blank and runs the one without empty fields. */
function narrowest(lines: readonly string[], even: readonly Splitting[]): Splitting {
  const run = even.find(({ delimiter }) => delimiter === blanks);
  const single = even.find(({ delimiter }) => delimiter === " ");
  const others = even.filter((one) => one !== run && one !== single);
  if (others.length > 0)
    return others.find(({ fieldCount }) => fieldCount === Math.max(...others.map((one) => one.fieldCount)))!;
  if (run === undefined || single === undefined) return (run ?? single)!;
  return lines.some((line) => /^[ \t]| {2}|\t|[ \t]$/.test(line)) ? run : single;
}

function splitting(lines: readonly string[], delimiter: string): Splitting {
  const counts = new Map<number, number>();
  for (const line of lines) {
    const count = splitLoosely(line, delimiter).length;
    counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  const [fieldCount, times] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  const firstAt = delimiter === blanks ? Math.max(0, lines[0].search(/[ \t]/)) : lines[0].indexOf(delimiter);
  return { delimiter, firstAt: firstAt < 0 ? Infinity : firstAt, fieldCount, share: times / lines.length };
}

/** Refuses lines such as `1 1 2<tab>97`: an id with blanks in it, four fields, or a list and its target. */
function requireNoLists(lines: readonly string[], where: string): void {
  const isList = (text: string) => /^\d+([ ,]\d+)+$/.test(text.trim());
  const isNumberOrList = (text: string) => /^\d+([ ,]\d+)*$/.test(text.trim());
  const split = lines.map((line) => line.split("\t"));
  const data = split.length > 1 && !split[0].some((field) => /\d/.test(field)) ? split.slice(1) : split;
  if (split[0] !== data[0]) return; // a header says what the columns are
  if (!data.every((fields) => fields.every(isNumberOrList)) || !data.some((fields) => fields.some(isList))) return;
  const [first] = data;
  throw new InvalidDataError("tabs and blanks both split the lines: two readings fit", {
    where: `${where}:1`,
    remedy:
      `choose: ids with blanks in them (the first is "${first[0]}"), ${spelled({ delimiter: "\t" })}; ` +
      `fields apart by any blanks (the first is "${first[0].split(/[ ,]/)[0]}"), ${spelled({ delimiter: blanks })}; ` +
      `a list and what follows it, one session a line, ${spelled({ format: "sequences" })}`,
  });
}

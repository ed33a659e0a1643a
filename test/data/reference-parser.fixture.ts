import { core } from "recsys-unlearning";
import { perSecond } from "../../lib/data/reading/column-times";
import { type DateOrder, dateOf } from "../../lib/data/reading/dates";
import { type FileLayout, findLayout } from "../../lib/data/reading/file-layout";
import { type ReadOptions, readOptionList } from "../../lib/data/reading/read-options";
import { Sample } from "../../lib/data/reading/sample";

/** One row as the file has it. */
export interface ReferenceRow {
  readonly user: string;
  readonly item: string;
  readonly label: number;
  readonly time: number;
}

/** What a file should be read as: rows, or the line of the error. */
export type ReferenceResult =
  { readonly rows: readonly ReferenceRow[]; readonly dropped: number } | { readonly errorLine: number };

const maxSeconds = 1e11;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The parser's rules once more, on strings and with regular expressions, all at once and slowly: what the fast parser
 * is held against. One character is one byte.
 */
export function referenceParse(bytes: Uint8Array, options: ReadOptions): ReferenceResult {
  const drop = options.badRows === "drop";
  let text = Buffer.from(bytes).toString("latin1");
  text = text.replace(/^\xef\xbb\xbf/, "");
  if (!text.includes("\n") && text.split("\r").length > 2) text = text.replaceAll("\r", "\n");
  let layout: FileLayout;
  try {
    const found = findLayout(
      new Sample(Buffer.from(text, "latin1"), true),
      readOptionList.resolve(options),
      "reference",
    );
    if (found === undefined || /^\s*$/.test(text)) return { errorLine: 0 };
    layout = found as FileLayout;
  } catch (error) {
    if (!(error instanceof core.RecsysError)) throw error;
    return { errorLine: Number(/:(\d+)$/.exec(error.where ?? "")?.[1] ?? 0) };
  }
  if (layout.collapseBlanks) text = text.replace(/[ \t]+/g, " ").replace(/^ | (?=\r?(\n|$))/gm, "");

  const rows: { row: ReferenceRow; line: number }[] = [];
  let dropped = 0;
  let firstBad = 0;
  for (const { fields, line, broken, unclosed } of records(text, layout.delimiter, layout.linesBefore)) {
    if (unclosed) return { errorLine: line };
    const row = broken ? null : fields.length === layout.fieldCount ? rowOf(fields, layout) : null;
    if (!broken && fields.length === 1 && fields[0] === "") continue;
    if (row !== null) rows.push({ row, line });
    else if (!drop) return { errorLine: line };
    else if (dropped++ === 0) firstBad = line;
  }
  if (rows.length === 0) return { errorLine: firstBad };
  const rated = rows.filter(({ row }) => !Number.isNaN(row.label));
  if (rated.length === 0) return { rows: rows.map(({ row }) => ({ ...row, label: 1 })), dropped };
  const unrated = rows.find(({ row }) => Number.isNaN(row.label));
  if (unrated !== undefined && !drop) return { errorLine: unrated.line };
  return { rows: rated.map(({ row }) => row), dropped: dropped + rows.length - rated.length };
}

function* records(text: string, delimiter: string, linesBefore: number) {
  const escaped = delimiter.replace(/[|\\{}()[\]^$+*?.]/g, "\\$&");
  const plain = `(?:(?!${escaped})[^\\n])*`;
  const field = new RegExp(`"((?:[^"]|"")*)"(?!")(${plain})|"([^]*)$|(${plain})`, "y");
  let at = 0;
  let line = 1;
  for (; line <= linesBefore && at < text.length; line++) at = text.indexOf("\n", at) + 1 || text.length;
  while (at < text.length) {
    const fields: string[] = [];
    const start = at;
    let broken = false;
    let unclosed = false;
    for (;;) {
      // A field that begins with a quote is quoted, or its quote is never closed; only others are plain.
      field.lastIndex = at;
      const [whole, quoted, rest, open, bare] = field.exec(text)!;
      at += whole.length;
      const ended = at >= text.length || text[at] === "\n";
      if (open !== undefined) unclosed = true;
      else if (quoted !== undefined) {
        if (rest !== "" && !(rest === "\r" && ended)) broken = true;
        fields.push(quoted.replace(/""/g, '"'));
      } else fields.push(ended ? bare.replace(/\r$/, "") : bare);
      if (ended) break;
      at += delimiter.length;
    }
    yield { fields, line, broken, unclosed };
    at++;
    line += text.slice(start, at).split("\n").length - 1 || 1;
  }
}

/** `null` for a row that breaks a rule. A rating or time that is empty or has no column is NaN. */
function rowOf(
  fields: readonly string[],
  { user, item, rating, time, decimals, timeUnit }: FileLayout,
): ReferenceRow | null {
  const number = (position: number) => {
    const spelt = fields[position] ?? "";
    const text = decimals.comma ? spelt.replaceAll(",", ".") : spelt;
    if (text === "") return NaN;
    return /^[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t]*$/.test(text) ? Number(text) : null;
  };
  const id = (position: number) => {
    const text = fields[position];
    if (text === "" || /[\0\r\n]/.test(text)) return null;
    try {
      return utf8.decode(Buffer.from(text, "latin1"));
    } catch {
      return null; // not UTF-8
    }
  };
  const label = number(rating);
  const seconds =
    timeUnit in perSecond ? scaled(number(time), perSecond[timeUnit]) : date(fields[time] ?? "", timeUnit as DateOrder);
  const row = { user: id(user), item: id(item), label: label === null ? null : Math.fround(label), time: seconds };
  if (row.user === null || row.item === null || row.label === null || row.time === null) return null;
  if (Math.abs(row.label) === Infinity || Math.abs(row.time) > maxSeconds) return null;
  return row as ReferenceRow;
}

const scaled = (value: number | null, parts: number) => (value === null ? null : value / parts);

/** `null` for what is no date, NaN for nothing. */
function date(text: string, order: DateOrder): number | null {
  const seconds = dateOf(text.trim(), order);
  return text === "" ? NaN : Number.isNaN(seconds) ? null : seconds;
}

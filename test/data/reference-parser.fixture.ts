import { layoutOf, type ReadOptions } from "../../lib/data/reading/file-layout";

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
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return { errorLine: 0 };
  text = text.replace(/^\xef\xbb\xbf/, "");
  if (text === "") return { errorLine: 0 };
  const firstLine = new TextDecoder().decode(Buffer.from(/^[^\n]*/.exec(text)![0], "latin1")).replace(/\r$/, "");
  let layout;
  try {
    layout = layoutOf(firstLine, options, "reference");
  } catch {
    return { errorLine: 1 };
  }

  const rows: { row: ReferenceRow; line: number }[] = [];
  let dropped = 0;
  for (const { fields, line, broken, unclosed } of records(text, layout.delimiter, layout.header)) {
    if (unclosed) return { errorLine: line };
    const row = broken ? null : fields.length === layout.fieldCount ? rowOf(fields, layout) : null;
    if (!broken && fields.length === 1 && fields[0] === "") continue;
    if (row !== null) rows.push({ row, line });
    else if (drop) dropped++;
    else return { errorLine: line };
  }
  if (rows.length === 0 && dropped === 0) return { errorLine: 0 };
  const rated = rows.filter(({ row }) => !Number.isNaN(row.label));
  if (rated.length === 0) return { rows: rows.map(({ row }) => ({ ...row, label: 1 })), dropped };
  const unrated = rows.find(({ row }) => Number.isNaN(row.label));
  if (unrated !== undefined && !drop) return { errorLine: unrated.line };
  return { rows: rated.map(({ row }) => row), dropped: dropped + rows.length - rated.length };
}

function* records(text: string, delimiter: string, header: boolean) {
  const escaped = delimiter.replace(/[|\\{}()[\]^$+*?.]/g, "\\$&");
  const plain = `(?:(?!${escaped})[^\\n])*`;
  const field = new RegExp(`"((?:[^"]|"")*)"(?!")(${plain})|"([^]*)$|(${plain})`, "y");
  let at = 0;
  let line = 1;
  if (header) {
    at = text.indexOf("\n") + 1 || text.length;
    line = 2;
  }
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

interface Positions {
  readonly user: number;
  readonly item: number;
  readonly rating: number;
  readonly time: number;
}

/** `null` for a row that breaks a rule. A rating or time that is empty or has no column is NaN. */
function rowOf(fields: readonly string[], { user, item, rating, time }: Positions): ReferenceRow | null {
  const number = (position: number) => {
    const text = fields[position] ?? "";
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
  const seconds = number(time);
  const row = { user: id(user), item: id(item), label: label === null ? null : Math.fround(label), time: seconds };
  if (row.user === null || row.item === null || row.label === null || row.time === null) return null;
  if (Math.abs(row.label) === Infinity || Math.abs(row.time) > maxSeconds) return null;
  return row as ReferenceRow;
}

import { InvalidDataError } from "../../core";
import { BlankCollapser } from "./collapse-blanks";
import { choiceOf, columnInWords, namesUserAndItem, type Role, usualColumn } from "./column-names";
import { looksLikeTimes, type TimeUnit, timesInWords, requireTimeUnit } from "./column-times";
import { blanks, delimiterInWords, findDelimiter, splitLoosely } from "./find-delimiter";
import { fileFormats, formatOfHeader } from "./file-formats";
import { type Columns, columnsInWords, findColumns, unusedInWords } from "./file-columns";
import { findQuoting } from "./find-quoting";
import { dateOf } from "./dates";
import { type Decimals, findDecimals } from "./decimal-comma";
import { isAdjacency } from "./list-shapes";
import { type RatingWords, ratingWordsOf } from "./rating-words";
import type { ReadSettings } from "./read-options";
import type { Quoting } from "./record-scanner";
import type { Sample, SampleRecord } from "./sample";
import { spelled } from "./spelling";

/** What was found of a file, in words, by what it is about. */
export type LayoutFacts = Readonly<Record<string, string>>;

/** The layout of a file of rows. */
export interface FileLayout {
  /** What the scanner splits at; one blank where runs of blanks were made one. */
  readonly delimiter: string;
  readonly collapseBlanks: boolean;
  readonly quoting: Quoting;
  /** Lines before the first row, the header among them. */
  readonly linesBefore: number;
  readonly names: readonly string[] | null;
  readonly fieldCount: number;
  /** Whether the first line has as many fields; else most have. */
  readonly firstIsUsual: boolean;
  /** Positions from 0; -1 where the file has no such column. */
  readonly user: number;
  readonly item: number;
  readonly rating: number;
  readonly time: number;
  readonly event: number;
  readonly decimals: Decimals;
  /** How ratings are written that are no plain numbers. */
  readonly ratingWords: RatingWords | undefined;
  readonly timeUnit: TimeUnit;
  readonly facts: LayoutFacts;
}

/**
 * The layout of a file, found from its beginning and what the options say.
 *
 * @returns `"adjacency"` where lines are lists, `undefined` where there are no lines
 * @throws InvalidDataError when two layouts fit, or when user or item cannot be told
 */
export function findLayout(
  sample: Sample,
  settings: ReadSettings,
  where: string,
): FileLayout | "adjacency" | undefined {
  const start = findStart(sample, settings);
  const lines = sample.linesFrom(start.skip);
  if (lines.length === 0) return undefined;
  if (lines[0].includes("\r"))
    throw new InvalidDataError("a line holds lone carriage returns", {
      where: `${where}:1`,
      remedy: "end lines in line feeds: tr '\\r' '\\n' < FILE > lines.txt",
    });
  const chosen = settings.delimiter !== "" ? settings.delimiter : start.delimiter;
  const delimiter = chosen ?? findDelimiter(lines, where);
  if (delimiter === undefined) throw oneField(where, start.skip + 1, lines[0]);
  const free = settings.format === "auto" && settings.header !== true && Object.keys(settings.columns).length === 0;
  if (free && isAdjacency(lines, delimiter, where)) return "adjacency";
  return rowsLayout(sample, settings, where, delimiter, start);
}

interface Start {
  /** Lines that are left out. */
  readonly skip: number;
  /** Names in a leading comment. */
  readonly names: readonly string[] | null;
  /** What a line `sep=;` says. */
  readonly delimiter?: string | undefined;
  readonly facts: LayoutFacts;
}

/** Leading lines that are no rows: as asked, blank ones, comments, and a spreadsheet's `sep=;`. */
function findStart({ lines }: Sample, { skipLines }: ReadSettings): Start {
  let skip = skipLines;
  while (skip < lines.length && lines[skip].trim() === "") skip++;
  const separator = /^sep=(.)$/i.exec(lines[skip] ?? "");
  if (separator !== null)
    return { skip: skip + 1, names: null, delimiter: separator[1], facts: { skipped: "the line sep=" } };
  const comments = commentCount(lines.slice(skip));
  if (comments <= 0)
    return { skip, names: null, facts: skipLines > 0 ? { skipped: `${skipLines} lines, as asked` } : {} };
  const names = commentedNames(lines[skip + comments - 1], lines[skip + comments]);
  return { skip: skip + comments, names, facts: { skipped: `${comments} leading lines that begin with # or %` } };
}

/** Leading lines that begin with `#` or `%`; Matrix Market's are followed by a line of sizes. */
function commentCount(lines: readonly string[]): number {
  const comments = lines.findIndex((line) => !/^[#%]/.test(line));
  return comments > 0 && /^%%MatrixMarket/i.test(lines[0]) ? comments + 1 : comments;
}

/** The names in a comment just before the first row, where they name user and item and are as many as its fields. */
function commentedNames(comment: string, row = ""): string[] | null {
  const delimiter = findDelimiter([row], "") ?? blanks;
  const names = splitLoosely(comment.replace(/^[#%] */, ""), delimiter).map((name) => name.trim());
  if (names.length !== splitLoosely(row, delimiter).length) return null;
  return usualColumn("user", names, "") >= 0 && usualColumn("item", names, "") >= 0 ? names : null;
}

/** What nobody sees in a name and nobody can type. */
const invisible = /[\u200b-\u200d\u2060\ufeff]/g;

function rowsLayout(given: Sample, settings: ReadSettings, where: string, delimiter: string, start: Start): FileLayout {
  const collapseBlanks = delimiter === blanks;
  const sample = collapseBlanks ? given.mapped((bytes) => new BlankCollapser().push(bytes)) : given;
  const scanned = collapseBlanks ? " " : delimiter;
  const quoting = findQuoting(sample, start.skip, scanned, settings.quote, collapseBlanks);
  const records = sample.records(start.skip, scanned, quoting);
  const [first] = records;
  const place = `${where}:${start.skip + 1}`;
  const hasHeader =
    start.names === null && (settings.header === "auto" ? isHeader(first, records.slice(1)) : settings.header);
  const names = start.names ?? (hasHeader ? first.fields.map((name) => name.replace(invisible, "").trim()) : null);
  const rows = hasHeader ? records.slice(1) : records;
  if ((names ?? first.fields).length < 2) throw oneField(where, start.skip + 1, sample.linesFrom(start.skip)[0]);
  const fieldCount = names === null ? usualWidth(rows) : fieldCountOf(names, rows, place, start.skip);
  const firstIsUsual = first.fields.length === fieldCount;
  const columns = columnsOf(rows, fieldCount);
  const positions = findColumns(settings, names, columns, place);
  if (settings.format === "auto")
    for (const role of ["user", "item"] as const)
      requireNoLists(columns[positions[role]], columnInWords(names, positions[role]), place);
  if (settings.columns.time === undefined) requireWholeTimes(columns, names, positions.time, place);
  const times = positions.time < 0 ? [] : columns[positions.time];
  const timeColumn = columnInWords(names, positions.time);
  const timeUnit = settings.timeUnit === "auto" ? requireTimeUnit(times, timeColumn, place) : settings.timeUnit;
  const ratings = columns[positions.rating] ?? [];
  const numberTimes = /s$/.test(timeUnit) && timeUnit !== "dates" ? times : [];
  const decimals = findDecimals(ratings, numberTimes, settings.decimal, place);
  const ratingWords = ratingWordsOf(ratings);
  const layout = {
    delimiter: scanned,
    collapseBlanks,
    quoting,
    fieldCount,
    decimals,
    ratingWords,
    timeUnit,
    names,
    firstIsUsual,
  };
  const facts = {
    format: "rows of fields",
    ...start.facts,
    delimiter: delimiterInWords(delimiter),
    header: hasHeader ? "yes" : start.names === null ? "no" : "in a comment",
    ...(quoting === "doubled" ? {} : { quotes: quoting === "none" ? "plain characters" : "escaped by a backslash" }),
    ...decimalsInWords(decimals),
    columns: columnsInWords(positions, names),
    ...(times.some((value) => value.trim() !== "") ? { times: timesInWords(timeUnit, times) } : {}),
    ...(ratingWords === undefined ? {} : { labels: ratingWords.meaning }),
    ...unusedInWords(positions, names, columns),
    ...blankEndsInWords(positions, names, columns),
    ...lookalikeInWords(settings, names),
  };
  return { ...layout, ...positions, linesBefore: start.skip + (hasHeader ? 1 : 0), facts };
}

function oneField(where: string, line: number, text: string): InvalidDataError {
  const mark = /[^A-Za-z0-9.\s"_+-]+/.exec(text)?.[0] ?? ",";
  return new InvalidDataError("the first line has only one field", {
    where: `${where}:${line}`,
    remedy:
      `the line is ${JSON.stringify(text.slice(0, 60))}: give the delimiter, such as ${spelled({ delimiter: mark })}, ` +
      `or leave out what comes first, such as ${spelled({ skipLines: line })}`,
  });
}

/** Whether the first line names columns: none of its fields is a number or a date, or comes again in its column. */
function isHeader({ fields }: SampleRecord, rows: readonly SampleRecord[]): boolean {
  if (namesUserAndItem(fields)) return true;
  const isValue = (field: string) =>
    !Number.isNaN(Number(field.replace(",", "."))) || !Number.isNaN(dateOf(field, "dates"));
  const named = fields.findIndex((field) => field.trim() !== "" && !isValue(field.trim()));
  const numbered = (k: number) =>
    rows.filter((row) => row.fields[k]?.trim() !== "").every((row) => isValue(row.fields[k]?.trim() ?? "x"));
  if (rows.length > 1 && named >= 0 && numbered(named)) return true; // a name over numbers: others may be numbers
  if (fields.some((field) => field.trim() !== "" && isValue(field.trim()))) return false;
  return !fields.some((field, k) => field.trim() !== "" && rows.some((row) => row.fields[k] === field));
}

/** As many fields as nearly all rows have, where there is no header; else as the first has. */
function usualWidth(rows: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of rows) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [width, times] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return times >= 0.8 * rows.length ? width : rows[0].fields.length;
}

/**
 * How many fields a row has: as many as the first line, or one more or less where rows end in a delimiter and the first
 * line does not.
 */
function fieldCountOf(first: readonly string[], rows: readonly SampleRecord[], place: string, skip: number): number {
  const other = rows.filter(({ fields }) => fields.length !== first.length);
  if (rows.length === 0 || other.length < rows.length) return first.length;
  const { length } = rows[0].fields;
  const same = rows.every(({ fields }) => fields.length === length);
  if (same && length === first.length + 1 && rows.every(({ fields }) => fields.at(-1) === "")) return length;
  if (same && length === first.length - 1 && first.at(-1) === "") return length;
  if (same && rows.length > 1) throw otherWidth(first, length, place, skip);
  return first.length;
}

function decimalsInWords({ comma, grouped }: Decimals): { readonly decimals?: string } {
  if (!comma && !grouped) return {};
  const thousands = grouped ? `, thousands set apart by a ${comma ? "point" : "comma"}` : "";
  return { decimals: `after a ${comma ? "comma" : "point"}${thousands}` };
}

/** Ids are kept as they stand: blanks around them are said, for nobody sees them. */
function blankEndsInWords(
  positions: Columns,
  names: readonly string[] | null,
  columns: readonly (readonly string[])[],
): { readonly blanks?: string } {
  const words = (["user", "item"] as const).flatMap((role) => {
    const found = columns[positions[role]].find((id) => id !== id.trim());
    return found === undefined ? [] : [`${columnInWords(names, positions[role])} (such as ${JSON.stringify(found)})`];
  });
  return words.length === 0 ? {} : { blanks: `around ids of ${words.join(" and ")}, kept as they stand` };
}

function lookalikeInWords(
  { format: given }: ReadSettings,
  names: readonly string[] | null,
): { readonly hint?: string } {
  const format = given === "auto" ? formatOfHeader(names ?? []) : undefined;
  return format === undefined
    ? {}
    : { hint: `the header is that of ${spelled({ format })}: ${fileFormats[format as "rows"].meaning}` };
}

/** A first line that is not as wide as all others: it lacks the name of row names, or is no part of the table. */
function otherWidth(first: readonly string[], width: number, place: string, skip: number): InvalidDataError {
  const after = (role: Role) => usualColumn(role, first, place) + 1 || null;
  const columns = { user: after("user"), item: after("item"), rating: after("rating"), time: after("time") };
  const hasRowNames = width === first.length + 1 && namesUserAndItem(first);
  return new InvalidDataError(`rows have ${width} fields, and the first line ${first.length}`, {
    where: place,
    remedy: hasRowNames
      ? `if the first field is a row's name: ${spelled({ skipLines: skip + 1, header: false, columns })}`
      : `if the first line is no part of the table: ${spelled({ skipLines: skip + 1 })}`,
  });
}

/** Refuses ids that are lists of numbers. */
function requireNoLists(ids: readonly string[], column: string, place: string): void {
  const isList = (id: string) => /^ *\[.*\] *$/.test(id) || /^\d+( \d+)+$|^\d+(,\d+){2,}$/.test(id.trim());
  const lists = ids.filter(isList);
  if (lists.length === 0 || !ids.every((id) => isList(id) || /^\d+$/.test(id.trim()))) return;
  throw new InvalidDataError(`${column} holds lists, such as ${lists[0].trim().slice(0, 40)}: two readings fit`, {
    where: place,
    remedy:
      `choose: each is one id, ${spelled({ format: "rows" })}; ` +
      `each is the items of a user or session, ${spelled({ format: "lists" })}`,
  });
}

/** Refuses dates with their time of day in another column: half of the moment would be lost. */
function requireWholeTimes(
  columns: readonly (readonly string[])[],
  names: readonly string[] | null,
  time: number,
  place: string,
): void {
  const isClock = (value: string) => /^ *\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? *$/.test(value);
  const areClocks = (k: number) => columns[k] !== undefined && columns[k].length > 0 && columns[k].every(isClock);
  if (time < 0) return;
  const day = areClocks(time) ? columns.findIndex((values, k) => k !== time && looksLikeTimes(values)) : time;
  if (day < 0 || (day === time && !areClocks(time + 1))) return;
  throw new InvalidDataError("the date and the time of day are two columns", {
    where: place,
    remedy: `join them, or take the day alone: ${spelled({ columns: { time: choiceOf(names, day) } })}`,
  });
}

function columnsOf(rows: readonly SampleRecord[], fieldCount: number): string[][] {
  const whole = rows.filter(({ fields, broken }) => fields.length === fieldCount && !broken);
  return Array.from({ length: fieldCount }, (_, k) => whole.map(({ fields }) => fields[k]));
}

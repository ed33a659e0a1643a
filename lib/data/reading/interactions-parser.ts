import { InvalidDataError, InvalidOptionError } from "../../core";
import { type Interactions, rowCount } from "../interactions";
import { BlockParser, looksLikeBlocks } from "./block-parser";
import { plainName } from "./column-names";
import { DelimitedParser } from "./delimited-parser";
import { EncodingEvidence } from "./encoding-evidence";
import { type FileFormat, fileFormats, type FormatKind } from "./file-formats";
import { type FileLayout, findLayout, type LayoutFacts } from "./file-layout";
import { JsonParser } from "./json-parser";
import { labelsInWords } from "./labels-in-words";
import { LineParser } from "./line-parser";
import { lineReader } from "./line-readers";
import { looksLikeSpmf } from "./list-lines";
import { looksLikeMind } from "./mind-lines";
import { looksLikeNetflix } from "./netflix-lines";
import { type ReadOptions, readOptionList, type ReadSettings } from "./read-options";
import { countRepeatedRows, mergeRepeatedRows } from "./repeated-pairs";
import type { CollectedRows } from "./row-collector";
import { Sample } from "./sample";
import { findListColumns } from "./session-list-lines";
import { spelled } from "./spelling";
import { encodingReader, hasMacLines, type TextEncodingReader, withLineFeeds } from "./text-encoding";
import { findTimedLists } from "./timed-lists";
import { requireReadable } from "./unread-text";
import { findUserList } from "./user-lists";

/** The beginning of a file that its layout is found from, in bytes; more where no line ends in it. */
const sampleBytes = 1 << 17;
const mostSampleBytes = 1 << 20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const noBytes = new Uint8Array(0);

/** What was read from a file. */
export interface ParsedFile extends CollectedRows {
  readonly interactions: Interactions;
  /** What was found of the file, in words: its format, delimiter, columns used and unused, times. */
  readonly layout: LayoutFacts;
  /** Rows whose user and item an earlier row has too, before any were merged. */
  readonly repeatedRows: number;
}

interface Parser {
  readonly evidence: EncodingEvidence;
  push(chunk: Uint8Array): void;
  finish(): CollectedRows;
}

interface Opened {
  readonly parser: Parser;
  readonly facts: () => LayoutFacts;
}

/** Parses a file of interactions of any format that is text, in chunks of any size. */
export class InteractionsParser {
  private readonly settings: ReadSettings;
  private encoding: TextEncodingReader | undefined;
  private held: Uint8Array = noBytes;
  private opened: Opened | undefined;
  /** Of the first line. */
  private readonly evidence = new EncodingEvidence();

  /**
   * @param where the file's name, for errors
   * @param options how to read it
   */
  constructor(
    private readonly where: string,
    private readonly options: ReadOptions = {},
  ) {
    this.settings = readOptionList.resolve(options);
  }

  /** Whether the file is no UTF-8 and plainly latin-1. */
  get isLatin1(): boolean {
    if (this.settings.encoding !== "auto") return false;
    const ids = this.opened?.parser.evidence;
    return ids?.saysLatin1 === true || (this.evidence.saysLatin1 && ids?.isForeign !== true && ids?.hasUtf8 !== true);
  }

  /** Takes the next bytes. They may be changed in place. @throws InvalidDataError for what cannot be read */
  push(chunk: Uint8Array): void {
    if (this.opened !== undefined) return this.opened.parser.push(this.encoding!.toUtf8(chunk, false));
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (this.held.length < sampleBytes) return;
    if (this.held.includes(lineFeed) || this.held.includes(carriageReturn) || this.held.length > mostSampleBytes)
      this.open(false);
  }

  /** Ends the file. @throws InvalidDataError when it has no rows, or for its first malformed row */
  finish(): ParsedFile {
    if (this.opened === undefined) this.open(true);
    else this.opened.parser.push(this.encoding!.toUtf8(noBytes, true));
    const { parser, facts } = this.opened!;
    return finished(parser.finish(), { ...facts(), encoding: this.encoding!.name }, this.settings.keep, this.where);
  }

  private open(whole: boolean): void {
    this.encoding = encodingReader(this.settings.encoding, this.held);
    if (hasMacLines(this.held)) this.encoding = withLineFeeds(this.encoding);
    const text = withoutMark(this.encoding.toUtf8(this.held, whole));
    this.evidence.header(text.subarray(0, text.indexOf(lineFeed)));
    this.held = noBytes;
    if (!whole && !text.includes(lineFeed))
      throw new InvalidDataError(`a record of more than ${mostSampleBytes} bytes`, {
        where: `${this.where}:1`,
        remedy: "one interaction a line is expected; is this not a text file?",
      });
    this.opened = openParser(new Sample(text, whole), this.options, this.where);
    this.opened.parser.push(new Uint8Array(text)); // never a Buffer: the parser would meet two kinds of array
  }
}

/** What was read, with the rows of one pair merged as asked. @throws InvalidDataError when there are none */
export function finished(
  rows: CollectedRows,
  layout: LayoutFacts,
  keep: ReadSettings["keep"],
  where: string,
): ParsedFile {
  if (rowCount(rows.interactions) === 0) {
    const reasons = Object.entries(rows.leftOut).map(([reason, count]) => `${count} x ${reason}`);
    throw new InvalidDataError(reasons.length === 0 ? "the file has a header but no rows" : "no row is left", {
      where,
      remedy: reasons.length === 0 ? "give a file with one interaction a line" : `left out were ${reasons.join("; ")}`,
    });
  }
  const repeatedRows = countRepeatedRows(rows.interactions);
  const interactions =
    keep === "all" || repeatedRows === 0 ? rows.interactions : mergeRepeatedRows(rows.interactions, keep);
  return { ...rows, interactions, layout: { ...layout, ...labelsInWords(rows) }, repeatedRows };
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Finds what kind of file it is and how it is read. */
function openParser(sample: Sample, options: ReadOptions, where: string): Opened {
  const given = readOptionList.resolve(options);
  const lines = sample.linesFrom(given.skipLines);
  if (lines.length === 0)
    throw new InvalidDataError("the file is empty", { where, remedy: "give a file with one interaction a line" });
  requireNoZeros(lines[0], where);
  const named: FileFormat | undefined = given.format === "auto" ? undefined : fileFormats[given.format];
  const settings = withFormat(options, named?.read?.(lines[0]));
  const cut = settings.format === "auto" ? undefined : fileFormats[settings.format];
  const kind = kindOf(settings, cut, lines, where);
  if (kind === "json") {
    const parser = new JsonParser(where, settings);
    return { parser, facts: () => parser.facts };
  }
  if (kind === "blocks") {
    const parser = new BlockParser(where, settings);
    return { parser, facts: () => parser.facts };
  }
  if (kind !== "rows") return openLines(kind, lines, settings, where);
  const layout = findLayout(sample, settings, where);
  if (layout === undefined)
    throw new InvalidDataError("the file is empty", { where, remedy: "give a file with one interaction a line" });
  if (layout === "adjacency") return openLines("adjacency", lines, settings, where);
  const offset = named?.offset === undefined ? -1 : offsetColumn(layout, named.offset, where);
  return {
    parser: new DelimitedParser(where, layout, settings, offset),
    facts: () => withName(layout.facts, given.format),
  };
}

function withName(facts: LayoutFacts, format: string): LayoutFacts {
  return format === "auto" || format === "rows" ? facts : { ...facts, format };
}

/** The options of a named format under those that were given. */
function withFormat(options: ReadOptions, named: ReadOptions = {}): ReadSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as ReadOptions;
  const format = named.format ?? given.format;
  const columns = { ...named.columns, ...given.columns };
  return readOptionList.resolve({ ...named, ...given, columns, ...(format === undefined ? {} : { format }) });
}

function offsetColumn({ names }: FileLayout, name: string, where: string): number {
  const found = (names ?? []).findIndex((other) => plainName(other) === plainName(name));
  if (found >= 0) return found;
  throw new InvalidOptionError(`no column "${name}"`, { where, remedy: "is the file of this format?" });
}

/** How a file is cut: as its format says, else by marks that no other format has. */
function kindOf(
  settings: ReadSettings,
  named: FileFormat | undefined,
  lines: readonly string[],
  where: string,
): FormatKind {
  if (named?.kind === "parquet")
    throw new InvalidDataError("this is not a Parquet file", { where, remedy: "leave the format out" });
  if (named !== undefined) return named.kind;
  if (/^\s*(\[\s*)?\{/.test(lines[0]) || (lines[0].trim() === "[" && /^\s*\{/.test(lines[1] ?? ""))) return "json";
  requireReadable(lines, where);
  if (looksLikeBlocks(lines)) return "blocks";
  if (looksLikeNetflix(lines)) return "netflix";
  if (looksLikeMind(lines[0])) return "mind";
  if (settings.delimiter !== "") return "rows";
  if (
    findListColumns(lines, { choices: settings.columns, asked: false }, where) !== null &&
    settings.columns.item === undefined
  )
    return "lists";
  if (Object.keys(settings.columns).length > 0 || settings.header === true) return "rows";
  if (looksLikeSpmf(lines) || findTimedLists(lines, where) !== undefined) return "sequences";
  return findUserList(lines) === undefined ? "rows" : "adjacency";
}

function openLines(kind: FormatKind, lines: readonly string[], settings: ReadSettings, where: string): Opened {
  const { reader, skip, facts } = lineReader(kind, lines, settings, where);
  const parser = new LineParser(where, settings, reader, settings.skipLines + skip);
  return { parser, facts: () => facts };
}

function requireNoZeros(line: string, where: string): void {
  const zeros = line.split("\0").length - 1;
  if (zeros * 3 < line.length || zeros < 2) return;
  throw new InvalidDataError("every other byte is zero: this is UTF-16 without a mark, or no text", {
    where: `${where}:1`,
    remedy: `give its encoding: ${spelled({ encoding: "utf-16le" })} or ${spelled({ encoding: "utf-16be" })}`,
  });
}

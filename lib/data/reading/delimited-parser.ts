import { InvalidDataError } from "../../core";
import { isValidId, parseNumber } from "./fields";
import { type FileLayout, layoutOf, type ReadOptions } from "./file-layout";
import { type Interactions, rowCount } from "../interactions";
import { InteractionsBuilder } from "../interactions-builder";
import { RecordScanner } from "./record-scanner";
import { compactRows } from "../renumber";

/** What was read from a file. */
export interface ParsedFile {
  readonly interactions: Interactions;
  /** Rows left out, by reason. Empty unless `badRows` is `"drop"`. */
  readonly droppedRows: Readonly<Record<string, number>>;
}

/** The longest record, in bytes. Longer ones are not interactions. */
const maxRecordBytes = 1 << 20;
/** What is as large as this, or larger, is infinite in a column of 32-bit floats. */
const float32End = 2 ** 128 - 2 ** 103;
/** A time above this, in seconds, is the year 5138: the file's times are milliseconds. */
const maxSeconds = 1e11;
const lineFeed = 0x0a;
const noBytes = new Uint8Array(0);

/**
 * Parses delimited text in chunks of any size into columns. Holds no more than one record besides the columns
 * themselves.
 *
 * Rules: a byte order mark and blank lines are skipped; every row has as many fields as the first; ids are any
 * non-empty text and are kept as they stand (leading zeros and blanks too); a rating is a finite number; a time is a
 * finite number or empty. A rating column that is missing or empty throughout means implicit feedback: every label
 * is 1. What breaks a rule is a malformed row.
 */
export class DelimitedParser {
  private readonly milliseconds: boolean;
  private readonly builder = new InteractionsBuilder();
  private readonly dropped = new Map<string, number>();
  private pending: Uint8Array = noBytes;
  private line = 1;
  private layout: FileLayout | undefined;
  private scanner = new RecordScanner(",");
  /** Rows with an empty rating, and the line of the first. */
  private unrated = 0;
  private unratedLine = 0;

  /**
   * @param where the file's name, for errors
   * @param options how to read it
   */
  constructor(
    private readonly where: string,
    private readonly options: ReadOptions = {},
  ) {
    this.milliseconds = options.timeUnit === "milliseconds";
  }

  /**
   * Takes the next bytes. They may be changed in place.
   *
   * @throws InvalidDataError at the first malformed row, with its line
   */
  push(chunk: Uint8Array): void {
    this.consume(joined(this.pending, chunk), false);
  }

  /** Ends the file. @throws InvalidDataError when it has no rows */
  finish(): ParsedFile {
    this.consume(this.pending, true);
    const interactions = this.withLabels(this.builder.finish());
    if (rowCount(interactions) === 0 && this.dropped.size === 0)
      throw new InvalidDataError(
        this.layout === undefined ? "the file is empty" : "the file has a header but no rows",
        {
          where: this.where,
          remedy: "give a file with one interaction a line",
        },
      );
    return { interactions, droppedRows: Object.fromEntries(this.dropped) };
  }

  /** Decides what empty ratings mean, now that all rows are known. */
  private withLabels(interactions: Interactions): Interactions {
    const { label } = interactions;
    if (this.unrated === label.length) label.fill(1);
    else if (this.unrated > 0) {
      this.bad("an empty rating among rated rows", this.unratedLine, this.unrated);
      const rated = Int32Array.from(label.keys()).filter((row) => !Number.isNaN(label[row]));
      return compactRows(interactions, rated);
    }
    return interactions;
  }

  private consume(bytes: Uint8Array, final: boolean): void {
    let at = 0;
    if (this.layout === undefined) {
      at = this.start(bytes, final);
      if (at < 0) return this.keep(bytes, 0);
    }
    while (at < bytes.length) {
      const next = this.scanner.scan(bytes, at, final);
      if (next < 0) break;
      this.record(bytes);
      this.line += 1 + this.scanner.innerLines;
      at = next;
    }
    this.keep(bytes, Math.min(at, bytes.length));
  }

  private keep(bytes: Uint8Array, from: number): void {
    if (bytes.length - from > maxRecordBytes)
      throw new InvalidDataError(`a record of more than ${maxRecordBytes} bytes`, {
        where: `${this.where}:${this.line}`,
        remedy: "one interaction a line is expected; is a quote never closed, or is this not a text file?",
      });
    this.pending = from === bytes.length ? noBytes : bytes.slice(from);
  }

  /** Reads the layout from the first line. @returns where the rows begin, or -1 when the line is not whole yet */
  private start(bytes: Uint8Array, final: boolean): number {
    const lineEnd = bytes.indexOf(lineFeed);
    if (lineEnd < 0 && !final) return -1;
    if (bytes.length === 0) return -1;
    const begin = afterByteOrderMark(bytes, this.where);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    const text = new TextDecoder().decode(bytes.subarray(begin, end)).replace(/\r$/, "");
    this.layout = layoutOf(text, this.options, this.where);
    this.scanner = new RecordScanner(this.layout.delimiter);
    if (!this.layout.header) return begin;
    this.line++;
    return end + 1;
  }

  private record(bytes: Uint8Array): void {
    const { starts, ends, hashes, fieldCount } = this.scanner;
    const { user, item, rating, time, fieldCount: expected } = this.layout!;
    if (this.scanner.unclosed) throw this.unclosedQuote();
    if (this.scanner.textAfterQuote) return this.bad("text follows a closing quote");
    if (fieldCount === 1 && starts[0] === ends[0]) return;
    if (fieldCount !== expected) return this.bad(`a row of ${fieldCount} fields where the first has ${expected}`);
    const hasRating = rating >= 0 && starts[rating] < ends[rating];
    const label = hasRating ? this.number(bytes, rating) : NaN;
    if (hasRating && !(label > -float32End && label < float32End))
      return this.bad("a rating that is not a finite number");
    const hasTime = time >= 0 && starts[time] < ends[time];
    const moment = hasTime ? this.number(bytes, time) : NaN;
    const seconds = this.milliseconds ? moment / 1000 : moment;
    if (hasTime && !(seconds >= -maxSeconds && seconds <= maxSeconds)) return this.badTime(seconds);

    const { users, items } = this.builder;
    const knownUser = users.findBytes(bytes, starts[user], ends[user], hashes[user]);
    const knownItem = items.findBytes(bytes, starts[item], ends[item], hashes[item]);
    if (knownUser === undefined && !isValidId(bytes, starts[user], ends[user])) return this.bad(unusable("user"));
    if (knownItem === undefined && !isValidId(bytes, starts[item], ends[item])) return this.bad(unusable("item"));
    if (!hasRating && this.unrated++ === 0) this.unratedLine = this.line;
    this.builder.add(
      knownUser ?? users.internBytes(bytes, starts[user], ends[user], hashes[user]),
      knownItem ?? items.internBytes(bytes, starts[item], ends[item], hashes[item]),
      label,
      seconds,
    );
  }

  private number(bytes: Uint8Array, field: number): number {
    const { starts, ends, integers } = this.scanner;
    return integers[field] >= 0 ? integers[field] : parseNumber(bytes, starts[field], ends[field]);
  }

  /** Never a dropped row: it would take the rest of the file with it. */
  private unclosedQuote(): InvalidDataError {
    return new InvalidDataError("a quote is opened and never closed", {
      where: `${this.where}:${this.line}`,
      remedy: "close it, or double quotes that are part of the text",
    });
  }

  private badTime(seconds: number): void {
    if (Number.isNaN(seconds)) this.bad("a time that is not a finite number");
    else this.bad(`a time of ${seconds} seconds, after the year 5000`, this.line, 1, 'set timeUnit: "milliseconds"?');
  }

  /** Counts malformed rows, or ends the reading at the first. */
  private bad(reason: string, line = this.line, count = 1, remedy = ""): void {
    if (this.options.badRows !== "drop")
      throw new InvalidDataError(reason, {
        where: `${this.where}:${line}`,
        remedy: remedy || 'repair the file, or leave such rows out with badRows: "drop"',
      });
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count);
  }
}

const unusable = (kind: string) => `a ${kind} id that is empty, not UTF-8 or holds NUL or a line break`;

/**
 * The two pieces as one plain array; what is copied is at most one record and one chunk. Never a `Buffer`: code that
 * meets two kinds of array runs at half the speed.
 */
function joined(pending: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (pending.length === 0) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
  const whole = new Uint8Array(pending.length + chunk.length);
  whole.set(pending);
  whole.set(chunk, pending.length);
  return whole;
}

/** @throws InvalidDataError when the mark says the file is UTF-16 */
function afterByteOrderMark(bytes: Uint8Array, where: string): number {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new InvalidDataError("the file is UTF-16", { where, remedy: "save it as UTF-8" });
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

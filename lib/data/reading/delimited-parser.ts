import { InvalidDataError } from "../../core";
import type { InteractionsBuilder } from "../interactions-builder";
import { BlankCollapser } from "./collapse-blanks";
import { perSecond } from "./column-times";
import { type DateOrder, parseDate } from "./dates";
import { replaceCommas, ungrouped } from "./decimal-comma";
import { EventFilter } from "./event-filter";
import { isValidId, parseNumber } from "./fields";
import type { FileLayout } from "./file-layout";
import type { ReadSettings } from "./read-options";
import { RecordScanner } from "./record-scanner";
import { badRating, badTime, type CollectedRows, RowCollector, unusableId } from "./row-collector";
import { spelled } from "./spelling";
import { isRowByRow } from "./swallowed-rows";

/** The longest record, in bytes. Longer ones are not interactions. */
const maxRecordBytes = 1 << 20;
/** What is as large as this, or larger, is infinite in a column of 32-bit floats. Here, for a call a row costs time. */
const float32End = 2 ** 128 - 2 ** 103;
/** A time beyond this, in seconds, is the year 5138. */
const maxSeconds = 1e11;
const lineFeed = 0x0a;
const noBytes = new Uint8Array(0);

/**
 * Parses rows of delimited text, in UTF-8 and chunks of any size, into columns. Holds no more than one record besides
 * the columns themselves.
 *
 * Rules: blank lines are skipped; every row has as many fields as the layout says; ids are any non-empty text and are
 * kept as they stand (leading zeros and blanks too); a rating is a finite number; a time is what the layout says, or
 * empty. A rating column that is missing or empty throughout means implicit feedback: every label is 1. What breaks a
 * rule is a malformed row.
 */
export class DelimitedParser {
  private readonly rows: RowCollector;
  private readonly builder: InteractionsBuilder;
  private readonly scanner: RecordScanner;
  private readonly collapser: BlankCollapser | undefined;
  private readonly events: EventFilter | undefined;
  /** How dates are written; `undefined` for numbers. */
  private readonly dates: DateOrder | undefined;
  private readonly perSecond: number;
  /** How ratings are written that are no plain numbers. Here, and below, for a row costs time. */
  private readonly ratingWords: FileLayout["ratingWords"];
  /** Whether a point comes before decimals and nothing sets thousands apart. */
  private readonly isPlainNumber: boolean;
  /** Whether times are numbers of seconds and nothing is added to them. */
  private readonly isPlainTime: boolean;
  private readonly hasMissing: boolean;
  private pending: Uint8Array = noBytes;
  private line = 1;

  /**
   * @param where the file's name, for errors
   * @param offset a column of milliseconds to add to the time; -1 for none
   */
  constructor(
    private readonly where: string,
    private readonly layout: FileLayout,
    private readonly settings: ReadSettings,
    private readonly offset = -1,
  ) {
    this.rows = new RowCollector(where, settings);
    this.builder = this.rows.builder;
    this.scanner = new RecordScanner(layout.delimiter, layout.quoting);
    this.collapser = layout.collapseBlanks ? new BlankCollapser() : undefined;
    this.events = layout.event >= 0 && settings.events.length > 0 ? new EventFilter(settings.events) : undefined;
    this.dates = layout.timeUnit in perSecond ? undefined : (layout.timeUnit as DateOrder);
    this.perSecond = perSecond[layout.timeUnit] ?? 1;
    this.ratingWords = layout.ratingWords;
    this.isPlainNumber = !layout.decimals.comma && !layout.decimals.grouped;
    this.isPlainTime = this.dates === undefined && offset < 0 && this.perSecond === 1;
    this.hasMissing = settings.missing.length > 0;
  }

  get evidence() {
    return this.rows.evidence;
  }

  /**
   * Takes the next bytes. They may be changed in place.
   *
   * @throws InvalidDataError for what no row can be dropped for: a quote that is never closed, a record too long
   */
  push(chunk: Uint8Array): void {
    this.consume(joined(this.pending, this.collapser?.push(chunk) ?? chunk), false);
  }

  /** Ends the file. @throws InvalidDataError for its first malformed row, unless such are dropped */
  finish(): CollectedRows {
    this.consume(this.pending, true);
    this.events?.report((reason, count) => this.rows.countLeftOut(reason, count));
    return this.rows.finish();
  }

  private consume(bytes: Uint8Array, final: boolean): void {
    let at = 0;
    if (this.line <= this.layout.linesBefore) {
      at = this.skipLines(bytes, final);
      if (this.line <= this.layout.linesBefore) return this.keep(bytes, at);
    }
    while (at < bytes.length) {
      const next = this.scanner.scan(bytes, at, final);
      if (next < 0) break;
      if (this.scanner.innerLines > 0) this.requireNoSwallowedRows(bytes, at, next);
      this.record(bytes);
      this.line += 1 + this.scanner.innerLines;
      at = next;
    }
    this.keep(bytes, Math.min(at, bytes.length));
  }

  /**
   * Skips lines before the rows, as far as they are whole. Not a part of `consume`: beside a second loop V8 compiles
   * the one over rows to code that takes a third longer.
   *
   * @returns the position after them
   */
  private skipLines(bytes: Uint8Array, final: boolean): number {
    let at = 0;
    for (; this.line <= this.layout.linesBefore && at < bytes.length; this.line++) {
      const end = bytes.indexOf(lineFeed, at);
      if (end < 0 && !final) return at;
      at = end < 0 ? bytes.length : end + 1;
    }
    return at;
  }

  private keep(bytes: Uint8Array, from: number): void {
    if (bytes.length - from > maxRecordBytes)
      throw new InvalidDataError(`a record of more than ${maxRecordBytes} bytes`, {
        where: `${this.where}:${this.line}`,
        remedy:
          "one interaction a line is expected; is this not a text file, or is a quote never closed? " +
          `Where quotes are plain characters: ${spelled({ quote: "none" })}`,
      });
    this.pending = from === bytes.length ? noBytes : bytes.slice(from);
  }

  private record(bytes: Uint8Array): void {
    const { starts, ends, hashes, fieldCount } = this.scanner;
    const { user, item, rating, time, fieldCount: expected } = this.layout;
    if (fieldCount !== expected || this.scanner.unclosed || this.scanner.textAfterQuote) return this.oddRecord();
    if (this.events !== undefined && this.events.isOther(bytes, this.scanner, this.layout.event)) return;
    const hasRating = rating >= 0 && starts[rating] < ends[rating];
    const label = !hasRating
      ? NaN
      : this.ratingWords === undefined
        ? this.number(bytes, rating)
        : this.ratingWords.read(this.text(bytes, rating));
    if (hasRating && !(label > -float32End && label < float32End))
      return this.bad(badRating, this.withoutColumn("rating"));
    const hasTime = time >= 0 && starts[time] < ends[time];
    const seconds = !hasTime ? NaN : this.isPlainTime ? this.number(bytes, time) : this.seconds(bytes, time);
    if (hasTime && !(seconds >= -maxSeconds && seconds <= maxSeconds)) return this.badTime(seconds);
    if (this.hasMissing && hasRating && this.rows.isMissing(label))
      return this.rows.countLeftOut(`rated ${label}, which means no rating`);

    const { users, items } = this.builder;
    const knownUser = users.findBytes(bytes, starts[user], ends[user], hashes[user]);
    const knownItem = items.findBytes(bytes, starts[item], ends[item], hashes[item]);
    if (knownUser === undefined && !this.isId(bytes, user)) return this.bad(unusableId("user"), this.otherEncoding());
    if (knownItem === undefined && !this.isId(bytes, item)) return this.bad(unusableId("item"), this.otherEncoding());
    if (!hasRating) this.rows.countUnrated(this.line);
    this.builder.add(
      knownUser ?? users.internBytes(bytes, starts[user], ends[user], hashes[user]),
      knownItem ?? items.internBytes(bytes, starts[item], ends[item], hashes[item]),
      label,
      seconds,
    );
  }

  /** What has not as many fields as a row, or quotes that do not close: a blank line, or a malformed row. */
  private oddRecord(): void {
    const { starts, ends, fieldCount, unclosed, textAfterQuote } = this.scanner;
    if (unclosed) throw this.unclosedQuote();
    if (textAfterQuote) return this.bad("text follows a closing quote", plainQuotes());
    if (fieldCount === 1 && starts[0] === ends[0]) return;
    const others = this.layout.firstIsUsual ? "the first has" : "most have";
    this.bad(`a row of ${fieldCount} fields where ${others} ${this.layout.fieldCount}`);
  }

  private number(bytes: Uint8Array, field: number): number {
    const { starts, ends, integers } = this.scanner;
    if (integers[field] >= 0) return integers[field];
    if (!this.isPlainNumber) return this.unusualNumber(bytes, field);
    return parseNumber(bytes, starts[field], ends[field]);
  }

  /** A number with a comma before its decimals, or whose thousands are set apart. */
  private unusualNumber(bytes: Uint8Array, field: number): number {
    const { starts, ends } = this.scanner;
    const { decimals } = this.layout;
    if (decimals.grouped) {
      const digits = Buffer.from(ungrouped(this.text(bytes, field), decimals));
      return parseNumber(digits, 0, digits.length);
    }
    replaceCommas(bytes, starts[field], ends[field]);
    return parseNumber(bytes, starts[field], ends[field]);
  }

  private text(bytes: Uint8Array, field: number): string {
    const { starts, ends } = this.scanner;
    return Buffer.from(bytes.buffer, bytes.byteOffset + starts[field], ends[field] - starts[field]).toString();
  }

  private seconds(bytes: Uint8Array, field: number): number {
    const { starts, ends } = this.scanner;
    const moment =
      this.dates === undefined
        ? this.number(bytes, field) / this.perSecond
        : parseDate(bytes, starts[field], ends[field], this.dates);
    return this.offset < 0 ? moment : moment + this.number(bytes, this.offset) / 1000;
  }

  private isId(bytes: Uint8Array, field: number): boolean {
    const { starts, ends } = this.scanner;
    const valid = isValidId(bytes, starts[field], ends[field]);
    if (valid) this.rows.evidence.valid(bytes, starts[field], ends[field]);
    else if (starts[field] < ends[field]) this.rows.evidence.invalid(bytes, starts[field], ends[field]);
    return valid;
  }

  /** A remedy for ids that are not UTF-8. */
  private otherEncoding(): string {
    return this.rows.evidence.isForeign
      ? `give the file's encoding, such as ${spelled({ encoding: "windows-1252" })} or "windows-1251" or "gbk"`
      : "";
  }

  private withoutColumn(role: "rating" | "time"): string {
    return `name another column, or keep every row with no ${role}: ${spelled({ columns: { [role]: null } })}`;
  }

  /** Never a dropped row: it would take the rest of the file with it. */
  private unclosedQuote(): Error {
    return (
      this.rows.refusal() ??
      new InvalidDataError("a quote is opened and never closed", {
        where: `${this.where}:${this.line}`,
        remedy: `close it, or double quotes that are part of the text; ${plainQuotes()}`,
      })
    );
  }

  /** A stray quote at the start of one row and another further on swallow the rows between. */
  private requireNoSwallowedRows(bytes: Uint8Array, start: number, end: number): void {
    if (this.settings.quote !== "auto" || this.scanner.unclosed) return;
    if (!isRowByRow(bytes.subarray(start, end), this.layout.delimiter, this.layout.fieldCount)) return;
    throw new InvalidDataError(
      `a quoted field runs over ${this.scanner.innerLines + 1} lines, and each of them is a row by itself`,
      {
        where: `${this.where}:${this.line}`,
        remedy:
          `choose: quotes are plain characters and each line a row, ${spelled({ quote: "none" })}; ` +
          `or the lines are one field, ${spelled({ quote: "doubled" })}`,
      },
    );
  }

  private badTime(seconds: number): void {
    if (Number.isNaN(seconds))
      return this.bad(this.dates === undefined ? badTime : "a time that is no date", this.withoutColumn("time"));
    this.bad(
      `a time of ${seconds} seconds, after the year 5000`,
      `choose the unit: ${spelled({ timeUnit: "milliseconds" })}`,
    );
  }

  private bad(reason: string, hint = ""): void {
    this.rows.faults.add(reason, this.line, 1, hint);
  }
}

const plainQuotes = () => `where quotes are plain characters: ${spelled({ quote: "none" })}`;

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

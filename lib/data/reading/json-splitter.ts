import { InvalidDataError } from "../../core";

const [lineFeed, doubleQuote, singleQuote, backslash, open, close] = [0x0a, 0x22, 0x27, 0x5c, 0x7b, 0x7d];
/** What may stand between records: blanks, commas and the brackets of an array. */
const between = [...Buffer.from(" \t\r\n,[]")];
/** The longest record, in bytes. */
const maxRecordBytes = 1 << 26;

/** Takes a record's text and the line that it begins on. */
export type TakeRecord = (text: string, line: number) => void;

/**
 * Cuts JSON lines, a JSON array, or Python's dicts one a line into their records: what stands between the outermost
 * braces. Chunks may be of any size.
 */
export class JsonSplitter {
  private depth = 0;
  /** The quote that is open; 0 for none. */
  private quote = 0;
  private escaped = false;
  private line = 1;
  private recordLine = 1;
  /** The last line with text outside of records. */
  private strayLine = 0;
  private pieces: Uint8Array[] = [];
  private bytes = 0;

  constructor(
    private readonly where: string,
    private readonly take: TakeRecord,
    private readonly takeStray: (line: number) => void,
  ) {}

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed) this.line++;
      if (this.quote !== 0) this.insideQuotes(byte);
      else if (byte === doubleQuote || byte === singleQuote) this.quote = this.depth > 0 ? byte : 0;
      else if (byte === open && this.depth++ === 0) {
        start = at;
        this.recordLine = this.line;
      } else if (byte === close && --this.depth === 0) {
        this.end(chunk.subarray(start, at + 1));
        continue;
      } else if (this.depth < 0) throw this.refused("a brace closes that was not opened");
      else if (this.depth === 0 && !between.includes(byte)) this.stray();
    }
    if (this.depth === 0) return;
    this.pieces.push(chunk.slice(start));
    this.bytes += chunk.length - start;
    if (this.bytes > maxRecordBytes) throw this.refused(`a record of more than ${maxRecordBytes} bytes`);
  }

  /** @throws InvalidDataError when the last record is cut off */
  finish(): void {
    if (this.depth > 0) throw this.refused("the last record is cut off");
  }

  private stray(): void {
    if (this.strayLine === this.line) return;
    this.strayLine = this.line;
    this.takeStray(this.line);
  }

  private insideQuotes(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === backslash) this.escaped = true;
    else if (byte === this.quote) this.quote = 0;
  }

  private end(last: Uint8Array): void {
    const text = Buffer.concat([...this.pieces, last]).toString("utf8");
    this.pieces = [];
    this.bytes = 0;
    this.take(text, this.recordLine);
  }

  private refused(problem: string): InvalidDataError {
    return new InvalidDataError(problem, {
      where: `${this.where}:${this.recordLine}`,
      remedy: "fetch or write the file again",
    });
  }
}

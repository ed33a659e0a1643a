const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

/**
 * Finds the fields of one record of delimited text, as positions in a buffer: no strings are made. A field that begins with `"` is
 * quoted as in RFC 4180 (doubled quotes, delimiters and line feeds inside). A line ends with LF or CR LF; a lone CR is an ordinary character.
 */
export class RecordScanner {
  fieldCount = 0;
  /** Field k is `bytes[starts[k] .. ends[k])`, without its quotes. */
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  /** Whether text follows a closing quote. */
  textAfterQuote = false;
  /** Whether a quote is still open where the file ends. */
  unclosed = false;
  /** Line feeds inside the record's quotes. */
  innerLines = 0;
  /** The fields that hold doubled quotes. */
  private readonly doubled: number[] = [];
  private readonly delimiter: Uint8Array;

  /** @param delimiter what stands between fields, such as `","` or `"::"` */
  constructor(delimiter: string) {
    this.delimiter = new TextEncoder().encode(delimiter);
  }

  /**
   * Scans the record at `start`. Doubled quotes are undone in place, once the record is whole.
   *
   * @param final whether the buffer's end is the file's
   * @returns the position after the record, or -1 when more bytes are needed
   */
  scan(bytes: Uint8Array, start: number, final: boolean): number {
    this.fieldCount = 0;
    this.textAfterQuote = false;
    this.unclosed = false;
    this.innerLines = 0;
    if (this.doubled.length > 0) this.doubled.length = 0; // setting it costs more than the whole record
    for (let at = start; ; at += this.delimiter.length) {
      at = bytes[at] === quote ? this.quotedField(bytes, at, final) : this.plainField(bytes, at);
      const ended = at >= bytes.length;
      if (at < 0 || (ended && !final)) return -1;
      if (!ended && bytes[at] !== lineFeed) continue;
      if (this.doubled.length > 0) this.undouble(bytes);
      return at + 1;
    }
  }

  /** @returns the position of the delimiter, line feed or end after the field */
  private plainField(bytes: Uint8Array, start: number): number {
    const end = this.endOfField(bytes, start);
    const lineEnds = end === bytes.length || bytes[end] === lineFeed;
    this.addField(start, lineEnds && end > start && bytes[end - 1] === carriageReturn ? end - 1 : end);
    return end;
  }

  /** The same for a quoted field; -1 when its closing quote is not in the buffer yet. */
  private quotedField(bytes: Uint8Array, start: number, final: boolean): number {
    let close = start + 1;
    let doubled = false;
    for (; bytes[close] !== quote || bytes[close + 1] === quote; close++) {
      if (close >= bytes.length) {
        if (!final) return -1;
        this.unclosed = true;
        this.addField(start, bytes.length);
        return bytes.length;
      }
      if (bytes[close] === lineFeed) this.innerLines++;
      if (bytes[close] === quote) {
        doubled = true;
        close++;
      }
    }
    const end = this.endOfField(bytes, close + 1);
    const rest = end - close - 1;
    if (rest > 0 && !(rest === 1 && bytes[end - 1] === carriageReturn && bytes[end] !== this.delimiter[0]))
      this.textAfterQuote = true;
    if (doubled) this.doubled.push(this.fieldCount);
    this.addField(start + 1, close);
    return end;
  }

  private endOfField(bytes: Uint8Array, start: number): number {
    const first = this.delimiter[0];
    const single = this.delimiter.length === 1;
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === lineFeed || (byte === first && (single || this.isDelimiter(bytes, at)))) break;
    }
    return at;
  }

  private isDelimiter(bytes: Uint8Array, at: number): boolean {
    for (let i = 1; i < this.delimiter.length; i++) if (bytes[at + i] !== this.delimiter[i]) return false;
    return true;
  }

  private addField(start: number, end: number): void {
    if (this.fieldCount === this.starts.length) {
      const wider = (positions: Int32Array) => {
        const twice = new Int32Array(2 * positions.length);
        twice.set(positions);
        return twice;
      };
      this.starts = wider(this.starts);
      this.ends = wider(this.ends);
    }
    this.starts[this.fieldCount] = start;
    this.ends[this.fieldCount++] = end;
  }

  private undouble(bytes: Uint8Array): void {
    for (const field of this.doubled) {
      let to = this.starts[field];
      for (let from = to; from < this.ends[field]; from++) {
        bytes[to++] = bytes[from];
        if (bytes[from] === quote) from++;
      }
      this.ends[field] = to;
    }
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;

/**
 * What `"` means: a field that begins with it is quoted, and a quote inside is `doubled` (RFC 4180) or stands after a
 * `backslash`; or it is a character like any other (`none`).
 */
export type Quoting = "doubled" | "backslash" | "none";

/** FNV-1a. */
const hashSeed = 0x811c9dc5 | 0;
const hashPrime = 0x01000193;

/** The most digits whose value surely is a small integer of the machine. */
const smallDigits = 9;

/** FNV-1a over some bytes, signed 32-bit: what ids are found by. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashSeed;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], hashPrime);
  return hash;
}

/**
 * Finds the fields of one record of delimited text, as positions in a buffer: no strings are made. A field that begins
 * with `"` is quoted (delimiters and line feeds inside), unless quotes are plain characters. A line ends with LF or CR
 * LF; a lone CR is an ordinary character.
 *
 * Each byte is looked at once: what ids are found by, and the value of a short whole number, are reckoned on the way.
 */
export class RecordScanner {
  fieldCount = 0;
  /** Field k is `bytes[starts[k] .. ends[k])`, without its quotes. */
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  /** `hashBytes` of each field. */
  hashes = new Int32Array(16);
  /** The value of a field of one to nine digits; -1 for any other. */
  integers = new Int32Array(16);
  /** Whether text follows a closing quote. */
  textAfterQuote = false;
  /** Whether a quote is still open where the file ends. */
  unclosed = false;
  /** Line feeds inside the record's quotes. */
  innerLines = 0;
  /** The fields that hold escaped quotes. */
  private escaped: number[] = [];
  private readonly delimiter: Uint8Array;
  /** The byte that opens a quoted field; none where quotes are plain characters. */
  private readonly opening: number;
  /** The byte that makes the next one plain, inside quotes. */
  private readonly escape: number;

  /** @param delimiter what stands between fields, such as `","` or `"::"` */
  constructor(delimiter: string, quoting: Quoting = "doubled") {
    this.delimiter = new TextEncoder().encode(delimiter);
    this.opening = quoting === "none" ? -1 : quote;
    this.escape = quoting === "backslash" ? backslash : quote;
  }

  /**
   * Scans the record at `start`. Escaped quotes are undone in place, once the record is whole.
   *
   * @param final whether the buffer's end is the file's
   * @returns the position after the record, or -1 when more bytes are needed
   */
  scan(bytes: Uint8Array, start: number, final: boolean): number {
    this.fieldCount = 0;
    this.textAfterQuote = false;
    this.unclosed = false;
    this.innerLines = 0;
    if (this.escaped.length > 0) this.escaped = [];
    for (let at = start; ; at += this.delimiter.length) {
      at = bytes[at] === this.opening ? this.quotedField(bytes, at, final) : this.plainField(bytes, at);
      const ended = at >= bytes.length;
      if (at < 0 || (ended && !final)) return -1;
      if (!ended && bytes[at] !== lineFeed) continue;
      if (this.escaped.length > 0) this.unescape(bytes);
      return at + 1;
    }
  }

  /** @returns the position of the delimiter, line feed or end after the field */
  private plainField(bytes: Uint8Array, start: number): number {
    const first = this.delimiter[0];
    const single = this.delimiter.length === 1;
    let hash = hashSeed;
    let integer = 0;
    let digits = true;
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === lineFeed || (byte === first && (single || this.isDelimiter(bytes, at)))) break;
      hash = Math.imul(hash ^ byte, hashPrime);
      integer = (Math.imul(integer, 10) + byte - zero) | 0;
      digits = digits && byte >= zero && byte <= zero + 9;
    }
    const lineEnds = at === bytes.length || bytes[at] === lineFeed;
    if (lineEnds && at > start && bytes[at - 1] === carriageReturn) this.addField(bytes, start, at - 1);
    else this.add(start, at, hash, digits && at > start && at - start <= smallDigits ? integer : -1);
    return at;
  }

  /** The same for a quoted field; -1 when its closing quote is not in the buffer yet. */
  private quotedField(bytes: Uint8Array, start: number, final: boolean): number {
    let close = start + 1;
    let escaped = false;
    for (; bytes[close] !== quote || this.isEscape(bytes, close); close++) {
      if (close >= bytes.length) {
        if (!final) return -1;
        this.unclosed = true;
        this.addField(bytes, start, bytes.length);
        return bytes.length;
      }
      if (bytes[close] === lineFeed) this.innerLines++;
      if (this.isEscape(bytes, close)) {
        escaped = true;
        close++;
      }
    }
    let end = close + 1;
    while (end < bytes.length && bytes[end] !== lineFeed && !this.isDelimiter(bytes, end)) end++;
    const lineEnds = end === bytes.length || bytes[end] === lineFeed;
    const rest = end - close - 1;
    if (rest > 0 && !(rest === 1 && lineEnds && bytes[end - 1] === carriageReturn)) this.textAfterQuote = true;
    if (escaped) this.escaped.push(this.fieldCount);
    this.addField(bytes, start + 1, close);
    return end;
  }

  /** Whether the byte makes the next one plain: a quote before a quote, or a backslash before either. */
  private isEscape(bytes: Uint8Array, at: number): boolean {
    if (bytes[at] !== this.escape) return false;
    return bytes[at + 1] === quote || (this.escape === backslash && bytes[at + 1] === backslash);
  }

  private isDelimiter(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.delimiter.length; i++) if (bytes[at + i] !== this.delimiter[i]) return false;
    return true;
  }

  private addField(bytes: Uint8Array, start: number, end: number): void {
    this.add(start, end, hashBytes(bytes, start, end), -1);
  }

  private add(start: number, end: number, hash: number, integer: number): void {
    const field = this.fieldCount++;
    if (field === this.starts.length) this.widen();
    this.starts[field] = start;
    this.ends[field] = end;
    this.hashes[field] = hash;
    this.integers[field] = integer;
  }

  private widen(): void {
    for (const column of ["starts", "ends", "hashes", "integers"] as const) {
      const wider = new Int32Array(2 * this[column].length);
      wider.set(this[column]);
      this[column] = wider;
    }
  }

  private unescape(bytes: Uint8Array): void {
    for (const field of this.escaped) {
      let to = this.starts[field];
      for (let from = to; from < this.ends[field]; from++) {
        if (this.isEscape(bytes, from)) from++;
        bytes[to++] = bytes[from];
      }
      this.ends[field] = to;
      this.hashes[field] = hashBytes(bytes, this.starts[field], to);
    }
  }
}

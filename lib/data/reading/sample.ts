import { type Quoting, RecordScanner } from "./record-scanner";

/** The most lines that a layout is found from. */
const mostLines = 500;
const lineFeed = 0x0a;
const decoder = new TextDecoder();

/** One record of a sample. */
export interface SampleRecord {
  readonly fields: readonly string[];
  /** Whether its quotes do not close, or text follows one. */
  readonly broken: boolean;
}

/** The beginning of a file, as UTF-8: what its layout is found from. */
export class Sample {
  /** The lines without their ends; without the last where it may be cut off. */
  readonly lines: readonly string[];
  private readonly bytes: Uint8Array;

  /** @param whole whether it is the whole file */
  constructor(
    bytes: Uint8Array,
    readonly whole: boolean,
    private readonly most = mostLines,
  ) {
    const end = whole ? bytes.length : bytes.lastIndexOf(lineFeed) + 1;
    this.bytes = bytes.subarray(0, end);
    const lines = decoder.decode(this.bytes).split("\n", Math.min(most, 2 ** 32 - 1));
    this.lines = (lines.at(-1) === "" ? lines.slice(0, -1) : lines).map((line) => line.replace(/\r$/, ""));
  }

  /** The same with its bytes changed. */
  mapped(change: (bytes: Uint8Array) => Uint8Array): Sample {
    return new Sample(change(this.bytes), this.whole);
  }

  /** The lines from a position on, less blank ones. */
  linesFrom(skip: number): string[] {
    return this.lines.slice(skip).filter((line) => line.trim() !== "");
  }

  /** The records from a line on, as a delimiter and quoting split them. Blank ones are left out. */
  records(skip: number, delimiter: string, quoting: Quoting): SampleRecord[] {
    const bytes = new Uint8Array(this.bytes); // a copy, for scanning undoes quotes in place
    const scanner = new RecordScanner(delimiter, quoting);
    const records: SampleRecord[] = [];
    let at = 0;
    for (let line = 0; line < skip; line++) at = bytes.indexOf(lineFeed, at) + 1 || bytes.length;
    while (at < bytes.length && records.length < this.most) {
      const next = scanner.scan(bytes, at, this.whole);
      if (next < 0) break;
      const fields = Array.from({ length: scanner.fieldCount }, (_, k) =>
        decoder.decode(bytes.subarray(scanner.starts[k], scanner.ends[k])),
      );
      if (fields.length > 1 || fields[0] !== "")
        records.push({ fields, broken: scanner.unclosed || scanner.textAfterQuote });
      at = next;
    }
    return records;
  }
}

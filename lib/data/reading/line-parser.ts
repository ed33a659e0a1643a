import { InvalidDataError } from "../../core";
import type { ReadSettings } from "./read-options";
import { type CollectedRows, RowCollector } from "./row-collector";
import { spelled } from "./spelling";

/** The longest line, in bytes: lists of a user's items are longer than rows. */
const maxLineBytes = 1 << 26;
const lineFeed = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Takes the lines of a file one after another and gives their rows to a collector. */
export type LineReader = (line: string, number: number, rows: RowCollector) => void;

/** Parses a file of lines that are no rows of fields, in UTF-8 and chunks of any size. Blank lines are skipped. */
export class LineParser {
  private readonly rows: RowCollector;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private line = 0;

  /** @param skip leading lines to leave out */
  constructor(
    private readonly where: string,
    settings: ReadSettings,
    private readonly read: LineReader,
    private readonly skip = settings.skipLines,
  ) {
    this.rows = new RowCollector(where, settings);
  }

  get evidence() {
    return this.rows.evidence;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, at)) {
      this.takeLine(chunk.subarray(at, end));
      at = end + 1;
    }
    if (at === chunk.length) return;
    this.pending.push(chunk.slice(at));
    this.pendingBytes += chunk.length - at;
    if (this.pendingBytes > maxLineBytes)
      throw new InvalidDataError(`a line of more than ${maxLineBytes} bytes`, {
        where: `${this.where}:${this.line + 1}`,
        remedy: "is this not a text file?",
      });
  }

  /**
   * Ends the file.
   *
   * @param last is called after the last line
   * @throws InvalidDataError for its first malformed row, unless such are dropped
   */
  finish(last?: () => void): CollectedRows {
    if (this.pendingBytes > 0) this.takeLine(new Uint8Array(0));
    last?.();
    return this.rows.finish();
  }

  private takeLine(end: Uint8Array): void {
    const bytes = this.pendingBytes > 0 ? Buffer.concat([...this.pending, end]) : end;
    this.pending = [];
    this.pendingBytes = 0;
    if (++this.line <= this.skip) return;
    const line = this.decoded(bytes);
    if (line === undefined || line.trim() === "") return;
    this.read(line.replace(/\r$/, ""), this.line, this.rows);
  }

  private decoded(bytes: Uint8Array): string | undefined {
    try {
      return decoder.decode(bytes);
    } catch {
      this.rows.evidence.invalid(bytes, 0, bytes.length);
      const hint = `give the file's encoding, such as ${spelled({ encoding: "windows-1252" })}`;
      this.rows.faults.add("a line that is not UTF-8", this.line, 1, hint);
      return undefined;
    }
  }
}

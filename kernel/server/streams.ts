import { Console } from "node:console";
import { StringDecoder } from "node:string_decoder";
import { firstUnits } from "./inspection";

export type StreamName = "stdout" | "stderr";
type Write = typeof process.stdout.write;

/**
 * Sends everything written to stdout and stderr to `take`. What native code writes by itself goes past this.
 *
 * @returns takes back a `write` that a cell has put in the place of these, and says of which streams
 */
export function captureStreams(take: (name: StreamName, text: string) => void): () => StreamName[] {
  const writes = new Map<StreamName, Write>();
  for (const name of ["stdout", "stderr"] as const) {
    const stream = process[name];
    const decoder = new StringDecoder("utf8");
    const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const done = typeof encoding === "function" ? encoding : callback;
      take(name, typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk)));
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
    stream.write = write as Write;
    writes.set(name, write as Write);
    // Whoever started the kernel may have a terminal; notebooks have none, and colours must not depend on it.
    stream.isTTY = false;
  }
  // Node's own console guards every write against errors of the stream, which takes longer than the write; ours has
  // none.
  const { stdout, stderr } = process;
  globalThis.console = new Console({ stdout, stderr, ignoreErrors: false, colorMode: false });
  return () => {
    const replaced = [...writes].filter(([name, write]) => ({ stdout, stderr })[name].write !== write);
    for (const [name, write] of replaced) ({ stdout, stderr })[name].write = write;
    return replaced.map(([name]) => name);
  };
}

interface Piece {
  readonly name: StreamName;
  text: string;
}

const flushEveryMs = 20;

/**
 * The stream output of one cell, gathered so that 20,000 lines are a few messages. It is sent at most every 20 ms, also
 * from inside a synchronous loop.
 */
export class StreamBuffer {
  private pieces: Piece[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastFlush = 0;
  private written = 0;
  private cut = 0;

  /**
   * @param send takes what is due
   * @param limit how many characters a cell may print; what comes after is counted and dropped
   */
  constructor(
    private readonly send: (name: StreamName, text: string) => void,
    private readonly limit: number,
  ) {}

  write(name: StreamName, text: string): void {
    const allowed = firstUnits(text, Math.max(0, this.limit - this.written));
    this.written += text.length;
    this.cut += text.length - allowed.length;
    if (allowed !== "") this.gather(name, allowed);
    if (performance.now() - this.lastFlush >= flushEveryMs) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), flushEveryMs);
  }

  /** Sends what is gathered; to be called before anything else is sent, so that outputs keep their order. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastFlush = performance.now();
    const due = this.pieces;
    this.pieces = [];
    for (const { name, text } of due) this.send(name, text);
  }

  /** Sends the rest and says how much was cut. */
  finish(): void {
    if (this.cut > 0) {
      const [cut, limit] = [this.cut, this.limit].map((count) => count.toLocaleString("en"));
      this.note(`… ${cut} more characters were printed and are not shown (limit ${limit} for a cell)`);
      this.cut = 0;
    }
    this.flush();
  }

  /** A word of the kernel's own, which no limit keeps back. */
  note(line: string): void {
    this.gather("stderr", `\n${line}\n`);
  }

  private gather(name: StreamName, text: string): void {
    const last = this.pieces.at(-1);
    if (last?.name === name) last.text += text;
    else this.pieces.push({ name, text });
  }
}

import { Readable } from "node:stream";
import type { Input } from "./input";

/**
 * Replaces stdin, which under Jupyter is a pipe that nobody writes to: what a cell reads from it (`node:readline` too)
 * is asked from the person, line by line. A reader ends with its cell.
 *
 * @returns to be called at the end of a cell
 */
export function connectStdin(input: Input): () => void {
  let stdin = new CellInput(input);
  Object.defineProperty(process, "stdin", {
    configurable: true,
    get: () => (stdin.destroyed ? (stdin = new CellInput(input)) : stdin),
  });
  return () => {
    if (stdin.isAsking) stdin.destroy();
  };
}

class CellInput extends Readable {
  /** Whether somebody waits for a line. */
  isAsking = false;

  constructor(private readonly input: Input) {
    super({ encoding: "utf8" });
  }

  override _read(): void {
    if (this.isAsking) return;
    this.isAsking = true;
    setImmediate(() => this.ask());
  }

  /** Asks when whoever has got the line before has had the time to stop reading. */
  private ask(): void {
    if (this.destroyed) return;
    if (this.isPaused() && this.listenerCount("readable") === 0)
      return void this.once("resume", () => setImmediate(() => this.ask()));
    this.input.askLater(
      (line) => {
        this.isAsking = false;
        this.push(`${line}\n`);
      },
      (error) => this.refuse(error),
    );
  }

  private refuse(error: Error): void {
    this.destroy(error);
    // Whoever swallows the error of the stream would wait for ever.
    process.nextTick(() => {
      throw error;
    });
  }
}

import { Readable } from "node:stream";

/** What reading from stdin in a cell comes to. */
class InputRefusedError extends Error {
  override readonly name = "InputRefusedError";

  constructor() {
    super("cells cannot ask for input: set a variable in a cell instead");
  }
}

/**
 * Replaces stdin, which under Jupyter is a pipe that nobody writes to, so that reading from it fails at once instead of
 * waiting.
 */
export function refuseInput(): void {
  let stdin = refusingStream();
  Object.defineProperty(process, "stdin", {
    configurable: true,
    get: () => (stdin.destroyed ? (stdin = refusingStream()) : stdin),
  });
}

function refusingStream(): Readable {
  return new Readable({
    read() {
      const refusal = new InputRefusedError();
      this.destroy(refusal);
      // Whoever swallows the error of the stream would wait for ever.
      process.nextTick(() => {
        throw refusal;
      });
    },
  });
}

import { Readable } from "node:stream";

/** What reading from stdin in a cell comes to. */
class InputRefusedError extends Error {
  override readonly name = "InputRefusedError";

  constructor() {
    super("cells cannot ask for input: set a variable in a cell instead");
  }
}

/** Replaces stdin, which under Jupyter is a pipe that nobody writes to, so that reading from it fails at once instead of waiting. */
export function refuseInput(): void {
  const stdin = new Readable({
    read() {
      const refusal = new InputRefusedError();
      this.destroy(refusal);
      // node:readline swallows the error of its input and would wait for ever.
      process.nextTick(() => {
        throw refusal;
      });
    },
  });
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
}

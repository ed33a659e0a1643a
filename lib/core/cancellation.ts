import { ambient } from "./ambient";
import { nowMs } from "./clock";
import { CancelledError } from "./errors";

/**
 * The signal that long work must honour now, if the surroundings set one.
 *
 * @example
 * currentSignal()?.aborted; // an interrupt of the notebook, or Ctrl+C of a command
 */
export function currentSignal(): AbortSignal | undefined {
  return ambient().signal;
}

/**
 * Sets (or clears) the signal that long work must honour. For the kernel and the command lines.
 *
 * @example
 * const interruption = new AbortController();
 * process.once("SIGINT", () => interruption.abort());
 * setCurrentSignal(interruption.signal); // Ctrl+C now ends long work with a CancelledError
 */
export function setCurrentSignal(signal: AbortSignal | undefined): void {
  ambient().signal = signal;
}

/**
 * Ends work that was interrupted, at a place where it may end.
 *
 * @throws CancelledError when the current signal is aborted
 *
 * @example
 * for (let k = 0; k < 1e6; k++) throwIfCancelled("counting"); // an interrupt ends the loop
 */
export function throwIfCancelled(what: string): void {
  if (currentSignal()?.aborted === true) throw new CancelledError(what);
}

/** The longest that long work may run without yielding to the event loop. */
const breathEveryMs = 50;
/** When any of it last yielded: many short works in a row must not add up to a long one. */
let lastBreath = nowMs();

/**
 * Keeps long work interruptible: call it in every loop; it costs a clock read, and every 50 ms lets the event loop run
 * and looks at the current signal.
 *
 * @param what named in the error, such as `"training mf"`
 */
export class Breather {
  /** @throws CancelledError when the current signal is already aborted, so that short work stops too */
  constructor(private readonly what: string) {
    throwIfCancelled(what);
  }

  /** @throws CancelledError when the current signal is aborted */
  async breathe(): Promise<void> {
    const since = nowMs() - lastBreath;
    if (since >= 0 && since < breathEveryMs) return; // below 0 the clock was set back
    throwIfCancelled(this.what);
    await new Promise<void>((resolve) => setImmediate(resolve));
    throwIfCancelled(this.what);
    lastBreath = nowMs();
  }
}

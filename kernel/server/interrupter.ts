import { Session } from "node:inspector";
import type { Signals } from "./signals";

/**
 * How long the main thread may take to notice an interrupt by itself; past that it is busy, and its execution is ended.
 * Long enough for a machine that is short of time, because what is ended cannot clean up.
 */
const noticeMs = 400;
/**
 * The same where it is in one run of a cell's synchronous code all the time: that cannot read messages, however much
 * time it gets, and nothing of it waits that would clean up. Long enough for what is about to end.
 */
const synchronousMs = 60;

/** A main thread that noticed gives the cell up 300 ms later; past this it is busy again. */
const endMs = 700;
/** A compiler that takes longer than this hangs. */
const compileMs = 30_000;
const lookEveryMs = 10;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Interrupts the main thread from the I/O thread: first by a message, which lets asynchronous work end in good order,
 * and where a synchronous loop keeps the message from being read, or work that is to end goes into one, by ending that
 * loop: soon where it is a cell's own. What is ended never continues, its finally blocks neither. A cell that is being
 * compiled is not started.
 */
export class Interrupter {
  /**
   * @param post sends the message
   * @param resend sends again whatever the main thread has not taken yet
   */
  constructor(
    private readonly signals: Signals,
    private readonly post: (id: number) => void,
    private readonly resend: () => void,
  ) {}

  /** Resolves when what was interrupted has ended. */
  async interrupt(): Promise<void> {
    for (;;) {
      const id = this.signals.askInterrupt();
      this.post(id);
      while (!(await this.isNoticed(id))) {
        await this.terminate();
        this.resend();
        this.post(id);
      }
      if (await this.within(endMs, () => this.signals.interruptDone >= id)) return;
      await this.terminate();
      this.resend();
    }
  }

  private isNoticed(id: number): Promise<boolean> {
    let [section, stuckMs] = [0, 0];
    const isStuck = (): boolean => {
      const now = this.signals.section;
      stuckMs = now !== 0 && now === section ? stuckMs + lookEveryMs : 0;
      section = now;
      return stuckMs >= synchronousMs;
    };
    return this.within(noticeMs, () => this.signals.interrupt >= id, isStuck);
  }

  /** Whether something happens in time, and before it cannot; the time of the compiler does not count. */
  private async within(ms: number, happened: () => boolean, cannot = () => false): Promise<boolean> {
    let compiling = 0;
    for (let waited = 0; waited < ms;) {
      if (happened()) return true;
      if (cannot()) return false;
      if (this.signals.compiling && compiling < compileMs) compiling += lookEveryMs;
      else waited += lookEveryMs;
      await sleep(lookEveryMs);
    }
    return happened();
  }

  /** Ends what the main thread executes now or next; resolves when that has been ordered. */
  private async terminate(): Promise<void> {
    this.signals.terminating = true;
    const session = new Session();
    session.connectToMainThread();
    await new Promise<void>((resolve) => session.post("Runtime.terminateExecution", () => resolve()));
    this.signals.section = 0; // what was ended has not said so
    this.signals.terminating = false;
    session.disconnect();
  }
}

/** The longest that the main thread waits for an end that was ordered. */
const absorbMs = 1000;

/**
 * For the main thread, before it takes a message: an end that was ordered for a loop that has meanwhile ended by itself
 * must hit this wait, not what comes after it. The message is lost with it and comes again.
 */
export function absorbTermination(signals: Signals): void {
  if (!signals.terminating) return;
  const until = performance.now() + absorbMs;
  while (signals.terminating && performance.now() < until);
}

import { Session } from "node:inspector";

/** How long the main thread may take to notice an interrupt by itself; past that it is busy and its execution is ended. */
const noticeMs = 150;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Ends the JavaScript that runs in the main thread right now, wherever it is; that code never continues, its finally blocks neither. */
async function terminateMainThread(): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  await new Promise<void>((resolve) => session.post("Runtime.terminateExecution", () => resolve()));
  session.disconnect();
}

/**
 * Interrupts the main thread from the I/O thread: first by a message, which lets asynchronous work end in good order, and where
 * a synchronous loop keeps the message from being read, by ending that loop.
 *
 * @param post sends the message
 * @param seen the number of the interrupt that the main thread saw last
 */
export class Interrupter {
  private lastId = 0;

  constructor(
    private readonly post: (id: number) => void,
    private readonly seen: Int32Array,
  ) {}

  async interrupt(): Promise<void> {
    const id = ++this.lastId;
    for (;;) {
      this.post(id);
      if (await this.noticed(id)) return;
      await terminateMainThread();
      if (await this.noticed(id)) return;
    }
  }

  private async noticed(id: number): Promise<boolean> {
    for (let waited = 0; waited < noticeMs; waited += 10) {
      if (Atomics.load(this.seen, 0) >= id) return true;
      await sleep(10);
    }
    return Atomics.load(this.seen, 0) >= id;
  }
}

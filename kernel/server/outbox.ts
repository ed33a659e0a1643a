/** A ZeroMQ socket as far as sending goes. */
interface Sender {
  send(frames: (string | Uint8Array)[]): Promise<void>;
}

/** Sends one after another: a socket refuses a send while another is under way. */
export class Outbox {
  private tail: Promise<void> = Promise.resolve();

  constructor(private readonly socket: Sender) {}

  send(frames: (string | Uint8Array)[]): void {
    // A peer that is gone is no reason to stop serving the others.
    this.tail = this.tail.then(() => this.socket.send(frames)).catch(() => undefined);
  }

  /** Resolves when everything that was given has been handed to ZeroMQ. */
  drained(): Promise<void> {
    return this.tail;
  }
}

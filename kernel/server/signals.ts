/**
 * The few numbers that both threads see at once. Ending the main thread's execution can drop the message that it was
 * about to read, so the I/O thread learns from here what has been taken, and sends the rest again.
 */
export class Signals {
  static readonly bytes = 3 * Int32Array.BYTES_PER_ELEMENT;
  private readonly numbers: Int32Array;

  constructor(readonly memory: SharedArrayBuffer) {
    this.numbers = new Int32Array(memory);
  }

  /** The last interrupt that the main thread has seen. */
  get interrupt(): number {
    return Atomics.load(this.numbers, 0);
  }

  /** The last request that the main thread has taken. */
  get request(): number {
    return Atomics.load(this.numbers, 1);
  }

  /** Whether an order to end the main thread's execution is on its way. */
  get terminating(): boolean {
    return Atomics.load(this.numbers, 2) === 1;
  }

  set terminating(value: boolean) {
    Atomics.store(this.numbers, 2, value ? 1 : 0);
  }

  /** Notes an interrupt. @returns whether it is new */
  seeInterrupt(id: number): boolean {
    return Atomics.exchange(this.numbers, 0, Math.max(id, this.interrupt)) < id;
  }

  /** Notes a request. @returns whether it is new */
  takeRequest(id: number): boolean {
    return Atomics.exchange(this.numbers, 1, Math.max(id, this.request)) < id;
  }
}

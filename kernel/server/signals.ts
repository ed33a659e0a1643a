/**
 * The few numbers that both threads see at once. Ending the main thread's execution can drop the message that it was
 * about to read, so the I/O thread learns from here what has been taken, and sends the rest again.
 */
export class Signals {
  static readonly bytes = 8 * Int32Array.BYTES_PER_ELEMENT;
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

  /** Whether the main thread compiles: it reads no messages then, and is not to be ended half-way. */
  get compiling(): boolean {
    return Atomics.load(this.numbers, 3) === 1;
  }

  set compiling(value: boolean) {
    Atomics.store(this.numbers, 3, value ? 1 : 0);
  }

  /** Which run of a cell's synchronous code the main thread is in, from 1 on; 0 in none. It reads no messages there. */
  get section(): number {
    return Atomics.load(this.numbers, 7);
  }

  set section(value: number) {
    Atomics.store(this.numbers, 7, value);
  }

  /** The last interrupt that the main thread has carried through: what it interrupted has ended. */
  get interruptDone(): number {
    return Atomics.load(this.numbers, 4);
  }

  endInterrupt(id: number): void {
    Atomics.store(this.numbers, 4, Math.max(id, this.interruptDone));
  }

  /** Whether an interrupt was asked for and what it interrupts has not ended. */
  get isInterrupting(): boolean {
    return Atomics.load(this.numbers, 5) > this.interruptDone;
  }

  /** For the main thread: blocks until the question of this number has its answer. */
  awaitInput(id: number): void {
    for (let last = Atomics.load(this.numbers, 6); last < id; last = Atomics.load(this.numbers, 6))
      Atomics.wait(this.numbers, 6, last);
  }

  /** For the I/O thread: the answer to the question of this number is there. */
  endInput(id: number): void {
    Atomics.store(this.numbers, 6, id);
    Atomics.notify(this.numbers, 6);
  }

  /** For the I/O thread: the number of a new interrupt. */
  askInterrupt(): number {
    return Atomics.add(this.numbers, 5, 1) + 1;
  }

  /**
   * For the main thread: notes an interrupt whose message it has not read yet.
   *
   * @returns its number, or `undefined` for none
   */
  takeAskedInterrupt(): number | undefined {
    const asked = Atomics.load(this.numbers, 5);
    return this.seeInterrupt(asked) ? asked : undefined;
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

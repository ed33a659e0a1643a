// What the threads agree by: one piece of shared memory. It rests on nothing, for each thread loads it.

/** How many pieces an operation may be cut into. */
export const mostPieces = 256;
/** How many numbers an operation may take. */
const mostArguments = 20;

/** Positions in the words, those of the threads from `states` on. */
const [left, failed, engine, operation, length, states] = [0, 1, 2, 3, 4, 8];
const wordBytes = 512;
const [idle, busy] = [0, 1];

/** An operation that is under way: which, and where its pieces are. */
export interface Order {
  /** The number of the memory that it works on. */
  readonly engine: number;
  /** The place of its name in the engine's list. */
  readonly operation: number;
  /** The numbers that each piece is called with. */
  readonly pieces: readonly (readonly number[])[];
}

/** One piece of the operation that is under way. */
export interface Piece extends Omit<Order, "pieces"> {
  readonly arguments: number[];
}

/**
 * The order that is under way, and which threads are at it. Pieces are taken from the last to the first, by whichever
 * thread is free: one that is slow to wake is not waited for. A thread says that it is busy before it takes a piece,
 * so that once none is left, and none is busy, all are done; nothing else need be known, even when the caller was ended
 * in the middle.
 */
export class Control {
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(wordBytes + 8 * mostPieces * mostArguments)) {
    this.words = new Int32Array(memory, 0, wordBytes / 4);
    this.numbers = new Float64Array(memory, wordBytes);
  }

  /** Gives the pieces of an order out. No thread may be busy. */
  open(order: Order): void {
    const { words, numbers } = this;
    words[engine] = order.engine;
    words[operation] = order.operation;
    words[length] = order.pieces[0].length;
    order.pieces.forEach((piece, n) => numbers.set(piece, n * mostArguments));
    Atomics.store(words, left, order.pieces.length);
    Atomics.notify(words, left);
  }

  /** Takes back what no thread has taken. */
  close(): void {
    Atomics.store(this.words, left, 0);
  }

  /** A piece that nobody else has; `undefined` when none is left. */
  take(): Piece | undefined {
    const { words, numbers } = this;
    for (;;) {
      const count = Atomics.load(words, left);
      if (count === 0) return undefined;
      // What is read below belongs to the order that this number was taken from.
      if (Atomics.compareExchange(words, left, count, count - 1) !== count) continue;
      const from = (count - 1) * mostArguments;
      const given = Array.from(numbers.subarray(from, from + words[length]));
      return { engine: words[engine], operation: words[operation], arguments: given };
    }
  }

  /** Says, for a thread, whether it may be at a piece. */
  setBusy(thread: number, value: boolean): void {
    Atomics.store(this.words, states + thread, value ? busy : idle);
    if (!value) Atomics.notify(this.words, states + thread);
  }

  isBusy(thread: number): boolean {
    return Atomics.load(this.words, states + thread) === busy;
  }

  /** Sleeps until a thread is no longer busy, for so long at most. */
  waitWhileBusy(thread: number, milliseconds: number): void {
    Atomics.wait(this.words, states + thread, busy, milliseconds);
  }

  /** Whether there is a piece to be had. */
  get isOpen(): boolean {
    return Atomics.load(this.words, left) !== 0;
  }

  /** Sleeps until there is a piece to be had. */
  waitForPieces(): void {
    Atomics.wait(this.words, left, 0);
  }

  /** Notes that a piece ended with an error. */
  fail(): void {
    Atomics.store(this.words, failed, 1);
  }

  /** Whether a piece ended with an error since this was asked last. */
  takeFailure(): boolean {
    return Atomics.exchange(this.words, failed, 0) === 1;
  }
}

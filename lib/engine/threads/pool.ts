import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { announce, EngineError, libFolder, nowMs } from "../../core";
import { Contention } from "./contention";
import { Control } from "./control";
import { threadCount } from "./count";

/** A memory and the modules that work on it, as a thread is sent them. */
export interface ThreadEngine {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  /** The exports, in the order that they are numbered by. */
  readonly names: readonly string[];
  /** Room for packing matrices, at a byte offset: its own for each thread. */
  readonly scratch: number;
}

/** What a thread is started with. */
export interface ThreadOrders {
  /** Of the `Control`. */
  readonly memory: SharedArrayBuffer;
  /** Its number, from 0. */
  readonly thread: number;
}

/** An engine whose operations the threads are to compute. */
export interface SharedEngine extends Omit<ThreadEngine, "names" | "scratch"> {
  /** The exports by name, of the calling thread's own instances. */
  readonly wasm: Readonly<Record<string, (...values: number[]) => unknown>>;
  /** Of the calling thread. */
  readonly scratch: number;
  /** Room for another thread. */
  reserveScratch(): number;
}

/** How often a busy thread is looked at before it is waited for asleep: its last piece is nearly done. */
const looks = 2_000;
const sliceMs = 1_000;
/** Seconds of a computer that is awake, in which a piece of less than a millisecond has not ended. */
const mostSlices = 30;

/**
 * Threads that compute an operation's pieces together with the one that calls. They start when there is
 * enough to share, sleep between operations, and keep no process alive.
 */
export class ThreadPool {
  private readonly control = new Control();
  private readonly contention = new Contention();
  private readonly engines: { readonly engine: SharedEngine; readonly names: readonly string[] }[] = [];
  private workers: Worker[] | undefined;
  /** Milliseconds of work that could have been shared. */
  private unshared = 0;
  private count: number;

  /**
   * @param threads the caller among them
   * @param leastPiece nanoseconds of work below which an operation is not cut further
   * @param startAfter milliseconds of work that could have been shared, after which the threads start: as long as a
   *   start takes, so that what is over sooner pays for none
   */
  constructor(
    threads: number,
    readonly leastPiece = 40_000,
    private readonly startAfter = 40,
  ) {
    this.count = threads;
  }

  /** How many threads compute, the caller among them: 1 once a thread has died. */
  get threads(): number {
    return this.count;
  }

  /** Makes an engine known; returns its number. */
  attach(engine: SharedEngine): number {
    const one = { engine, names: Object.keys(engine.wasm) };
    this.engines.push(one);
    for (const worker of this.workers ?? []) this.send(worker, one);
    return this.engines.length - 1;
  }

  /**
   * Calls an export once for each piece, on whichever thread is free, and returns when all are done. No two may write
   * to the same place.
   *
   * @throws EngineError when a thread fails
   */
  run(number: number, operation: string, pieces: readonly (readonly number[])[]): void {
    const { engine, names } = this.engines[number];
    const compute = (given: readonly number[]) => engine.wasm[operation](...given, engine.scratch);
    if (this.workers === undefined && this.unshared >= this.startAfter) this.start();
    if (this.workers === undefined) return this.computeUnshared(pieces, compute);
    if (this.workers.length === 0 || this.contention.isResting()) return pieces.forEach(compute);
    this.settle(); // a caller that was ended by force has left its operation under way
    this.control.takeFailure();
    this.control.open({ engine: number, operation: names.indexOf(operation), pieces });
    const longest = this.computePieces(compute);
    const before = nowMs();
    this.settle();
    this.contention.note(nowMs() - before, longest);
    if (this.control.takeFailure()) throw new EngineError(`${operation} failed in a thread`, { remedy });
  }

  private computeUnshared(
    pieces: readonly (readonly number[])[],
    compute: (given: readonly number[]) => unknown,
  ): void {
    const before = nowMs();
    pieces.forEach(compute);
    this.unshared += nowMs() - before;
  }

  /** Computes pieces until none is left; returns the milliseconds of the longest. */
  private computePieces(compute: (given: readonly number[]) => unknown): number {
    let longest = 0;
    for (let piece = this.control.take(); piece !== undefined; piece = this.control.take()) {
      const before = nowMs();
      compute(piece.arguments);
      longest = Math.max(longest, nowMs() - before);
    }
    return longest;
  }

  /** Ends the threads; what comes later is computed by the caller alone. */
  async end(): Promise<void> {
    this.count = 1;
    const workers = this.workers ?? [];
    this.workers = [];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private start(): void {
    const workers: Worker[] = [];
    this.workers = workers;
    try {
      while (workers.length < this.count - 1) workers.push(this.startOne(workers.length));
    } catch (cause) {
      this.fallBack((cause as Error).message);
    }
  }

  private startOne(thread: number): Worker {
    const script = join(libFolder(), "dist", "engine", "threads", "worker.js");
    const workerData: ThreadOrders = { memory: this.control.memory, thread };
    const worker = new Worker(script, { workerData, execArgv: [] });
    worker.unref();
    worker.on("error", (error) => this.lose(worker, thread, error.message));
    worker.on("exit", (status) => this.lose(worker, thread, `it ended with status ${status}`));
    for (const one of this.engines) this.send(worker, one);
    return worker;
  }

  private send(worker: Worker, { engine, names }: (typeof this.engines)[number]): void {
    const { memory, modules } = engine;
    worker.postMessage({ memory, modules, names, scratch: engine.reserveScratch() } satisfies ThreadEngine);
  }

  /** Waits until no thread is at a piece. */
  private settle(): void {
    this.control.close();
    this.workers?.forEach((_, thread) => this.waitFor(thread));
  }

  private waitFor(thread: number): void {
    for (let look = 0; look < looks; look++) if (!this.control.isBusy(thread)) return;
    for (let slice = 0; slice < mostSlices; slice++) {
      this.control.waitWhileBusy(thread, sliceMs);
      if (!this.control.isBusy(thread)) return;
    }
    this.fallBack("it does not answer");
    throw new EngineError("a thread of the engine does not answer, and the operation is not complete", { remedy });
  }

  private lose(worker: Worker, thread: number, why: string): void {
    if (this.workers?.includes(worker) !== true) return;
    this.control.setBusy(thread, false);
    this.fallBack(why);
  }

  private fallBack(why: string): void {
    announce(`engine: one thread instead of ${this.count}: a thread was lost (${why})`);
    void this.end();
  }
}

const remedy = "compute again; if it fails again, set RECSYS_THREADS=1";

let common: ThreadPool | undefined;

/**
 * The threads of this process, `RECSYS_THREADS` of them.
 *
 * @throws InvalidOptionError when that is no number of threads
 */
export function threadPool(): ThreadPool {
  common ??= new ThreadPool(threadCount());
  return common;
}

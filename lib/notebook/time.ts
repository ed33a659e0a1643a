import { InvalidArgumentError, nowMs } from "../core";

/** What {@link time} measured, in seconds. */
export interface Timed {
  /** What a person waited. */
  readonly wall: number;
  /** What all threads of the process computed meanwhile. More than `wall` where several computed at once. */
  readonly cpu: number;
}

/**
 * Measures a part of a cell and prints one line: the time a person waits, and the processor's.
 *
 * Two ways: with `work`, it is done at once, and what it returns (or its promise brings) is returned. Its failure is
 * timed too, and thrown. Without, the part ends where the returned function is called. Times differ from run to run:
 * give the cell the tag `timing`, so that `npm run notebooks -- --check` does not compare them.
 *
 * @example
 * const model = await time("fit", () => fitMf(train, valid)); // fit: 3.41 s (CPU 3.52 s)
 *
 * const end = time("everything");
 * // what is measured
 * end();
 *
 * @param label what the line begins with
 * @throws InvalidArgumentError when `work` is not a function
 */
export function time(label: string): () => Timed;
export function time<T>(label: string, work: () => T): T;
export function time<T>(label: string, work?: () => T): T | (() => Timed) {
  if (work !== undefined && typeof work !== "function")
    throw new InvalidArgumentError(`the work of time("${label}") is not a function`, {
      remedy: `time("${label}", () => work()), or const end = time("${label}"); …; end();`,
    });
  const end = started(label);
  return work === undefined ? () => end("") : timed(work, end);
}

function timed<T>(work: () => T, end: (how: string) => Timed): T {
  const failed = (error: unknown): never => {
    end(", failed");
    throw error;
  };
  try {
    const result = work();
    if (result instanceof Promise) return result.then((value: unknown) => (end(""), value), failed) as T;
    end("");
    return result;
  } catch (error) {
    return failed(error);
  }
}

function started(label: string): (how: string) => Timed {
  const before = process.cpuUsage();
  const start = nowMs();
  return (how) => {
    const wall = (nowMs() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1e6;
    console.log(`${label}: ${duration(wall)} (CPU ${duration(cpu)})${how}`);
    return { wall, cpu };
  };
}

function duration(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toPrecision(3)} ms`;
  if (seconds < 100) return `${seconds.toPrecision(3)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

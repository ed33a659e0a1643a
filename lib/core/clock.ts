/**
 * Milliseconds on a monotonic clock. The only clock lib reads for durations; records keep what it gives under
 * `seconds`.
 *
 * @example
 * const start = nowMs();
 * const seconds = (nowMs() - start) / 1000;
 */
export function nowMs(): number {
  return performance.now();
}

/** Seconds spent per stage. A stage that is entered twice adds up. */
export class Stopwatch {
  private readonly stages = new Map<string, number>();

  /** Runs `work` and books its time under `stage`. */
  time<T>(stage: string, work: () => T): T {
    const start = nowMs();
    try {
      return work();
    } finally {
      this.book(stage, start);
    }
  }

  /** The same for asynchronous work; the wait for whatever queue it used is inside. */
  async timeAsync<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = nowMs();
    try {
      return await work();
    } finally {
      this.book(stage, start);
    }
  }

  /** Seconds by stage, in the order the stages were first entered. */
  seconds(): Record<string, number> {
    return Object.fromEntries(this.stages);
  }

  /** Seconds of all stages together. */
  total(): number {
    let sum = 0;
    for (const seconds of this.stages.values()) sum += seconds;
    return sum;
  }

  private book(stage: string, startMs: number): void {
    this.stages.set(stage, (this.stages.get(stage) ?? 0) + (nowMs() - startMs) / 1000);
  }
}

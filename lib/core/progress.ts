import { ambient } from "./ambient";
import { nowMs } from "./clock";
import type { ProgressSink } from "./progress-event";

/**
 * Sets (or clears) where progress goes. For the kernel and the command lines; without a sink, progress costs nothing.
 *
 * @example
 * setProgressSink(({ label, done, unit }) => console.error(`${label}: ${done} ${unit}`));
 * await fitMf(train, valid); // training mf: 12 epochs
 * setProgressSink(undefined);
 */
export function setProgressSink(sink: ProgressSink | undefined): void {
  ambient().progress = sink;
}

const reportEveryMs = 100;
let nextId = 1;

/**
 * A piece of long work that reports how far it is, at most ten times a second. Always call `finish`, in a `finally`.
 */
export class ProgressTask {
  private readonly id = nextId++;
  private readonly start = nowMs();
  private lastReport = -Infinity;
  private done = 0;
  private detail = "";

  /**
   * @param label what is being done, such as `"training mf"`
   * @param total how many units there are, or `null`
   * @param unit plural noun, such as `"epochs"` or `"bytes"`
   */
  constructor(
    readonly label: string,
    readonly total: number | null,
    readonly unit: string,
  ) {
    this.report(false);
  }

  update(done: number, detail = this.detail): void {
    this.done = done;
    this.detail = detail;
    if (nowMs() - this.lastReport >= reportEveryMs) this.report(false);
  }

  finish(detail = this.detail): void {
    this.detail = detail;
    this.report(true);
  }

  private report(finished: boolean): void {
    const sink = ambient().progress;
    if (sink === undefined) return;
    this.lastReport = nowMs();
    const elapsedMs = this.lastReport - this.start;
    const share = this.total === null || this.total === 0 ? 0 : this.done / this.total;
    sink({
      id: this.id,
      label: this.label,
      done: this.done,
      total: this.total,
      unit: this.unit,
      detail: this.detail,
      elapsedMs,
      remainingMs: finished ? 0 : share > 0 ? (elapsedMs * (1 - share)) / share : null,
      finished,
    });
  }
}

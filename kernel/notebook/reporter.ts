import { relative } from "node:path";
import { projectFolder } from "../folders";
import type { RunState } from "./run-state";
import type { NotebookReport, RunnerEvent } from "./runner";

interface Running {
  readonly startMs: number;
  state: string;
  share: number;
}

const plainEveryMs = 5000;
const terminalEveryMs = 200;

/** Says how a run of notebooks goes: on a terminal in one line that changes, otherwise in a line now and then. */
export class Reporter {
  private readonly running = new Map<string, Running>();
  private lastSaid = performance.now();

  /** @param before earlier runs, from which the time left is estimated */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly before: RunState,
  ) {}

  take(file: string, event: RunnerEvent): void {
    const path = relative(projectFolder(), file);
    switch (event.type) {
      case "started":
        this.running.set(path, { startMs: performance.now(), state: "starting", share: 0 });
        return this.say();
      case "cell":
      case "progress": {
        const running = this.running.get(path);
        if (running === undefined) return;
        const task = event.type === "progress" ? event.tasks.at(-1) : undefined;
        const detail =
          task === undefined
            ? ""
            : `: ${task.label} ${task.done}${task.total === null ? "" : `/${task.total}`} ${task.unit}`;
        running.state = `cell ${event.cell} of ${event.of}${detail}`;
        running.share = (event.cell - 1) / event.of;
        return this.say();
      }
      case "finished":
        this.running.delete(path);
        this.clear();
        this.stream.write(`${finishedLine(event)}\n`);
    }
  }

  private say(): void {
    const now = performance.now();
    if (now - this.lastSaid < (this.stream.isTTY ? terminalEveryMs : plainEveryMs)) return;
    this.lastSaid = now;
    const states = [...this.running].map(
      ([path, running]) => `${path} ${running.state}${this.left(path, running, now)}`,
    );
    if (!this.stream.isTTY) return void this.stream.write(`  ${states.join("\n  ")}\n`);
    this.clear();
    this.stream.write(states.join(" | ").slice(0, (this.stream.columns ?? 80) - 1));
  }

  private left(path: string, { startMs, share }: Running, now: number): string {
    const elapsed = (now - startMs) / 1000;
    const known = this.before[path]?.status === "ok" ? this.before[path].seconds : undefined;
    const total = known ?? (share > 0 ? elapsed / share : undefined);
    return total === undefined ? "" : `, about ${Math.max(1, Math.ceil(total - elapsed))} s left`;
  }

  private clear(): void {
    if (this.stream.isTTY) this.stream.write("\r\u001b[2K");
  }
}

function finishedLine({ path, status, seconds, written, failure, problem, differences }: NotebookReport): string {
  const head = `${status === "ok" ? "ok" : status.toUpperCase()} ${path} (${seconds.toFixed(1)} s)`;
  const where = written === undefined ? "" : ` -> ${written}`;
  const lines = [head + where];
  if (problem !== undefined) lines.push(problem);
  if (failure !== undefined) lines.push(`cell ${failure.cell} (${failure.reason}):`, ...failure.traceback);
  for (const { cell, what } of differences ?? []) lines.push(`  cell ${cell}: ${what}`);
  return lines.join("\n");
}

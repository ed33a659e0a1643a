import { relative } from "node:path";
import { projectFolder } from "../folders";
import type { RunState } from "./run-state";
import type { NotebookReport, RunnerEvent } from "./runner";

interface Running {
  readonly startMs: number;
  state: string;
  share: number;
  /** When it should end, as it seemed when the share last grew: between two looks the time left counts down. */
  dueMs: number | undefined;
}

type Task = Extract<RunnerEvent, { type: "progress" }>["tasks"][number];

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
        this.running.set(path, this.started(path));
        return this.say();
      case "cell":
      case "progress": {
        const running = this.running.get(path);
        if (running === undefined) return;
        const tasks = event.type === "progress" ? event.tasks : [];
        running.state = `cell ${event.cell} of ${event.of}${ends(tasks)
          .map((task) => `: ${taskText(task)}`)
          .join("")}`;
        grow(running, (event.cell - 1 + shareDone(tasks)) / event.of);
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
    const states = [...this.running].map(([path, running]) => `${path} ${running.state}${leftText(running, now)}`);
    if (!this.stream.isTTY) return void this.stream.write(`  ${states.join("\n  ")}\n`);
    this.clear();
    this.stream.write(states.join(" | ").slice(0, (this.stream.columns ?? 80) - 1));
  }

  private started(path: string): Running {
    const startMs = performance.now();
    const known = this.before[path]?.status === "ok" ? this.before[path].seconds : undefined;
    const dueMs = known === undefined ? undefined : startMs + 1000 * known;
    const share = known === undefined ? 0 : 1; // what an earlier run took says more than any share
    return { startMs, state: "starting", share, dueMs };
  }

  private clear(): void {
    if (this.stream.isTTY) this.stream.write("\r\u001b[2K");
  }
}

const taskText = ({ label, done, total, unit }: Task) => `${label} ${done}${total === null ? "" : `/${total}`} ${unit}`;

/** The outermost work and the innermost. */
const ends = (tasks: readonly Task[]) => (tasks.length > 1 ? [tasks[0], tasks[tasks.length - 1]] : tasks);

/** Of the outermost work that knows how much it is. */
function shareDone(tasks: readonly Task[]): number {
  const counted = tasks.find(({ total }) => total !== null && total > 0);
  return counted === undefined ? 0 : counted.done / counted.total!;
}

function grow(running: Running, share: number): void {
  if (share <= running.share) return;
  const now = performance.now();
  running.share = share;
  running.dueMs = running.startMs + (now - running.startMs) / share;
}

function leftText({ dueMs }: Running, now: number): string {
  if (dueMs === undefined) return "";
  return dueMs > now ? `, about ${Math.ceil((dueMs - now) / 1000)} s left` : ", longer than estimated";
}

/** For the end of a run: which notebook did not do, and where. What was said as it ended may stand far above. */
export function failedLine({ path, status, failure, problem, differences = [] }: NotebookReport): string {
  const cells = [...new Set(differences.map(({ cell }) => cell))].join(", ");
  const where = failure === undefined ? (problem ?? `cell ${cells}`) : `cell ${failure.cell}: ${toldBy(failure)}`;
  return `  ${status} ${path}: ${where.split("\n")[0]}`;
}

const toldBy = ({ ename, evalue }: { readonly ename: string; readonly evalue: string }) => `${ename}: ${evalue}`;

function finishedLine({ path, status, seconds, written, failure, problem, differences }: NotebookReport): string {
  const head = `${status === "ok" ? "ok" : status.toUpperCase()} ${path} (${seconds.toFixed(1)} s)`;
  const where = written === undefined ? "" : ` -> ${written}`;
  const lines = [head + where];
  if (problem !== undefined) lines.push(problem);
  if (failure !== undefined) lines.push(`cell ${failure.cell} (${failure.reason}):`, ...failure.traceback);
  for (const { cell, what } of differences ?? []) lines.push(`  cell ${cell}: ${what}`);
  return lines.join("\n");
}

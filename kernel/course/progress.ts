import { visibleText } from "recsys-unlearning/core";
import type { GradeEvent } from "./grade-all";

const plainEveryMs = 5000;
const terminalEveryMs = 200;

/** Says how grading goes: on a terminal in one line that changes, otherwise in a line now and then. */
export class GradingReporter {
  private waiting = 0;
  private done = 0;
  private readonly running = new Set<string>();
  private readonly startMs = performance.now();
  private lastSaid = 0;
  private executionMs = 0;
  private totalMs = 0;
  private executed = 0;
  private failed = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly quiet = false,
  ) {}

  take(event: GradeEvent): void {
    switch (event.type) {
      case "planned":
        this.waiting = event.waiting;
        return this.line(`${event.waiting} to grade${againText(event.again)}, ${event.done} graded before`);
      case "started":
        this.running.add(event.student);
        return this.say();
      case "graded": {
        this.finish(event.student);
        if (event.executionMs > 0) this.executed++;
        this.executionMs += event.executionMs;
        this.totalMs += event.totalMs;
        const notes = [...event.problems, ...event.faults].map((note) => `; ${visibleText(note)}`).join("");
        if (!this.quiet || event.faults.length > 0)
          this.line(`${visibleText(event.student)}: ${event.earned} points (${seconds(event.totalMs)})${notes}`);
        return this.say();
      }
      case "failed":
        this.finish(event.student);
        this.failed++;
        return this.line(`${visibleText(event.student)}: NOT GRADED: ${event.problem}`);
    }
  }

  /** What was done, and what it took. */
  summary(): string {
    const graded = `${this.done - this.failed} graded${this.failed === 0 ? "" : `, ${this.failed} NOT`}`;
    if (this.executed === 0) return graded;
    const each = this.totalMs / this.executed;
    const ratio = (this.totalMs / this.executionMs).toFixed(2);
    return `${graded}; ${seconds(each)} each, ${ratio} x what executing the notebooks took`;
  }

  private finish(student: string): void {
    this.running.delete(student);
    this.done++;
  }

  private say(): void {
    const now = performance.now();
    if (now - this.lastSaid < (this.stream.isTTY ? terminalEveryMs : plainEveryMs)) return;
    this.lastSaid = now;
    const left = this.waiting - this.done;
    const each = (now - this.startMs) / Math.max(1, this.done);
    const estimate = this.done === 0 || left === 0 ? "" : `, about ${duration(each * left)} left`;
    const text = `${this.done} of ${this.waiting} graded, ${this.running.size} running${estimate}`;
    if (!this.stream.isTTY) return void this.stream.write(`  ${text}\n`);
    this.stream.write(`\r\u001b[2K${text}`);
  }

  private line(text: string): void {
    if (this.stream.isTTY) this.stream.write("\r\u001b[2K");
    this.stream.write(`${text}\n`);
  }
}

function againText(again: number): string {
  return again === 0 ? "" : ` (${again} of them again: the assignment, the secret or the limits have changed)`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function duration(ms: number): string {
  return ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

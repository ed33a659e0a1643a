import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { failedLine, Reporter } from "../../kernel/notebook/reporter";
import type { RunnerEvent } from "../../kernel/notebook/runner";

const file = resolve("notebooks/one.ipynb");
let said: string[];
const stream = { isTTY: false, write: (text: string) => void said.push(text.trim()) } as unknown as NodeJS.WriteStream;

beforeEach(() => {
  said = [];
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => void vi.useRealTimers());

const training = (done: number, total: number | null = null): RunnerEvent => ({
  ...({ type: "progress", cell: 2, of: 2 } as const),
  tasks: [
    { label: "requests", done: 1, total: 4, unit: "requests", note: "", elapsedMs: 0, remainingMs: null },
    { label: "training mf", done, total, unit: "epochs", note: "", elapsedMs: 0, remainingMs: null },
  ] as never,
});

/** What is said when an event comes after some seconds. */
function after(reporter: Reporter, seconds: number, event: RunnerEvent): string {
  vi.advanceTimersByTime(1000 * seconds);
  reporter.take(file, event);
  return said.at(-1) ?? "";
}

test("the time left counts down while one piece of work goes on, and is never made up again", () => {
  const reporter = new Reporter(stream, {});
  reporter.take(file, { type: "started" });
  // 1 of 2 cells and a quarter of the second are done after 10 s: 16 s in all.
  expect(after(reporter, 10, training(1))).toMatch(/about 6 s left$/);
  expect(after(reporter, 5, training(2))).toMatch(/about 1 s left$/);
  expect(after(reporter, 5, training(3))).toMatch(/longer than estimated$/);
});

test("the outermost work stands before the innermost, each with its count", () => {
  const reporter = new Reporter(stream, {});
  reporter.take(file, { type: "started" });
  expect(after(reporter, 6, training(3))).toContain("cell 2 of 2: requests 1/4 requests: training mf 3 epochs");
});

test("an earlier run says how long it takes", () => {
  const reporter = new Reporter(stream, { "notebooks/one.ipynb": { status: "ok", seconds: 60 } as never });
  reporter.take(file, { type: "started" });
  expect(after(reporter, 20, training(1))).toMatch(/about 40 s left$/);
});

test("a line at the end says which notebook failed and where", () => {
  const report = { path: "notebooks/one.ipynb", status: "failed", seconds: 1 } as const;
  const error = { cellId: "c", reason: "error" as const, ename: "TypeError", evalue: "no\nmore", traceback: ["far"] };
  expect(failedLine({ ...report, failure: { cell: 3, ...error } })).toBe(
    "  failed notebooks/one.ipynb: cell 3: TypeError: no",
  );
  expect(failedLine({ ...report, problem: "not JSON\n  at 1" })).toBe("  failed notebooks/one.ipynb: not JSON");
  const differences = [2, 2, 5].map((cell) => ({ cell, what: "another output" }));
  expect(failedLine({ ...report, status: "different", differences } as never)).toBe(
    "  different notebooks/one.ipynb: cell 2, 5",
  );
});

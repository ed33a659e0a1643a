import { getHeapStatistics } from "node:v8";
import type { ErrorContent } from "../protocol/message";

/** What V8 and Node say when memory is at an end; the allocator of C++ and the wasm engine have words of their own. */
const outOfMemory =
  /heap out of memory|Allocation failed|OutOfMemory|out of memory|std::bad_alloc|Cannot enlarge memory/i;
const shownLines = 12;

/**
 * Why a kernel ended while it ran a cell, by name.
 *
 * @param exit the exit code and signal of its process
 * @param log the last that the process said
 */
export function deathOf(exit: object, log: string): ErrorContent {
  const { code, signal } = exit as { code?: number | null; signal?: string | null };
  const how = signal != null ? `ended by ${signal}` : `ended with exit code ${code ?? "unknown"}`;
  const said = log
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s*\d+: 0x/.test(line))
    .slice(-shownLines);
  if (outOfMemory.test(log)) {
    const limit = Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
    const evalue = `the cell needed more memory than the kernel may use (about ${limit} MB for JavaScript's objects)`;
    const remedy = "remedy: keep less at a time, use typed arrays, or set NODE_OPTIONS=--max-old-space-size=MEGABYTES";
    const fatal = said.filter((line) => outOfMemory.test(line));
    return { ename: "OutOfMemory", evalue, traceback: [`OutOfMemory: ${evalue}`, remedy, ...fatal.slice(-1)] };
  }
  const hint = signal === "SIGKILL" ? "; the system ends processes in this way when its memory is full" : "";
  const evalue = `the kernel's process ${how} while it ran the cell${hint}`;
  return { ename: "KernelDied", evalue, traceback: [`KernelDied: ${evalue}`, ...said] };
}

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { inRepository } from "recsys-unlearning/core";
import type { Benchmark } from "./benchmark";
import type { RowProblem, RowReport } from "./measure-rows";

/** What came of some rows that were measured in one process. */
interface ProcessOutcome {
  /** Of the rows that it came to, in their order. */
  readonly reports: readonly RowReport[];
  /** Why there are not more of them; `null` where there are all. */
  readonly problem: string | null;
  /** Whether the engine cannot be used here at all. */
  readonly isWithoutEngine: boolean;
}

interface ProcessLimits {
  /** `RECSYS_ENGINE`; by default as the environment has it. */
  readonly engine?: string;
  /** After so many seconds the process is ended. By default never. */
  readonly seconds?: number;
  /** Told what the process says, line by line. */
  readonly say: (line: string) => void;
}

/**
 * Measures rows in a process of their own: so that its memory is theirs, another engine can compute, and a row that
 * fails does not take the others with it.
 */
export async function measureApart(
  benchmarks: readonly Benchmark[],
  { engine, seconds, say }: ProcessLimits,
): Promise<ProcessOutcome> {
  const script = inRepository("bench", "dist", "measure-rows.js");
  const env = engine === undefined ? process.env : { ...process.env, RECSYS_ENGINE: engine };
  const names = benchmarks.map(({ name }) => name).join(",");
  const child = spawn(process.execPath, [script, names], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const reports: RowReport[] = [];
  let told: RowProblem | undefined;
  createInterface(child.stdout).on("line", (line) => {
    if (!line.startsWith("{")) return say(line);
    const found = JSON.parse(line) as RowReport | RowProblem;
    if ("problem" in found) told = found;
    else reports.push(found);
  });
  createInterface(child.stderr).on("line", say);
  let isLate = false;
  const timer = setTimeout(() => (isLate = child.kill("SIGKILL")), Math.min(2 ** 31 - 1, 1000 * (seconds ?? Infinity)));
  const status = await ended;
  clearTimeout(timer);
  const missing = names.split(",").slice(reports.length);
  if (missing.length === 0) return { reports, problem: null, isWithoutEngine: false };
  const why = isLate ? `longer than ${Math.round(seconds ?? 0)} s` : (told?.problem ?? `ended with status ${status}`);
  return { reports, problem: `${missing.join(", ")}: ${why}`, isWithoutEngine: told?.isWithoutEngine === true };
}

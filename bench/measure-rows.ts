// A line of JSON for each row as it is measured, on stdout. Usage: measure-rows.js NAME,NAME…
import { EngineError, redirectAnnouncements } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import type { Measurement } from "./benchmark";
import { chosenBenchmarks } from "./benchmarks";

/** What a process of its own says of one row. */
export interface RowReport {
  readonly name: string;
  readonly engine: string;
  /** `null` where this machine lacks the data. */
  readonly measured: Measurement | null;
  readonly seconds: number;
}

/** What it says when it ends before the last row. */
export interface RowProblem {
  readonly problem: string;
  /** Whether the engine that was asked for cannot be used here at all. */
  readonly isWithoutEngine: boolean;
}

let hasEngine = false;

async function main(): Promise<void> {
  redirectAnnouncements((line) => console.error(line));
  const engine = engineName();
  hasEngine = true;
  for (const { name, run } of chosenBenchmarks(process.argv[2])) {
    const start = performance.now();
    const measured = await run();
    const report: RowReport = { name, engine, measured, seconds: (performance.now() - start) / 1000 };
    console.log(JSON.stringify(report));
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    const lines = (error instanceof Error ? error.message : String(error)).split("\n");
    const problem: RowProblem = {
      problem: lines.map((line) => line.trim()).join("; "),
      isWithoutEngine: !hasEngine && error instanceof EngineError,
    };
    console.log(JSON.stringify(problem));
    process.exitCode = 1;
  });

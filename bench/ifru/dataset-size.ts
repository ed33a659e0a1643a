import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "recsys-unlearning/core";
import type { Benchmark } from "../benchmark";
import type { SizeReport } from "./measure-size";

const sizes = [100_000, 1_000_000, 5_000_000, 20_000_000] as const;
const shownSize = (rows: number) =>
  rows < 1e6 ? `${Math.round(rows / 1e3)}k rows` : `${Math.round(rows / 1e6)}M rows`;

let measured: Promise<readonly SizeReport[]> | undefined;

/** Each size in a process of its own, so that its memory is its own; once a run. */
function reports(): Promise<readonly SizeReport[]> {
  return (measured ??= (async () => {
    const found: SizeReport[] = [];
    for (const rows of sizes) {
      const script = inRepository(join("bench", "dist", "ifru", "measure-size.js"));
      const { stdout } = await promisify(execFile)(process.execPath, [script, String(rows)]);
      found.push(JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as SizeReport);
    }
    return found;
  })());
}

/** One number of the largest dataset's report beside the smaller ones'. */
function row(
  name: string,
  what: string,
  unit: Benchmark["unit"],
  value: (report: SizeReport) => number,
  counts: (report: SizeReport) => Record<string, number>,
): Benchmark {
  const run = async () => {
    const all = await reports();
    const largest = all[all.length - 1];
    const smaller = all.slice(0, -1).map((report) => [`itself on ${shownSize(report.rows)}`, value(report)]);
    return {
      ours: value(largest),
      peers: Object.fromEntries(smaller) as Record<string, number>,
      counts: counts(largest),
    };
  };
  return {
    name,
    what: `${what}, on ${shownSize(sizes[sizes.length - 1])} made up and less`,
    unit,
    shares: "ifru-data-size",
    run,
  };
}

const request = (size: "interaction" | "user", what: string) =>
  row(
    `ifru-data-size-${size}`,
    `forgetting ${what}`,
    "ms",
    (report) => report[size].ms,
    (report) => report[size].counts,
  );

export const dataSizeInteraction = request("interaction", "one interaction");
export const dataSizeUser = request("user", "one user");
export const dataSizeMemory = row(
  "ifru-data-size-memory",
  "the most memory the process held: data, index, model and requests",
  "MB",
  (report) => report.peakMegabytes,
  ({ users, items }) => ({ users, items }),
);

// npm run bench: one row for each thing a person waits for, beside its peer.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import {
  didYouMean,
  inRepository,
  InvalidOptionError,
  RecsysError,
  redirectAnnouncements,
} from "recsys-unlearning/core";
import { type Benchmark, beyondLimit, type Row, rowsOf } from "./benchmark";
import * as data from "./data/rows";
import * as engine from "./engine/rows";
import * as ifru from "./ifru/rows";
import * as kernel from "./kernel/rows";
import { asMarkdown as asKernelTable, kernelTable } from "./kernel/table";
import { thisMachine } from "./machine";
import * as sessions from "./sessions/rows";

const byName = (a: Benchmark, b: Benchmark) => (a.name < b.name ? -1 : 1);
const areas = new Map<string, readonly Benchmark[]>([
  ["data", Object.values(data).sort(byName)],
  ["engine", Object.values(engine).sort(byName)],
  ["ifru", Object.values(ifru).sort(byName)],
  ["kernel", Object.values(kernel).sort(byName)],
  ["sessions", Object.values(sessions).sort(byName)],
]);
const benchmarks = [...areas.values()].flat().sort(byName);

interface Flags {
  only?: string;
  json: boolean;
  check: boolean;
}

function chosen(only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks;
  const names = benchmarks.map(({ name }) => name);
  return only.split(",").flatMap((name) => {
    const found = areas.get(name) ?? benchmarks.filter((benchmark) => benchmark.name === name);
    if (found.length > 0) return found;
    throw new InvalidOptionError(`there is no benchmark "${name}"`, {
      remedy: didYouMean(name, [...areas.keys(), ...names]),
    });
  });
}

function shown(value: number | null, digits = 3): string {
  return value === null ? "–" : value.toPrecision(digits).replace(/e\+(\d+)/, (_, power) => `e${power}`);
}

function asMarkdown(rows: readonly Row[]): string {
  const head =
    "| row | ours | unit | peer | peer's | ratio | share of the machine's limit | counts |\n|---|---:|---|---|---:|---:|---:|---|";
  const lines = rows.map(({ name, ours, unit, peer, peerName, ratio, limitShare, counts }) => {
    const counted = Object.entries(counts).map(([what, count]) => `${Number(count.toPrecision(4))} ${what}`);
    const cells = [name, shown(ours), unit, peerName, shown(peer), shown(ratio), shown(limitShare), counted.join(", ")];
    return `| ${cells.join(" | ")} |`;
  });
  return [head, ...lines].join("\n");
}

/** The rows whose ratio is above its committed limit. A limit names the row and how the peer's name begins. */
function tooSlow(rows: readonly Row[]): string[] {
  const limits = JSON.parse(readFileSync(inRepository("bench", "limits.json"), "utf8")) as Record<string, number>;
  return rows.flatMap(({ name, peerName, ratio }) => {
    const key = Object.keys(limits).find((start) => `${name} / ${peerName}`.startsWith(start));
    const limit = key === undefined ? undefined : limits[key];
    if (limit === undefined || ratio === null || ratio <= limit) return [];
    return [`${name}: ${shown(ratio)} x ${peerName}, limit ${limit}`];
  });
}

async function bench({ only, json, check }: Flags): Promise<void> {
  redirectAnnouncements((line) => console.error(line));
  const rows: Row[] = [];
  for (const benchmark of chosen(only)) {
    console.error(`${benchmark.name}: ${benchmark.what}`);
    const measured = await benchmark.run();
    if (measured === null) console.error(`${benchmark.name}: its data is not on this machine`);
    else rows.push(...rowsOf(benchmark, measured));
  }
  for (const { name, peer, peerName } of rows)
    if (peer === null)
      console.error(`${name}: no value of ${peerName} (not installed: npm run peers; or it cannot do this)`);
  console.log(json ? JSON.stringify({ machine: thisMachine(), rows }, null, 2) : asMarkdown(rows));
  const failures = [...beyondLimit(rows).map(({ message }) => message), ...(check ? tooSlow(rows) : [])];
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

/** Our kernel beside those of others. What is not installed, or did not pass, is said. */
async function kernels({ json }: { json: boolean }): Promise<void> {
  const table = await kernelTable((line) => console.error(line));
  for (const line of table.missed) console.error(`not passed: ${line}`);
  for (const [name, value] of Object.entries(table.rows[0].values))
    if (value === null) console.error(`${name} is not installed: npm run peers`);
  console.log(json ? JSON.stringify({ machine: thisMachine(), ...table }, null, 2) : asKernelTable(table));
}

const program = new Command("bench")
  .description("Measures what a person waits for, beside its peers in the same run.")
  .option("--only <names>", "some rows, or areas (data, engine, ifru, kernel), separated by commas")
  .option("--json", "print {machine, rows}", false)
  .option("--check", "fail when a ratio is above its limit in bench/limits.json", false)
  .action(bench);
program
  .command("kernels")
  .description("our kernel beside plain tslab, Deno's and ipykernel: conformance, speed, interrupts")
  .option("--json", "print {machine, rows, missed}", false)
  .action(kernels);
program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});

// npm run bench: one row for each thing a person waits for, beside its peer.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { didYouMean, inRepository, InvalidOptionError, RecsysError } from "recsys-unlearning/core";
import { type Benchmark, type Row, rowsOf } from "./benchmark";
import { parseBookcrossing, parseMl1m } from "./data/rows";
import { kernelCell, kernelLines, kernelMemory, kernelStart } from "./kernel/rows";
import { thisMachine } from "./machine";

/** Alphabetical. */
const benchmarks: readonly Benchmark[] = [
  kernelCell,
  kernelLines,
  kernelMemory,
  kernelStart,
  parseBookcrossing,
  parseMl1m,
];

interface Flags {
  only?: string;
  json: boolean;
  check: boolean;
}

function chosen(only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks;
  const names = benchmarks.map(({ name }) => name);
  return only.split(",").map((name) => {
    const found = benchmarks.find((benchmark) => benchmark.name === name);
    if (found !== undefined) return found;
    throw new InvalidOptionError(`there is no benchmark "${name}"`, { remedy: didYouMean(name, names) });
  });
}

function shown(value: number | null, digits = 3): string {
  return value === null ? "–" : value.toPrecision(digits).replace(/e\+(\d+)/, (_, power) => `e${power}`);
}

function asMarkdown(rows: readonly Row[]): string {
  const head =
    "| row | ours | unit | peer | peer's | ratio | share of the machine's limit |\n|---|---:|---|---|---:|---:|---:|";
  const lines = rows.map(({ name, ours, unit, peer, peerName, ratio, limitShare }) => {
    return `| ${name} | ${shown(ours)} | ${unit} | ${peerName} | ${shown(peer)} | ${shown(ratio)} | ${shown(limitShare)} |`;
  });
  return [head, ...lines].join("\n");
}

/** The rows whose ratio is above its committed limit. */
function tooSlow(rows: readonly Row[]): string[] {
  const limits = JSON.parse(readFileSync(inRepository("bench", "limits.json"), "utf8")) as Record<string, number>;
  return rows.flatMap(({ name, peerName, ratio }) => {
    const limit = limits[`${name} / ${peerName}`];
    if (limit === undefined || ratio === null || ratio <= limit) return [];
    return [`${name}: ${shown(ratio)} x ${peerName}, limit ${limit}`];
  });
}

async function bench({ only, json, check }: Flags): Promise<void> {
  const rows: Row[] = [];
  for (const benchmark of chosen(only)) {
    console.error(`${benchmark.name}: ${benchmark.what}`);
    rows.push(...rowsOf(benchmark, await benchmark.run()));
  }
  for (const { name, peer, peerName } of rows)
    if (peer === null)
      console.error(`${name}: no value of ${peerName} (not installed: npm run peers; or it cannot do this)`);
  console.log(json ? JSON.stringify({ machine: thisMachine(), rows }, null, 2) : asMarkdown(rows));
  const failures = check ? tooSlow(rows) : [];
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

new Command("bench")
  .description("Measures what a person waits for, beside its peers in the same run.")
  .option("--only <names>", "some rows, separated by commas")
  .option("--json", "print {machine, rows}", false)
  .option("--check", "fail when a ratio is above its limit in bench/limits.json", false)
  .action(bench)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof RecsysError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });

// What `npm run bench` does: loaded when it is asked for, so that `--help` does not wait.
import { readFileSync } from "node:fs";
import { inRepository, provenance, redirectAnnouncements } from "recsys-unlearning/core";
import { beyondLimit, type Row, rowsOf } from "./benchmark";
import { chosenBenchmarks, groupsOf } from "./benchmarks";
import { enginesAsMarkdown, engineTable } from "./engines";
import type { Flags } from "./flags";
import { addToHistory, historyFile, isCreeping, readHistory, trendsOf } from "./history";
import { asMarkdown as asKernelTable, kernelTable } from "./kernel/table";
import { holdToLimits, type Limits } from "./limits";
import { nameOf, thisMachine } from "./machine";
import { rowsAsMarkdown, shown, trendsAsMarkdown } from "./markdown";
import { keepResults } from "./results";
import { measureApart } from "./row-process";
import { scaleAsMarkdown, type ScaleOptions, scaleTable } from "./scale/table";
import { isTooLong, waitInWords, waitsAsMarkdown, waitTable } from "./waits/table";
import { chosenWaits } from "./waits/waits";

const say = (line: string) => console.error(line);

/** Measures what the flags ask for, and prints it. */
export async function run(flags: Flags): Promise<void> {
  redirectAnnouncements(say);
  if (flags.waits) return waits(flags);
  if (flags.history) return history(flags);
  if (flags.engines) return engines(flags);
  if (flags.scale) return scale(flags);
  return bench(flags);
}

async function bench({ only, json, check, keep }: Flags): Promise<void> {
  const rows: Row[] = [];
  let engine = "";
  const benchmarks = chosenBenchmarks(only);
  const heard = new Set<string>();
  const once = (line: string) => {
    if (!heard.has(line)) say(line);
    heard.add(line);
  };
  for (const group of groupsOf(benchmarks)) {
    for (const { name, what } of group) say(`${name}: ${what}`);
    const { reports, problem } = await measureApart(group, { say: once });
    for (const report of reports) {
      const benchmark = group.find(({ name }) => name === report.name)!;
      engine = report.engine;
      if (report.measured === null) say(`${report.name}: its data is not on this machine`);
      else rows.push(...rowsOf(benchmark, report.measured));
    }
    if (problem !== null) fail(`failed: ${problem}`);
  }
  const missing = new Map<string, string[]>();
  for (const { name, peer, peerName } of rows)
    if (peer === null) missing.set(peerName, [...(missing.get(peerName) ?? []), name]);
  for (const [peerName, names] of missing)
    say(
      `no value of ${peerName} (not installed: npm run peers, with -- --libraries for those; or it cannot do this): ${names.join(", ")}`,
    );
  await remember(rows, engine);
  if (keep && rows.length > 0) await keepResults(rows, engine, benchmarks, say);
  const machine = thisMachine();
  console.log(
    json ? JSON.stringify({ machine, engine, rows }, null, 2) : `${nameOf(machine)}\n\n${rowsAsMarkdown(rows)}`,
  );
  // The limit is that of WebAssembly's vectors, beyond which other libraries may go.
  for (const { message } of engine === "wasm" ? beyondLimit(rows) : []) fail(message);
  if (check) hold(rows);
}

function fail(message: string): void {
  say(message);
  process.exitCode = 1;
}

/** One line of the history: what a slow creep is seen by. */
async function remember(rows: readonly Row[], engine: string): Promise<void> {
  if (rows.length === 0) return;
  const { cpu, cores, simdBits, nodeMajor } = thisMachine();
  await addToHistory({
    date: new Date().toISOString(),
    commit: provenance().commit,
    machine: { cpu, cores, simdBits, nodeMajor },
    engine,
    rows: rows.map(({ name, peerName, ours, peer, ratio }) => ({ name, peerName, ours, peer, ratio })),
  });
}

function hold(rows: readonly Row[]): void {
  const limits = JSON.parse(readFileSync(inRepository("bench", "limits.json"), "utf8")) as Limits;
  const { notes, failures } = holdToLimits(rows, limits, thisMachine());
  notes.forEach(say);
  failures.forEach(fail);
}

async function history({ json }: Flags): Promise<void> {
  const trends = trendsOf(await readHistory());
  if (trends.length === 0) say(`nothing is kept yet: npm run bench adds a line to ${historyFile()}`);
  console.log(json ? JSON.stringify(trends, null, 2) : trendsAsMarkdown(trends));
  for (const trend of trends.filter(isCreeping))
    say(
      `warning: ${trend.name} creeps: its last five runs are ${shown(trend.change)} x its first five (${trend.where})`,
    );
}

/** The same rows by every engine, each in processes of its own. */
async function engines({ only, json }: Flags): Promise<void> {
  const table = await engineTable(chosenBenchmarks(only), say);
  for (const line of table.leftOut) say(`left out: ${line}`);
  const machine = thisMachine();
  console.log(
    json ? JSON.stringify({ machine, ...table }, null, 2) : `${nameOf(machine)}\n\n${enginesAsMarkdown(table)}`,
  );
}

/** What the size of the data costs. */
async function scale({ json, ...options }: Flags & ScaleOptions): Promise<void> {
  const table = await scaleTable(options, say);
  const machine = thisMachine();
  console.log(
    json ? JSON.stringify({ machine, ...table }, null, 2) : `${nameOf(machine)}\n\n${scaleAsMarkdown(table)}`,
  );
}

/** What a person waits for before anything is computed, beside its goal. */
async function waits({ json, check, only, rounds }: Flags): Promise<void> {
  const rows = await waitTable(chosenWaits(only), rounds, say);
  const machine = thisMachine();
  console.log(json ? JSON.stringify({ machine, rows }, null, 2) : `${nameOf(machine)}\n\n${waitsAsMarkdown(rows)}`);
  if (check) for (const row of rows.filter(isTooLong)) fail(`${row.name}: ${waitInWords(row)}`);
}

/** Our kernel beside those of others. What is not installed, or did not pass, is said. */
export async function kernels({ json }: { json: boolean }): Promise<void> {
  const table = await kernelTable(say);
  for (const line of table.missed) say(`not passed: ${line}`);
  for (const [name, value] of Object.entries(table.rows[0].values))
    if (value === null) say(`${name} is not installed: npm run peers`);
  console.log(json ? JSON.stringify({ machine: thisMachine(), ...table }, null, 2) : asKernelTable(table));
}

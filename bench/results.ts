import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inRepository, provenance, writeFileAtomic } from "recsys-unlearning/core";
import { threadCount } from "recsys-unlearning/engine";
import type { Benchmark, Row } from "./benchmark";
import { type Machine, nameOf, thisMachine } from "./machine";

/** One line of what is committed. */
export interface KeptRow extends Row {
  /** What the row measures, in words. */
  readonly what: string;
  /** ISO 8601. */
  readonly date: string;
  /** `null` outside a git checkout. */
  readonly commit: string | null;
}

/** What is committed of one engine on one release of Node: docs/speed.md is made of such files. */
export interface KeptResults {
  readonly machine: Machine;
  readonly engine: string;
  /** Of ours. */
  readonly threads: number;
  readonly rows: readonly KeptRow[];
}

/** Where the results of an engine on a release of Node are. */
export function resultsFile(engine: string, nodeMajor: number, folder = inRepository("bench", "results")): string {
  return join(folder, `${engine}-node${nodeMajor}.json`);
}

/**
 * What is kept once these rows are measured: rows of the same names are replaced. Those of another kind of machine are
 * left out, since one table has one machine.
 */
export function mergedResults(before: KeptResults | null, now: KeptResults): KeptResults {
  const measured = new Set(now.rows.map(({ name }) => name));
  const others = before !== null && isAlike(before, now) ? before.rows.filter(({ name }) => !measured.has(name)) : [];
  const rows = [...others, ...now.rows].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { ...now, rows };
}

/** Whether rows of both may stand in one table: one kind of machine, and as many threads. */
function isAlike(a: KeptResults, b: KeptResults): boolean {
  return nameOf(a.machine) === nameOf(b.machine) && a.threads === b.threads;
}

/** Writes what was measured to the file that is committed, and says so. */
export async function keepResults(
  rows: readonly Row[],
  engine: string,
  benchmarks: readonly Benchmark[],
  say: (line: string) => void,
): Promise<void> {
  const machine = thisMachine();
  const file = resultsFile(engine, machine.nodeMajor);
  const [date, { commit }] = [new Date().toISOString(), provenance()];
  const kept = rows.map((row) => {
    return { ...row, what: benchmarks.find(({ name }) => name === row.name)!.what, date, commit };
  });
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as KeptResults) : null;
  const now = { machine, engine, threads: threadCount(), rows: kept };
  await writeFileAtomic(file, `${JSON.stringify(mergedResults(before, now), null, 2)}\n`);
  say(`kept: ${file}`);
  if (before !== null && !isAlike(before, now))
    say(`its ${before.rows.length} rows of ${nameOf(before.machine)}, ${before.threads} threads, are left out`);
}

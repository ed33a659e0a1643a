import { engineNames } from "recsys-unlearning/engine";
import { type Benchmark, type Row, rowsOf } from "./benchmark";
import { groupsOf, usesEngine } from "./benchmarks";
import { markdownTable, shown } from "./markdown";
import { measureApart } from "./row-process";

/** The same rows by each engine. */
export interface EngineTable {
  /** Those that could start. */
  readonly engines: readonly string[];
  readonly rows: readonly { readonly engine: string; readonly row: Row }[];
  /** What is not in the table, and why. */
  readonly leftOut: readonly string[];
}

/** What an engine may take for rows on which the first took so many seconds: `cpu` is for small ones. */
const patience = (seconds: number) => 20 + 10 * seconds;

/** Measures rows with each engine that is installed, one after the other for each row. */
export async function engineTable(benchmarks: readonly Benchmark[], say: (line: string) => void): Promise<EngineTable> {
  const leftOut: string[] = [];
  // Whether one is installed its own process says.
  const usable = new Set<string>(engineNames);
  const rows: { engine: string; row: Row }[] = [];
  const idle = benchmarks.filter((benchmark) => !usesEngine(benchmark)).map(({ name }) => name);
  if (idle.length > 0) leftOut.push(`${idle.join(", ")}: no engine computes there`);
  for (const group of groupsOf(benchmarks.filter(usesEngine))) {
    let allowed: number | undefined;
    for (const engine of usable) {
      say(`${engine}: ${group.map(({ name }) => name).join(", ")}`);
      const { reports, problem, isWithoutEngine } = await measureApart(group, { engine, seconds: allowed, say });
      for (const { name, measured } of reports)
        if (measured === null) leftOut.push(`${name}: its data is not on this machine`);
        else rows.push(...rowsOf(benchmarkOf(group, name), measured).map((row) => ({ engine, row })));
      if (problem !== null) leftOut.push(`${engine}: ${problem}`);
      if (isWithoutEngine) usable.delete(engine);
      allowed ??= patience(reports.reduce((sum, { seconds }) => sum + seconds, 0));
    }
  }
  return { engines: [...usable], rows, leftOut: [...new Set(leftOut)] };
}

function benchmarkOf(group: readonly Benchmark[], name: string): Benchmark {
  return group.find((benchmark) => benchmark.name === name)!;
}

/** Side by side: each engine's value with its ratio to the peer, which was measured beside it. */
export function enginesAsMarkdown({ engines: shownEngines, rows }: EngineTable): string {
  const keys = [...new Set(rows.map(({ row }) => JSON.stringify([row.name, row.unit, row.peerName])))];
  const lines = keys.map((key) => {
    const [name, unit, peerName] = JSON.parse(key) as string[];
    const found = rows.filter(({ row }) => row.name === name && row.peerName === peerName);
    const cells = shownEngines.map((engine) => {
      const own = found.find((one) => one.engine === engine)?.row;
      return own === undefined ? "–" : `${shown(own.ours)} (${shown(own.ratio)} x)`;
    });
    return [name, ...cells, unit, peerName, shown(found[0].row.peer)];
  });
  const head = ["row", ...shownEngines, "unit", "peer", "peer's"];
  return markdownTable(head, `-${":".repeat(shownEngines.length)}--:`, lines);
}

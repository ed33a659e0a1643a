import { didYouMean, InvalidOptionError } from "recsys-unlearning/core";
import type { Benchmark } from "./benchmark";
import * as data from "./data/rows";
import * as engine from "./engine/rows";
import * as ifru from "./ifru/rows";
import * as kernel from "./kernel/rows";
import * as libraries from "./libraries/rows";
import * as sessions from "./sessions/rows";

const byName = (a: Benchmark, b: Benchmark) => (a.name < b.name ? -1 : 1);
const inArea = (rows: Readonly<Record<string, Benchmark>>) => Object.values(rows).sort(byName);

/** The rows by area, which is what `--only` takes beside names of rows. */
const areas: ReadonlyMap<string, readonly Benchmark[]> = new Map([
  ["data", inArea(data)],
  ["engine", inArea(engine)],
  ["ifru", inArea(ifru)],
  ["kernel", inArea(kernel)],
  ["libraries", inArea(libraries)],
  ["sessions", inArea(sessions)],
]);
/** Areas whose rows compute on the engine; reading files and answering a notebook do not. */
const computing = ["engine", "ifru", "libraries", "sessions"];

const all = [...areas.values()].flat().sort(byName);

/**
 * Those that were asked for; all, where nothing was.
 *
 * @param only names of rows or areas, separated by commas
 * @throws InvalidOptionError for a name there is not
 */
export function chosenBenchmarks(only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return all;
  const names = all.map(({ name }) => name);
  return only.split(",").flatMap((name) => {
    const found = areas.get(name) ?? all.filter((benchmark) => benchmark.name === name);
    if (found.length > 0) return found;
    throw new InvalidOptionError(`there is no benchmark "${name}"`, {
      remedy: didYouMean(name, [...areas.keys(), ...names]),
    });
  });
}

/** Whether the row would differ with another engine. */
export function usesEngine(benchmark: Benchmark): boolean {
  return computing.some((area) => areas.get(area)?.includes(benchmark));
}

/** Rows that share work, together; each of the others alone. */
export function groupsOf(benchmarks: readonly Benchmark[]): readonly (readonly Benchmark[])[] {
  const groups = new Map<string, Benchmark[]>();
  for (const benchmark of benchmarks) {
    const key = benchmark.shares ?? benchmark.name;
    groups.set(key, [...(groups.get(key) ?? []), benchmark]);
  }
  return [...groups.values()];
}

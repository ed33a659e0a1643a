import { join } from "node:path";
import {
  canonicalJson,
  CorruptFileError,
  InvalidArgumentError,
  NotFoundError,
  readRegularFile,
  sha256,
  writeFileAtomic,
} from "../../core";
import type { PlannedRun } from "./plan";
import type { Run } from "../config/run-config";
import type { RunStore } from "../store/run-store";

/** What a task reads: the runs of a plan, so that a task is the path of this file and a number. */
export interface GridFile {
  readonly version: 1;
  readonly name: string;
  readonly store: string;
  readonly runs: readonly Run[];
}

/** Writes what tasks read into the store; its name is its content's hash. @returns the path */
export async function gridFileIn(store: RunStore, name: string, runs: readonly Run[]): Promise<string> {
  const grid: GridFile = { version: 1, name, store: store.folder, runs };
  const path = join(store.folder, "grids", `${name}-${sha256(canonicalJson(grid)).slice(0, 12)}.json`);
  await writeFileAtomic(path, asText(grid));
  return path;
}

/**
 * Writes what has to be computed of a plan, for schedulers of one's own: each run by `run-one FILE INDEX`, in any
 * order. Runs that others rest on come first, so that few wait for them.
 *
 * @returns how many runs there are
 * @example
 * const store = new RunStore("runs");
 * const configs = expandView(views["ifru-time"], { preset: "tiny" }, builtInParts);
 * const plan = await planRuns(configs, store, builtInParts, "wasm");
 * const count = await writeGridFile("grid.json", "ifru-time", plan, store);
 */
export async function writeGridFile(
  path: string,
  name: string,
  plan: readonly PlannedRun[],
  store: RunStore,
): Promise<number> {
  const runs = stepsOf(plan.filter(({ compute }) => compute)).flat();
  await writeFileAtomic(path, asText({ version: 1, name, store: store.folder, runs }));
  return runs.length;
}

const asText = (grid: GridFile) => `${JSON.stringify(grid, null, 1)}\n`;

/**
 * One run of a grid file, with the store that it belongs to.
 *
 * @throws NotFoundError, CorruptFileError, InvalidArgumentError for an index outside the grid
 * @example
 * const { grid, run } = await readGridFile("grid.json", 0);
 * await computeWithPrerequisites(run, new RunStore(grid.store), builtInParts);
 */
export async function readGridFile(
  path: string,
  index: number,
): Promise<{ readonly grid: GridFile; readonly run: Run }> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new NotFoundError("there is no such grid file", { where: path, cause });
  }
  let grid: GridFile;
  try {
    grid = JSON.parse(text) as GridFile;
  } catch (cause) {
    throw new CorruptFileError("the grid file is not JSON", { where: path, cause });
  }
  if (grid.version !== 1 || !Array.isArray(grid.runs))
    throw new CorruptFileError("this is no grid file", { where: path });
  const run = grid.runs[index];
  if (run === undefined)
    throw new InvalidArgumentError(`the grid has no run ${index}`, {
      remedy: `they go from 0 to ${grid.runs.length - 1}`,
    });
  return { grid, run };
}

/** Runs by how many runs they rest on in a row: each step needs only those before it. */
export function stepsOf(planned: readonly PlannedRun[]): Run[][] {
  const depth = new Map<string, number>();
  const steps: Run[][] = [];
  for (const { run, prerequisites } of planned) {
    const level = Math.max(-1, ...prerequisites.map((id) => depth.get(id) ?? -1)) + 1;
    depth.set(run.id, level);
    (steps[level] ??= []).push(run);
  }
  return steps;
}

import { basename, dirname, join, relative, sep } from "node:path";
import { RecsysError } from "recsys-unlearning/core";
import { projectFolder } from "../folders";
import type { StartOptions } from "../client/kernel-client";
import { differences, type Difference } from "./compare";
import { type CellFailure, executeNotebook, type NotebookEvent } from "./execute-notebook";
import { type Notebook, readNotebook, writeNotebook } from "./notebook-file";
import { declaredParameters, withParameters } from "./parameters";

export interface RunnerOptions {
  /** How many notebooks run at the same time; default 1. */
  readonly workers?: number;
  /** For each cell; default 600,000. */
  readonly timeoutMs?: number;
  /** Values for parameters; each must be declared by every notebook of the run. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Goes to the notebooks that declare a parameter `preset`. */
  readonly preset?: string;
  /** What becomes of the executed notebooks: copies in a folder, the files themselves, or nothing but a comparison with them. */
  readonly target: { readonly folder: string } | "in place" | "compare";
  readonly start?: StartOptions;
  readonly onEvent?: (path: string, event: RunnerEvent) => void;
}

export type RunnerEvent =
  NotebookEvent | { readonly type: "started" } | ({ readonly type: "finished" } & NotebookReport);

/** What became of one notebook. Paths are relative to the repository. */
export interface NotebookReport {
  readonly path: string;
  readonly status: "ok" | "failed" | "different";
  readonly seconds: number;
  /** The executed copy, if one was written. */
  readonly written?: string;
  readonly failure?: CellFailure;
  /** A notebook that could not be read or a kernel that did not start. */
  readonly problem?: string;
  readonly differences?: readonly Difference[];
}

/** Executes notebooks, each in a kernel of its own; whatever befalls one costs only that one. Reports come in the order of `paths`. */
export async function runNotebooks(paths: readonly string[], options: RunnerOptions): Promise<NotebookReport[]> {
  const reports: NotebookReport[] = new Array<NotebookReport>(paths.length);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      const path = paths[index];
      options.onEvent?.(path, { type: "started" });
      reports[index] = await runNotebook(path, options);
      options.onEvent?.(path, { type: "finished", ...reports[index] });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.workers ?? 1, paths.length) }, work));
  return reports;
}

async function runNotebook(file: string, options: RunnerOptions): Promise<NotebookReport> {
  const path = relative(projectFolder(), file);
  const start = performance.now();
  try {
    const committed = await readNotebook(file);
    const { target, timeoutMs, start: startOptions } = options;
    const prepared = withParameters(committed, parametersFor(committed, options));
    const { notebook, failure, seconds } = await executeNotebook(prepared, {
      timeoutMs,
      // As everywhere in Jupyter: what a notebook names by a relative path lies beside it.
      start: { cwd: dirname(file), ...startOptions },
      onEvent: (event) => options.onEvent?.(file, event),
    });
    const report = { path, seconds, ...(failure === undefined ? {} : { failure }) };
    if (target === "compare") {
      const found = failure === undefined ? differences(committed, notebook) : [];
      return { ...report, status: failure ? "failed" : found.length > 0 ? "different" : "ok", differences: found };
    }
    const written = target === "in place" ? file : join(target.folder, placeInFolder(path));
    await writeNotebook(written, notebook);
    return { ...report, status: failure ? "failed" : "ok", written: relative(projectFolder(), written) };
  } catch (error) {
    // A bug of ours is not a notebook's failure.
    if (!(error instanceof RecsysError)) throw error;
    return { path, status: "failed", seconds: (performance.now() - start) / 1000, problem: error.message };
  }
}

function parametersFor(notebook: Notebook, { preset, parameters = {} }: RunnerOptions): Record<string, unknown> {
  const wantsPreset = preset !== undefined && declaredParameters(notebook).has("preset");
  return wantsPreset ? { preset, ...parameters } : { ...parameters };
}

/** Executed copies keep their place below notebooks/; of other notebooks only the name is kept. */
function placeInFolder(path: string): string {
  return path.startsWith(`notebooks${sep}`) ? relative("notebooks", path) : basename(path);
}

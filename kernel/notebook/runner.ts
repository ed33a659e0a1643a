import { dirname, relative } from "node:path";
import { InvalidArgumentError, RecsysError } from "recsys-unlearning/core";
import { projectFolder } from "../folders";
import type { StartOptions } from "../client/kernel-client";
import { differences, type Difference } from "./compare";
import { type CellFailure, executeNotebook, kernelspecName, type NotebookEvent } from "./execute-notebook";
import { type Notebook, readNotebook, writableTarget, writeNotebook } from "./notebook-file";
import { outputPaths, type Target } from "./output-paths";
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
  readonly target: Target;
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

/**
 * Executes notebooks, each in a kernel of its own; whatever befalls one costs only that one. Reports come in the order
 * of `paths`.
 */
export async function runNotebooks(paths: readonly string[], options: RunnerOptions): Promise<NotebookReport[]> {
  const reports: NotebookReport[] = new Array<NotebookReport>(paths.length);
  const places = outputPaths(paths, options.target);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      const path = paths[index];
      options.onEvent?.(path, { type: "started" });
      reports[index] = await runNotebook(path, places.get(path) ?? path, options);
      options.onEvent?.(path, { type: "finished", ...reports[index] });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.workers ?? 1, paths.length) }, work));
  return reports;
}

async function runNotebook(file: string, output: string, options: RunnerOptions): Promise<NotebookReport> {
  const path = relative(projectFolder(), file);
  const start = performance.now();
  try {
    const committed = await readNotebook(file);
    refuseForeign(committed, file);
    const { target, timeoutMs, start: startOptions } = options;
    // Before the work, not after it.
    if (target !== "compare") await writableTarget(output);
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
    // The outputs that the notebook has are not given up for half of new ones.
    if (target === "in place" && failure !== undefined) return { ...report, status: "failed" };
    await writeNotebook(output, notebook);
    return { ...report, status: failure ? "failed" : "ok", written: relative(projectFolder(), output) };
  } catch (error) {
    // Also a bug of ours must not cost the reports of the other notebooks; it is told with its place.
    const problem =
      error instanceof RecsysError ? error.message : `internal error: ${String((error as Error)?.stack ?? error)}`;
    return { path, status: "failed", seconds: (performance.now() - start) / 1000, problem };
  }
}

/** A notebook of another language would be run as TypeScript, and made one. @throws InvalidArgumentError */
function refuseForeign({ metadata }: Notebook, where: string): void {
  const { kernelspec, language_info: language } = metadata as Record<string, { name?: unknown } | undefined>;
  const foreign =
    kernelspec === undefined
      ? language?.name !== undefined && language.name !== "typescript"
      : kernelspec.name !== kernelspecName;
  if (!foreign) return;
  const kernel = String(kernelspec?.name ?? language?.name);
  throw new InvalidArgumentError(`the notebook is for another kernel, ${JSON.stringify(kernel)}`, {
    where,
    remedy:
      'if it is TypeScript, choose the kernel "TypeScript (recsys-unlearning)" for it in JupyterLab and save it, or set ' +
      `metadata.kernelspec.name to ${JSON.stringify(kernelspecName)}`,
  });
}

function parametersFor(notebook: Notebook, { preset, parameters = {} }: RunnerOptions): Record<string, unknown> {
  const wantsPreset = preset !== undefined && declaredParameters(notebook).has("preset");
  return wantsPreset ? { preset, ...parameters } : { ...parameters };
}

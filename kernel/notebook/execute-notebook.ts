import type { ProgressEvent } from "recsys-unlearning/core";
import { type Execution, KernelClient, type StartOptions } from "../client/kernel-client";
import type { ErrorOutput } from "../client/outputs";
import type { DisplayData, ErrorContent, Message } from "../protocol/message";
import { progressMimeType } from "../protocol/progress";
import { cleanedOutputs } from "./clean-outputs";
import { deathOf } from "./kernel-death";
import { hasTag, type Notebook, type NotebookCell } from "./notebook-file";

export interface NotebookRunOptions {
  /** How the kernel is started; default: this checkout's kernel. */
  readonly start?: StartOptions;
  /** For each cell; default 600,000. */
  readonly timeoutMs?: number;
  readonly onEvent?: (event: NotebookEvent) => void;
}

/** What a person who watches wants to know. Cells are counted from 1 among the code cells that are not empty. */
export type NotebookEvent =
  | { readonly type: "cell"; readonly cell: number; readonly of: number }
  | { readonly type: "progress"; readonly cell: number; readonly of: number; readonly tasks: readonly ProgressEvent[] };

/** Where and how a notebook failed. */
export interface CellFailure extends ErrorContent {
  /** Among all cells, from 1, as JupyterLab and the file have them. */
  readonly cell: number;
  readonly cellId: string;
  readonly reason: "error" | "timeout" | "dead" | "aborted" | "no error";
}

export interface NotebookRun {
  /** The notebook with its new outputs; of a failed run as far as it came. */
  readonly notebook: Notebook;
  readonly failure: CellFailure | undefined;
  readonly seconds: number;
}

const defaultTimeoutMs = 600_000;

/**
 * Executes a notebook from top to bottom in a kernel of its own. It stops at the first failure, except in cells tagged
 * `raises-exception`, which must fail.
 */
export async function executeNotebook(notebook: Notebook, options: NotebookRunOptions = {}): Promise<NotebookRun> {
  const start = performance.now();
  const cells = notebook.cells.map((cell) => emptied(cell));
  const runnable = cells.filter((cell) => cell.cell_type === "code" && cell.source.trim() !== "");
  const kernel = await KernelClient.start(options.start);
  const executions = new Map<NotebookCell, Execution>();
  let failure: CellFailure | undefined;
  try {
    for (const [index, cell] of runnable.entries()) {
      const place = { cell: index + 1, of: runnable.length };
      options.onEvent?.({ type: "cell", ...place });
      const execution = await kernel.execute(cell.source, {
        timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
        stop_on_error: !hasTag(cell, "raises-exception"),
        onMessage: (message) => {
          const tasks = progressOf(message);
          if (tasks !== undefined) options.onEvent?.({ type: "progress", ...place, tasks });
        },
      });
      executions.set(cell, execution);
      failure = failureOf(cell, execution, cells.indexOf(cell) + 1, kernel.log);
      if (failure !== undefined) break;
    }
  } finally {
    await kernel.shutdown();
  }
  // Only now: a cell may have printed or updated a display after its end.
  for (const [cell, { outputs, executionCount }] of executions) {
    cell.outputs = cleanedOutputs(outputs);
    cell.execution_count = executionCount;
  }
  if (failure !== undefined) showFailure(cells[failure.cell - 1], failure);
  const metadata = { ...notebook.metadata, kernelspec, language_info: kernel.info["language_info"] };
  return { notebook: { ...notebook, cells, metadata }, failure, seconds: (performance.now() - start) / 1000 };
}

/** Under which Jupyter knows our kernel. */
export const kernelspecName = "recsys-unlearning";

const kernelspec = {
  name: kernelspecName,
  display_name: "TypeScript (recsys-unlearning)",
  language: "typescript",
};

function emptied(cell: NotebookCell): NotebookCell {
  return cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : { ...cell };
}

function progressOf({ header, content }: Message): readonly ProgressEvent[] | undefined {
  if (header.msg_type !== "display_data" && header.msg_type !== "update_display_data") return undefined;
  // Anybody can show something under this type.
  const tasks: unknown = (content as unknown as DisplayData).data?.[progressMimeType];
  const isTask = (task: unknown) => typeof task === "object" && task !== null && "label" in task && "done" in task;
  return Array.isArray(tasks) && tasks.every(isTask) ? (tasks as ProgressEvent[]) : undefined;
}

/** A saved copy says why it ends: where the kernel could not, the runner does. */
function showFailure(cell: NotebookCell, { reason, ename, evalue, traceback }: CellFailure): void {
  const outputs = cell.outputs ?? [];
  if (reason === "no error" || outputs.some((output) => output.output_type === "error")) return;
  cell.outputs = [...outputs, ...cleanedOutputs([{ output_type: "error", ename, evalue, traceback }])];
}

/** @param log the last that the kernel's process said by itself */
function failureOf(cell: NotebookCell, execution: Execution, number: number, log: string): CellFailure | undefined {
  const { status, outputs } = execution;
  const mustFail = hasTag(cell, "raises-exception");
  if (status === (mustFail ? "error" : "ok")) return undefined;
  const place = { cell: number, cellId: cell.id };
  const error = outputs.find((output): output is ErrorOutput => output.output_type === "error");
  const { ename, evalue, traceback } = error ?? fallbackError(execution, log);
  return { ...place, reason: status === "ok" ? "no error" : status, ename, evalue, traceback };
}

/** What is to be said where the kernel sent no error message. */
function fallbackError({ status, reply, outputs }: Execution, log: string): ErrorContent {
  if (status === "dead") return deathOf(reply, log);
  const printed = outputs.flatMap((output) => (output.output_type === "stream" ? output.text.split("\n") : []));
  const evalue = {
    ok: "the cell is tagged raises-exception and raised none",
    error: "the cell failed",
    aborted: "the kernel did not run the cell",
    timeout: "the cell took too long and was interrupted",
  }[status];
  const ename = { ok: "NoError", error: "Error", aborted: "Aborted", timeout: "Timeout" }[status];
  return { ename, evalue, traceback: [evalue, ...printed.slice(-20)] };
}

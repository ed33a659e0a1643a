import { canonicalJson } from "recsys-unlearning/core";
import { cleanedOutputs } from "./clean-outputs";
import { hasTag, type Notebook, type NotebookCell } from "./notebook-file";

/** One cell whose outputs are not what the committed notebook has. */
export interface Difference {
  /** Among all cells, from 1. */
  readonly cell: number;
  readonly what: string;
}

/**
 * What a new execution changed. Cells tagged `timing` are compared without their outputs, because those depend on the
 * clock.
 *
 * @param committed the notebook as it is kept
 * @param executed the same notebook, executed again
 */
export function differences(committed: Notebook, executed: Notebook): Difference[] {
  if (committed.cells.length !== executed.cells.length) return [{ cell: 0, what: "not the same cells" }];
  return committed.cells.flatMap((cell, index) => {
    const what = differenceOf(cell, executed.cells[index]);
    return what === undefined ? [] : [{ cell: index + 1, what }];
  });
}

function differenceOf(before: NotebookCell, after: NotebookCell): string | undefined {
  if (before.cell_type !== "code" || hasTag(before, "timing")) return undefined;
  if (before.source !== after.source) return "not the same source";
  const [old, now] = [before, after].map((cell) => cleanedOutputs(cell.outputs ?? []));
  if (old.length !== now.length) return `${old.length} outputs before, ${now.length} now`;
  const index = old.findIndex((output, i) => canonicalJson(output) !== canonicalJson(now[i]));
  if (index < 0)
    return before.execution_count === after.execution_count
      ? undefined
      : `number ${before.execution_count} before, ${after.execution_count} now`;
  return `output ${index + 1}: ${firstChange(canonicalJson(old[index]), canonicalJson(now[index]))}`;
}

const shownCharacters = 60;

function firstChange(before: string, after: string): string {
  let at = 0;
  while (before[at] === after[at]) at++;
  const from = Math.max(0, at - 20);
  const shown = (text: string) => text.slice(from, from + shownCharacters);
  return `"… ${shown(before)} …" before, "… ${shown(after)} …" now`;
}

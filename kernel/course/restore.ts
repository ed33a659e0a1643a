import { freeId, hasTag, type Notebook, type NotebookCell } from "../notebook/notebook-file";
import { type CellRole, roleOf } from "./cell-metadata";

/** A submission that is safe to run: what was not the student's to change is as it was handed out. */
export interface Restored {
  readonly notebook: Notebook;
  /** What the student had changed in it, for the report. */
  readonly changes: readonly string[];
  /** The name in its cell of parameters: whose data the student saw. */
  readonly named: string | undefined;
}

/**
 * Puts a submission on the frame of the release: the cells that nbgrader knows stand in the release's order, with the
 * release's metadata; locked ones have the release's text, answers the student's. The student's own cells stay behind
 * the cell that they followed. The cell of parameters is the student's to write a name into, and is put back: the
 * grader injects the name. A cell is recognised by its `grade_id`, or by its id where a program has dropped that.
 */
export function restore(released: Notebook, submitted: Notebook): Restored {
  const frame = released.cells.map((cell) => ({ cell, role: roleOf(cell) }));
  const changes: string[] = [];
  const { matches, doubled } = matchCells(released, submitted, changes);
  const extras = extraCells(submitted, matches, doubled);
  const taken = new Set(released.cells.map((cell) => cell.id));
  const cells: NotebookCell[] = (extras.get(undefined) ?? []).map((cell) => ownCell(cell, taken));
  for (const { cell, role } of frame) {
    const theirs = matches.get(cell);
    cells.push(restoredCell(cell, role, theirs, changes));
    if (theirs !== undefined) {
      cells.push(...(extras.get(theirs) ?? []).map((one) => ownCell(one, taken)));
    }
  }
  const order = released.cells.flatMap((cell) => {
    const theirs = matches.get(cell);
    return theirs === undefined ? [] : [submitted.cells.indexOf(theirs)];
  });
  if (order.some((at, index) => index > 0 && at < order[index - 1])) changes.push("cells had been moved");
  return { notebook: { ...released, cells }, changes, named: nameIn(parametersOf(released, matches)) };
}

function parametersOf(released: Notebook, matches: ReadonlyMap<NotebookCell, NotebookCell>): NotebookCell | undefined {
  const cell = released.cells.find((one) => hasTag(one, "parameters"));
  return cell === undefined ? undefined : matches.get(cell);
}

function nameIn(cell: NotebookCell | undefined): string | undefined {
  return /\bstudent\b[^=\n]*=\s*(["'`])(.{0,100}?)\1/.exec(cell?.source ?? "")?.[2];
}

interface Matches {
  /** The student's cell for each cell of the release. */
  readonly matches: ReadonlyMap<NotebookCell, NotebookCell>;
  /** Cells that claim to be one that is there already; they are left out. */
  readonly doubled: ReadonlySet<NotebookCell>;
}

/** Recognises cells; of several that claim to be the same one, the first counts. */
function matchCells(released: Notebook, submitted: Notebook, changes: string[]): Matches {
  const doubled = new Set<NotebookCell>();
  const matches = new Map<NotebookCell, NotebookCell>();
  const used = new Set<NotebookCell>();
  const match = (key: (cell: NotebookCell) => string | undefined, report: boolean) => {
    const wanted = new Map(released.cells.map((cell) => [key(cell), cell]));
    for (const cell of submitted.cells) {
      const name = key(cell);
      const target = name === undefined ? undefined : wanted.get(name);
      if (target === undefined || used.has(cell) || target.cell_type !== cell.cell_type) continue;
      if (matches.has(target)) {
        if (!report) continue;
        changes.push(`there were two cells "${name}"; the first counts`);
        doubled.add(cell);
        continue;
      }
      matches.set(target, cell);
      used.add(cell);
    }
  };
  match((cell) => roleOf(cell)?.gradeId, true);
  match((cell) => cell.id, false);
  return { matches, doubled };
}

/** The cells that the release has not, by the matched cell before them. */
function extraCells(
  submitted: Notebook,
  matches: ReadonlyMap<NotebookCell, NotebookCell>,
  doubled: ReadonlySet<NotebookCell>,
): Map<NotebookCell | undefined, NotebookCell[]> {
  const matched = new Set(matches.values());
  const extras = new Map<NotebookCell | undefined, NotebookCell[]>();
  let before: NotebookCell | undefined;
  for (const cell of submitted.cells) {
    if (matched.has(cell)) before = cell;
    else if (!doubled.has(cell)) extras.set(before, [...(extras.get(before) ?? []), cell]);
  }
  return extras;
}

/** A cell of the student's own; what its metadata say could only mislead. */
function ownCell(cell: NotebookCell, taken: Set<string>): NotebookCell {
  return { ...cell, id: freeId(cell.id, taken), metadata: {} };
}

function restoredCell(
  cell: NotebookCell,
  role: CellRole | undefined,
  theirs: NotebookCell | undefined,
  changes: string[],
): NotebookCell {
  if (role === undefined)
    return theirs === undefined || hasTag(cell, "parameters") ? cell : { ...cell, source: theirs.source };
  if (theirs === undefined) {
    changes.push(`the cell "${role.gradeId}" was missing`);
    return cell;
  }
  if (!role.locked) return { ...cell, source: theirs.source };
  if (theirs.source.trimEnd() !== cell.source.trimEnd())
    changes.push(`the locked cell "${role.gradeId}" had been changed`);
  return cell;
}

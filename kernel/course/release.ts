import { InvalidDataError } from "recsys-unlearning/core";
import type { Notebook, NotebookCell } from "../notebook/notebook-file";
import { type CellRole, checksumOf, roleOf } from "./cell-metadata";

/** What stands in the place of a solution, by nbgrader's convention: `nbgrader_config.py` has the same. */
export const codeStub = '// YOUR CODE HERE\nthrow new Error("not implemented");';
const textStub = "YOUR ANSWER HERE";

const regions = {
  solution: { begin: "BEGIN SOLUTION", end: "END SOLUTION" },
  tests: { begin: "BEGIN HIDDEN TESTS", end: "END HIDDEN TESTS" },
  scheme: { begin: "BEGIN MARK SCHEME", end: "END MARK SCHEME" },
} as const;

/** The marks that no released notebook may hold. */
export const privateMarks: readonly string[] = Object.values(regions).flatMap(({ begin, end }) => [begin, end]);

/**
 * The students' version of a notebook, as nbgrader's `generate_assignment` makes it: solutions become stubs, hidden
 * tests and marking schemes are gone, and so are outputs; locked cells cannot be edited; checksums are those of the
 * result.
 *
 * @param where named in errors
 * @throws InvalidDataError for a region that is not closed, or a solution in a cell that is not the student's
 */
export function releaseNotebook(notebook: Notebook, where: string): Notebook {
  const cells = notebook.cells.map((cell, index) => releaseCell(cell, `${where}, cell ${index + 1}`));
  return { ...notebook, cells };
}

function releaseCell(cell: NotebookCell, where: string): NotebookCell {
  const role = roleOf(cell);
  const emptied: NotebookCell =
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : { ...cell };
  const stub = cell.cell_type === "code" ? codeStub : textStub;
  const solved = replaceRegions(emptied.source, regions.solution, stub, where);
  if (solved.found && role?.solution !== true)
    throw new InvalidDataError("a solution stands in a cell that is not the student's", {
      where,
      remedy: "make it an answer cell in nbgrader's sense: solution true in its metadata",
    });
  const cleared = role?.solution === true && !solved.found ? stub : solved.text;
  const tested = replaceRegions(cleared, regions.tests, undefined, where);
  const source = replaceRegions(tested.text, regions.scheme, undefined, where).text;
  const released = { ...emptied, source };
  return role === undefined ? released : { ...released, metadata: releasedMetadata(released, role) };
}

function releasedMetadata(cell: NotebookCell, role: CellRole): NotebookCell["metadata"] {
  const nbgrader = {
    ...(cell.metadata["nbgrader"] as object),
    cell_type: cell.cell_type,
    checksum: checksumOf(cell, role),
  };
  const locks = role.locked ? { deletable: false, editable: false } : role.solution ? { deletable: false } : {};
  return { ...cell.metadata, ...locks, nbgrader };
}

interface Region {
  readonly begin: string;
  readonly end: string;
}

/** @param stub what stands there instead, indented as the region's first line; nothing where it is left out */
function replaceRegions(
  text: string,
  { begin, end }: Region,
  stub: string | undefined,
  where: string,
): { text: string; found: boolean } {
  const kept: string[] = [];
  let inside = false;
  let found = false;
  for (const line of text.split("\n")) {
    if (line.includes(begin)) {
      if (inside) throw new InvalidDataError(`${begin} within ${begin}`, { where });
      [inside, found] = [true, true];
      const indent = /^\s*/.exec(line)?.[0] ?? "";
      if (stub !== undefined) kept.push(...stub.split("\n").map((one) => indent + one));
    } else if (line.includes(end)) {
      if (!inside) throw new InvalidDataError(`${end} without ${begin}`, { where });
      inside = false;
    } else if (!inside) kept.push(line);
  }
  if (inside) throw new InvalidDataError(`${begin} without ${end}`, { where });
  return { text: kept.join("\n"), found };
}

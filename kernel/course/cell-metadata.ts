import { createHash } from "node:crypto";
import type { NotebookCell } from "../notebook/notebook-file";

/** What nbgrader (schema 3) says of a cell. */
export interface CellRole {
  readonly gradeId: string;
  /** Its points are given: by tests where it is no solution, else by a person. */
  readonly grade: boolean;
  /** Students write it. */
  readonly solution: boolean;
  /** Students may not change it. */
  readonly locked: boolean;
  /** A task, graded by a person, whose answer may stand anywhere. */
  readonly task: boolean;
  /** 0 where it is not graded. */
  readonly points: number;
}

/** The role of a cell, or `undefined` where nbgrader says nothing of it. Wrong types count as not said. */
export function roleOf(cell: NotebookCell): CellRole | undefined {
  const given = cell.metadata["nbgrader"];
  if (typeof given !== "object" || given === null) return undefined;
  const { grade_id, grade, solution, locked, task, points } = given as Record<string, unknown>;
  if (typeof grade_id !== "string" || grade_id === "") return undefined;
  const isTask = task === true;
  return {
    gradeId: grade_id,
    grade: grade === true || isTask,
    solution: solution === true,
    locked: solution !== true && (locked === true || grade === true || isTask),
    task: isTask,
    points: typeof points === "number" && Number.isFinite(points) ? points : 0,
  };
}

/** Whether a person gives the points of a cell. */
export function isManual(role: CellRole): boolean {
  return role.task || (role.grade && role.solution);
}

/** The schema that a cell's nbgrader metadata are written in, where they say. */
export function schemaOf(cell: NotebookCell): unknown {
  return (cell.metadata["nbgrader"] as Record<string, unknown> | undefined)?.["schema_version"];
}

/** nbgrader's checksum of a cell, by which its validation sees changes (`nbgrader.utils.compute_checksum`). */
export function checksumOf(cell: NotebookCell, role: CellRole): string {
  const hash = createHash("md5").update(cell.source).update(cell.cell_type);
  for (const flag of [role.grade, role.solution, role.locked]) hash.update(flag ? "True" : "False");
  hash.update(role.gradeId);
  if (role.grade) hash.update(pythonFloat(role.points));
  return hash.digest("hex");
}

/** A number as Python's `str(float(number))` writes it. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { InvalidDataError, suggestion, writeFileAtomic } from "recsys-unlearning/core";
import { csvText, harmless } from "./csv";
import type { Course } from "./layout";
import type { LoadedAssignment } from "./load-assignment";

/** Points that a person gave. */
export interface ManualMark {
  readonly points: number;
  readonly comment: string;
}

/** Manual marks by student (as a table has the name) and by the name of what was marked. */
export type ManualMarks = ReadonlyMap<string, ReadonlyMap<string, ManualMark>>;

const columns = ["student", "name", "points", "comment"] as const;

type Row = Readonly<Record<(typeof columns)[number], string>>;

interface Table {
  readonly path: string;
  /** As it stands there, which a spreadsheet may have changed. */
  readonly head: readonly string[];
  readonly delimiter: "," | ";";
  readonly text: string;
  readonly rows: readonly { readonly row: Row; readonly line: number }[];
}

/**
 * Reads `results/<assignment>/manual.csv`: columns student, name, points, comment. Rows without points are still to be
 * marked.
 *
 * @param students whose submissions have been graded: marks of others are somebody's who is misspelt
 * @throws InvalidDataError for a table that is damaged or lacks a column, points that are none or too many, a name that
 *   the assignment has not, a student who is not among `students`, two rows for one mark
 */
export async function readManualMarks(
  course: Course,
  assignment: LoadedAssignment,
  students: readonly string[],
): Promise<ManualMarks> {
  const known = new Set(students.flatMap((student) => [student, harmless(student)]));
  const marks = new Map<string, Map<string, ManualMark>>();
  const table = await readTable(course, assignment);
  for (const { row, line } of table?.rows ?? []) {
    const { student, name, points, comment } = row;
    const where = `${table?.path ?? ""}, line ${line}`;
    const most = pointsOf(assignment, name, where);
    if (points.trim() === "") continue;
    if (!known.has(student)) throw notGraded(student, students, where);
    const given = Number(points.replace(",", "."));
    if (!(given >= 0 && given <= most))
      throw new InvalidDataError(`${JSON.stringify(points)} is not a number from 0 to ${most}`, { where });
    const theirs = marks.get(student) ?? new Map<string, ManualMark>();
    if (theirs.has(name)) throw new InvalidDataError(`${student} has two marks for "${name}"`, { where });
    marks.set(student, theirs.set(name, { points: given, comment }));
  }
  return marks;
}

function notGraded(student: string, students: readonly string[], where: string): InvalidDataError {
  const near = suggestion(student, students);
  return new InvalidDataError(`nothing of ${JSON.stringify(student)} has been graded`, {
    where,
    remedy: near === undefined ? "mend the name, or remove the row" : `did you mean "${near}"?`,
  });
}

function pointsOf({ manual }: LoadedAssignment, name: string, where: string): number {
  const wanted = manual.find((one) => one.name === name);
  if (wanted !== undefined) return wanted.points;
  const near = suggestion(
    name,
    manual.map((one) => one.name),
  );
  throw new InvalidDataError(`nothing called ${JSON.stringify(name)} is marked by hand`, {
    where,
    remedy: near === undefined ? `it is one of ${manual.map((one) => one.name).join(", ")}` : `did you mean "${near}"?`,
  });
}

/**
 * Adds rows to be filled in to `manual.csv`, for students who have none there; what stands there stays as it is.
 *
 * @param students whose submissions have been graded
 */
export async function addManualRows(
  course: Course,
  assignment: LoadedAssignment,
  students: readonly string[],
): Promise<void> {
  const table = await readTable(course, assignment);
  const there = new Set(table?.rows.map(({ row }) => JSON.stringify([row.student, row.name])));
  const has = (student: string, name: string) =>
    there.has(JSON.stringify([student, name])) || there.has(JSON.stringify([harmless(student), name]));
  const head = table?.head ?? columns;
  const rows = students.flatMap((student) =>
    assignment.manual
      .filter(({ name }) => !has(student, name))
      .map(({ name }) => head.map((column) => (column === "student" ? student : column === "name" ? name : ""))),
  );
  if (rows.length === 0) return;
  const before = table?.text ?? csvText([columns]);
  const added = csvText(rows, table?.delimiter);
  await mkdir(course.results(assignment.name), { recursive: true });
  await writeFileAtomic(pathOf(course, assignment), `${before}${/\n$|^$/.test(before) ? "" : "\r\n"}${added}`);
}

function pathOf(course: Course, assignment: LoadedAssignment): string {
  return join(course.results(assignment.name), "manual.csv");
}

/** @returns nothing where there is none yet */
async function readTable(course: Course, assignment: LoadedAssignment): Promise<Table | undefined> {
  const path = pathOf(course, assignment);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new InvalidDataError(`the marks by hand cannot be read: ${error.message}`, { where: path, cause: error });
  });
  return bytes === undefined ? undefined : parseTable(textOf(bytes, path), path);
}

function textOf(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const remedy = 'save it again as "CSV UTF-8"';
    throw new InvalidDataError("the table is not in UTF-8: names and comments would be damaged", {
      ...{ where, remedy, cause },
    });
  }
}

function parseTable(text: string, path: string): Table {
  const delimiter = text.split("\n", 1)[0].includes(";") ? ";" : ",";
  const options = { bom: true, delimiter, skip_empty_lines: true, info: true, relax_column_count: true } as const;
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, options) as unknown as typeof records;
  } catch (cause) {
    throw new InvalidDataError(`not a CSV table: ${(cause as Error).message}`, { where: path, cause });
  }
  const [first, ...rest] = records;
  const head = (first?.record ?? []).map((name) => name.trim().toLowerCase());
  const missing = columns.filter((column) => !head.includes(column));
  if (missing.length > 0)
    throw new InvalidDataError(`the table has no column ${missing.join(", ")}`, {
      where: path,
      remedy: `its first line is: ${columns.join(",")}`,
    });
  const rows = rest.map(({ record, info: { lines } }) => ({
    row: rowOf(record, head, `${path}, line ${lines}`),
    line: lines,
  }));
  return { path, head, delimiter, text, rows: rows.filter(({ row }) => row.student !== "" || row.name !== "") };
}

/** A row that ends early has nothing behind; one with more than the head has columns would put marks elsewhere. */
function rowOf(record: readonly string[], head: readonly string[], where: string): Row {
  if (record.slice(head.length).some((cell) => cell.trim() !== ""))
    throw new InvalidDataError(`the row has ${record.length} columns instead of ${head.length}`, {
      where,
      remedy: 'put a comment with a comma between quotes: "…"',
    });
  const cell = (column: string) => record[head.indexOf(column)] ?? "";
  return {
    student: cell("student").trim(),
    name: cell("name").trim(),
    points: cell("points"),
    comment: cell("comment"),
  };
}

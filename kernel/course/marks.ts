import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { createFileAtomic, InvalidDataError, writeFileAtomic } from "recsys-unlearning/core";
import { csvText, harmless } from "./csv";
import type { Course } from "./layout";
import type { LoadedAssignment } from "./load-assignment";
import { earnedOf, type Report, rounded } from "./report";

/** Points that a person gave. */
interface ManualMark {
  readonly points: number;
  readonly comment: string;
}

/** Manual marks by student (as a table has the name) and by the name of what was marked. */
export type ManualMarks = ReadonlyMap<string, ReadonlyMap<string, ManualMark>>;

/** A report with what a person has added to it. */
export interface Marked {
  readonly report: Report;
  /** `undefined` where nobody has given points yet. */
  readonly manual: ReadonlyMap<string, ManualMark | undefined>;
  /** Of what has been marked so far. */
  readonly total: number;
  readonly possible: number;
}

const manualName = "manual.csv";
const manualHead = ["student", "name", "points", "comment"];

/**
 * Reads `results/<assignment>/manual.csv`: columns student, name, points, comment. Rows without points are still to be
 * marked.
 *
 * @throws InvalidDataError for points that are none or too many, a name that the assignment has not, two rows for one
 *   mark
 */
export async function readManualMarks(course: Course, assignment: LoadedAssignment): Promise<ManualMarks> {
  const path = join(course.results(assignment.name), manualName);
  const marks = new Map<string, Map<string, ManualMark>>();
  if (!existsSync(path)) return marks;
  const rows = readRows(await readFile(path, "utf8"), path);
  for (const [index, { student, name, points, comment }] of rows.entries()) {
    const where = `${path}, row ${index + 2}`;
    const wanted = assignment.manual.find((one) => one.name === name);
    if (wanted === undefined)
      throw new InvalidDataError(`nothing called ${JSON.stringify(name)} is marked by hand`, { where });
    if ((points ?? "").trim() === "") continue;
    const given = Number((points ?? "").replace(",", "."));
    if (!(given >= 0 && given <= wanted.points))
      throw new InvalidDataError(`${JSON.stringify(points)} is not a number from 0 to ${wanted.points}`, { where });
    const theirs = marks.get(student) ?? new Map<string, ManualMark>();
    if (theirs.has(name)) throw new InvalidDataError(`${student} has two marks for "${name}"`, { where });
    marks.set(student, theirs.set(name, { points: given, comment: comment ?? "" }));
  }
  return marks;
}

function readRows(text: string, where: string): Record<string, string>[] {
  try {
    const delimiter = text.split("\n", 1)[0].includes(";") ? ";" : ",";
    return parse(text, { bom: true, columns: true, delimiter, skip_empty_lines: true, relax_column_count_less: true });
  } catch (cause) {
    throw new InvalidDataError(`not a CSV table: ${(cause as Error).message}`, { where, cause });
  }
}

/** Brings reports and manual marks together. */
export function marked(reports: readonly Report[], marks: ManualMarks): Marked[] {
  return reports.map((report) => {
    const theirs = marks.get(harmless(report.student)) ?? marks.get(report.student);
    const manual = new Map(report.manual.map(({ name }) => [name, theirs?.get(name)]));
    const byHand = [...manual.values()].reduce((sum, mark) => sum + (mark?.points ?? 0), 0);
    const possible = [...report.checks, ...report.manual].reduce((sum, { points }) => sum + points, 0);
    return { report, manual, total: rounded(earnedOf(report) + byHand), possible: rounded(possible) };
  });
}

/**
 * Writes `marks.csv` (a row for each student), `checks.csv` (a row for each check of each student) and `marks.json`,
 * and, where there is none yet, `manual.csv` to be filled in.
 *
 * @returns the folder
 */
export async function writeMarks(
  course: Course,
  assignment: LoadedAssignment,
  all: readonly Marked[],
): Promise<string> {
  const folder = course.results(assignment.name);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, "marks.csv"), csvText(marksTable(assignment, all)));
  await writeFileAtomic(join(folder, "checks.csv"), csvText(checksTable(all)));
  await writeFileAtomic(join(folder, "marks.json"), `${JSON.stringify(all.map(plainMarks), null, 1)}\n`);
  if (assignment.manual.length > 0)
    await createFileAtomic(join(folder, manualName), csvText(manualTable(all.map(({ report }) => report))));
  return folder;
}

function marksTable(assignment: LoadedAssignment, all: readonly Marked[]): (string | number | null)[][] {
  const { checks, manual } = assignment;
  const head = [
    "student",
    "total",
    "possible",
    "complete",
    ...[...checks, ...manual].map(({ name }) => name),
    "problems",
  ];
  return [head, ...all.map((one) => marksRow(assignment, one))];
}

function marksRow({ checks, manual }: LoadedAssignment, one: Marked): (string | number | null)[] {
  const { report, total, possible } = one;
  const auto = checks.map(({ name }) => report.checks.find((check) => check.name === name)?.earned ?? null);
  const byHand = manual.map(({ name }) => one.manual.get(name)?.points ?? null);
  const complete = byHand.includes(null) ? "no" : "yes";
  return [
    report.student,
    total,
    possible,
    complete,
    ...auto,
    ...byHand,
    [...report.problems, ...report.changes].join("; "),
  ];
}

function checksTable(all: readonly Marked[]): (string | number | null)[][] {
  const head = ["student", "check", "points", "earned", "mistake", "comment"];
  const rows = all.flatMap(({ report }) =>
    report.checks.map((check) => {
      const { name, points, earned, mistake = "", comment } = check;
      return [report.student, name, points, earned, mistake, comment];
    }),
  );
  return [head, ...rows];
}

function manualTable(reports: readonly Report[]): (string | number | null)[][] {
  return [
    manualHead,
    ...reports.flatMap((report) => report.manual.map(({ name }) => [report.student, name, null, ""])),
  ];
}

function plainMarks({ report, manual, total, possible }: Marked): object {
  const { student, problems, changes, checks } = report;
  return { student, total, possible, problems, changes, checks, manual: Object.fromEntries(manual) };
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "recsys-unlearning/core";
import { csvText, harmless } from "./csv";
import type { Course } from "./layout";
import type { LoadedAssignment } from "./load-assignment";
import { addManualRows, type ManualMark, type ManualMarks } from "./manual-marks";
import { earnedOf, type Report, rounded } from "./report";

/** A report with what a person has added to it. */
export interface Marked {
  readonly report: Report;
  /** `undefined` where nobody has given points yet. */
  readonly manual: ReadonlyMap<string, ManualMark | undefined>;
  /** Of what has been marked so far. */
  readonly total: number;
  readonly possible: number;
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
 * Writes `marks.csv` (a row for each student), `checks.csv` (a row for each check of each student) and `marks.json`.
 * Adds rows to be filled in to `manual.csv`, for those who have none there.
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
  await addManualRows(
    course,
    assignment,
    all.map(({ report }) => report.student),
  );
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

function plainMarks({ report, manual, total, possible }: Marked): object {
  const { student, problems, changes, checks } = report;
  return { student, total, possible, problems, changes, checks, manual: Object.fromEntries(manual) };
}

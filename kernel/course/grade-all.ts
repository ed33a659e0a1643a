import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Claim, InvalidArgumentError, NotFoundError, RecsysError, suggestion } from "recsys-unlearning/core";
import { type Confinement, sweepBoxes } from "./box";
import { basisOf, grade, type Grading } from "./grade";
import { Judges } from "./judges";
import type { Course } from "./layout";
import type { LoadedAssignment } from "./load-assignment";
import { earnedOf, type Report } from "./report";
import type { Limits } from "./sandbox";
import { readReport, saveGraded, secretOf } from "./state";
import { readSubmission } from "./submission";

export interface GradeOptions {
  readonly how: Confinement;
  readonly limits: Limits;
  /** Submissions at the same time. */
  readonly workers: number;
  /** These alone; default: all. */
  readonly students?: readonly string[];
  /** Also those that have been graded. */
  readonly regrade?: boolean;
  readonly onEvent?: (event: GradeEvent) => void;
}

/** What became of one submission in this run. */
export type GradeEvent =
  | { readonly type: "planned"; readonly waiting: number; readonly done: number; readonly again: number }
  | { readonly type: "started"; readonly student: string }
  | {
      readonly type: "graded";
      readonly student: string;
      readonly earned: number;
      readonly problems: readonly string[];
      readonly faults: readonly string[];
      readonly executionMs: number;
      readonly totalMs: number;
    }
  /** It could not be graded, through no fault of its own. */
  | { readonly type: "failed"; readonly student: string; readonly problem: string };

/**
 * Grades the submissions of an assignment that have not been graded as they are now. A run that was killed is taken up
 * where it was: what has a report is not graded again.
 *
 * @returns the students whose submissions could not be graded
 * @throws NotFoundError where nothing has been submitted, InvalidArgumentError for a student who has submitted nothing
 * @throws RecsysError while another grader works on the assignment
 */
export async function gradeAll(course: Course, assignment: LoadedAssignment, options: GradeOptions): Promise<string[]> {
  const students = await chosen(course, assignment.name, options.students);
  const results = course.results(assignment.name);
  await mkdir(results, { recursive: true });
  const claim = await Claim.take(results, "grading");
  if (claim === null)
    throw new RecsysError("another grader works on this assignment", {
      where: results,
      remedy: "wait until it is done",
    });
  try {
    sweepBoxes();
    const secret = await secretOf(course);
    const { how, limits } = options;
    const waiting = await ungraded(course, students, { assignment, secret, limits }, options);
    const failed: string[] = [];
    const work = async () => {
      const judges = new Judges(assignment.folder);
      try {
        for (let student = waiting.shift(); student !== undefined; student = waiting.shift())
          if (!(await gradeOne(course, student, { assignment, secret, how, limits, judges }, options)))
            failed.push(student);
      } finally {
        await judges.close();
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.workers, waiting.length) }, work));
    return failed.sort();
  } finally {
    await claim.release(true);
  }
}

async function chosen(course: Course, assignment: string, wanted: readonly string[] | undefined): Promise<string[]> {
  const all = await course.students("submitted", assignment);
  if (all.length === 0)
    throw new NotFoundError(`nothing has been submitted for "${assignment}"`, {
      where: join(course.folder, "submitted"),
      remedy: `take submissions first: npm run course -- collect ${assignment} FOLDER`,
    });
  const stranger = wanted?.find((student) => !all.includes(student));
  if (stranger !== undefined) {
    const near = suggestion(stranger, all);
    throw new InvalidArgumentError(`${JSON.stringify(stranger)} has submitted nothing for "${assignment}"`, {
      where: join(course.folder, "submitted"),
      remedy: near === undefined ? "give the name of a folder that is there" : `did you mean "${near}"?`,
    });
  }
  return [...new Set(wanted ?? all)];
}

/** The students whose submission has no report, or one that something has changed since. */
async function ungraded(
  course: Course,
  all: readonly string[],
  grading: Pick<Grading, "assignment" | "secret" | "limits">,
  { regrade, onEvent }: GradeOptions,
): Promise<string[]> {
  const { name } = grading.assignment;
  const basis = basisOf(grading);
  const waiting: string[] = [];
  let again = 0;
  for (const student of all) {
    const report = await readReport(course, student, name);
    const isSame = report !== undefined && report.submission === (await hashOf(course, student, name));
    if (regrade !== true && isSame && report.basis === basis) continue;
    if (isSame && report.basis !== basis) again++;
    waiting.push(student);
  }
  onEvent?.({ type: "planned", waiting: waiting.length, done: all.length - waiting.length, again });
  return waiting;
}

/** The students whose submission has been graded otherwise than it stands there now, or not at all. */
export async function notGraded(course: Course, assignment: string): Promise<string[]> {
  const all = await course.students("submitted", assignment);
  const open = await Promise.all(
    all.map(async (student) => {
      const report = await readReport(course, student, assignment);
      return report === undefined || report.submission !== (await hashOf(course, student, assignment));
    }),
  );
  return all.filter((_, index) => open[index]);
}

/** Of a submission; nothing where it cannot be read, which grading will say. */
async function hashOf(course: Course, student: string, assignment: string): Promise<string | undefined> {
  return (await readSubmission(course, student, assignment).catch(() => undefined))?.hash;
}

/** @returns whether it has been graded */
async function gradeOne(course: Course, student: string, grading: Grading, options: GradeOptions): Promise<boolean> {
  options.onEvent?.({ type: "started", student });
  try {
    const submission = await readSubmission(course, student, grading.assignment.name);
    const graded = await grade(submission, grading);
    await saveGraded(course, graded);
    const { report, executionMs, totalMs } = graded;
    const common = { student, executionMs, totalMs, earned: earnedOf(report), faults: faultsOf(report) };
    options.onEvent?.({ type: "graded", ...common, problems: report.problems });
    return true;
  } catch (error) {
    // Also a bug of ours must not cost the other submissions.
    const problem = error instanceof RecsysError ? error.message : `internal error: ${String((error as Error)?.stack)}`;
    options.onEvent?.({ type: "failed", student, problem });
    return false;
  }
}

function faultsOf({ checks }: Report): string[] {
  return checks.flatMap(({ name, fault }) => (fault === undefined ? [] : [`check "${name}": ${fault}`]));
}

/** The reports of all that have been graded, by student. */
export async function readReports(course: Course, assignment: string): Promise<Report[]> {
  const students = await course.students("autograded", assignment);
  const reports = await Promise.all(students.map((student) => readReport(course, student, assignment)));
  return reports.filter((report) => report !== undefined);
}

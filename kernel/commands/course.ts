// npm run course: hands out assignments, takes submissions, grades them, and gives feedback.
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { commandLine, NotFoundError, RecsysError, visibleLines, visibleText } from "recsys-unlearning/core";
import { runProgram } from "recsys-unlearning/profiling";
import type { Confinement } from "../course/box";
import { writeClassReport } from "../course/class-report";
import { collect } from "../course/collect";
import { writeFeedback } from "../course/feedback";
import { gradeAll, notGraded, readReports } from "../course/grade-all";
import { Course } from "../course/layout";
import { lint, rehearse } from "../course/lint";
import { loadAssignment } from "../course/load-assignment";
import { readManualMarks } from "../course/manual-marks";
import { marked, type Marked, writeMarks } from "../course/marks";
import { GradingReporter } from "../course/progress";
import { defaultLimits, findSandbox, type Limits } from "../course/sandbox";
import { writeRelease } from "../course/write-release";
import { inProject } from "../folders";

interface CommonFlags {
  course: string;
}

interface RunFlags extends CommonFlags, Omit<Limits, "cellSeconds" | "totalSeconds"> {
  trustSubmissions: boolean;
  cellTimeout: number;
  timeout: number;
}

interface GradeFlags extends RunFlags {
  workers: number;
  student: string[];
  regrade: boolean;
  quiet: boolean;
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1) throw new InvalidArgumentError("give a number of 1 or more");
  return value;
}

function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}

function limitsOf({ cellTimeout, timeout, memory, processes, files, output }: RunFlags): Limits {
  return { cellSeconds: cellTimeout, totalSeconds: timeout, memory, processes, files, output };
}

/** @throws RecsysError where there is no sandbox, and nobody answers for the submissions */
async function confinement({ trustSubmissions }: RunFlags): Promise<Confinement> {
  if (trustSubmissions) {
    console.error("submissions run WITHOUT a sandbox, with your rights: only for notebooks that you wrote yourself");
    return "trusted";
  }
  const found = await findSandbox();
  if (typeof found !== "string") return found;
  throw new RecsysError(`submissions are not run without a sandbox: ${found}`, {
    remedy: "install one, grade on a machine that has one, or, for your own notebooks, add --trust-submissions",
  });
}

/** One assignment, or all of the course. */
async function chosen(course: Course, assignment: string | undefined): Promise<string[]> {
  return assignment === undefined ? course.assignments() : [assignment];
}

async function release(assignment: string | undefined, flags: CommonFlags): Promise<void> {
  const course = new Course(resolve(flags.course));
  for (const name of await chosen(course, assignment)) {
    const loaded = await loadAssignment(course, name);
    refuse(name, lint(loaded));
    const files = await writeRelease(course, loaded);
    console.log(`${name}: ${files.length} files in ${shown(course.release(name))}`);
  }
}

function refuse(name: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new RecsysError(`the assignment "${name}" is not ready:\n${problems.map((one) => `  - ${one}`).join("\n")}`);
}

async function check(assignment: string | undefined, flags: RunFlags): Promise<void> {
  const course = new Course(resolve(flags.course));
  const how = await confinement(flags);
  for (const name of await chosen(course, assignment)) {
    const loaded = await loadAssignment(course, name);
    const problems = lint(loaded);
    if (problems.length === 0) problems.push(...(await rehearse(loaded, how, limitsOf(flags))));
    if (problems.length > 0) process.exitCode = 1;
    const points = [...loaded.checks, ...loaded.manual].reduce((sum, one) => sum + one.points, 0);
    console.log(
      problems.length === 0
        ? `${name}: ready; ${points} points; its own solution has all that checks give, its release none`
        : `${name}: not ready\n${problems.map((one) => `  - ${one}`).join("\n")}`,
    );
  }
}

async function take(assignment: string, from: string, flags: CommonFlags): Promise<void> {
  const collected = await collect(new Course(resolve(flags.course)), assignment, resolve(from));
  for (const { student, problem, taken } of collected)
    if (problem !== undefined)
      console.error(`${visibleText(student)}: ${taken === undefined ? "NOT TAKEN: " : ""}${visibleText(problem)}`);
  const taken = collected.filter((one) => one.taken !== undefined).length;
  console.log(`${taken} of ${collected.length} submissions are in ${shown(resolve(flags.course, "submitted"))}`);
  process.exitCode = taken === collected.length ? 0 : 1;
}

async function grade(assignment: string, flags: GradeFlags): Promise<void> {
  const course = new Course(resolve(flags.course));
  const how = await confinement(flags);
  const loaded = await loadAssignment(course, assignment);
  refuse(assignment, lint(loaded));
  const reporter = new GradingReporter(process.stderr, flags.quiet);
  const failed = await gradeAll(course, loaded, {
    ...{ how, limits: limitsOf(flags), workers: flags.workers, regrade: flags.regrade },
    ...(flags.student.length === 0 ? {} : { students: flags.student }),
    onEvent: (event) => reporter.take(event),
  });
  const folder = await writeMarks(course, loaded, await allMarked(course, assignment));
  console.log(`${reporter.summary()}; marks in ${shown(folder)}`);
  if (failed.length > 0) console.error(`NOT GRADED: ${failed.map(visibleText).join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

async function allMarked(course: Course, assignment: string): Promise<Marked[]> {
  const loaded = await loadAssignment(course, assignment);
  const reports = await readReports(course, assignment);
  const students = reports.map(({ student }) => student);
  return marked(reports, await readManualMarks(course, loaded, students));
}

/** @throws NotFoundError where nothing has been graded */
async function allGraded(course: Course, assignment: string): Promise<Marked[]> {
  await course.require(assignment);
  if ((await readReports(course, assignment)).length === 0)
    throw new NotFoundError(`nothing has been graded of "${assignment}"`, {
      where: resolve(course.folder, "autograded"),
      remedy: `grade first: npm run course -- grade ${assignment}`,
    });
  const open = await notGraded(course, assignment);
  if (open.length > 0)
    console.error(`NOT GRADED as they stand in ${shown(resolve(course.folder, "submitted"))}: ${names(open)}`);
  return allMarked(course, assignment);
}

const namesShown = 20;

function names(students: readonly string[]): string {
  const more = students.length - namesShown;
  return `${students.slice(0, namesShown).map(visibleText).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

async function feedback(assignment: string, flags: CommonFlags): Promise<void> {
  const course = new Course(resolve(flags.course));
  const all = await allGraded(course, assignment);
  for (const one of all) await writeFeedback(course, one);
  const open = all.filter(({ manual }) => [...manual.values()].includes(undefined)).length;
  const note = open === 0 ? "" : `; ${open} of them are not yet all marked by hand`;
  console.log(`${all.length} pages in ${shown(resolve(course.folder, "feedback"))}${note}`);
}

async function report(assignment: string, flags: CommonFlags): Promise<void> {
  const course = new Course(resolve(flags.course));
  const loaded = await loadAssignment(course, assignment);
  const all = await allGraded(course, assignment);
  await writeMarks(course, loaded, all);
  console.log(`${all.length} submissions: ${shown(await writeClassReport(course, loaded, all))}`);
}

const command = new Command(commandLine("course", "recsys-unlearning-kernel")).description(
  "Hands out the assignments of a course, grades what comes back, and gives feedback.",
);

function common(name: string, description: string): Command {
  const folder = inProject("notebooks", "course");
  return command.command(name).description(description).option("--course <dir>", "the course's folder", folder);
}

function withRun(given: Command): Command {
  const { cellSeconds, totalSeconds, memory, processes, files, output } = defaultLimits;
  return given
    .option("--trust-submissions", "run them without a sandbox, with your own rights", false)
    .option("--cell-timeout <seconds>", "for each cell and each answer", atLeastOne, cellSeconds)
    .option("--timeout <seconds>", "for a submission in all", atLeastOne, totalSeconds)
    .option("--memory <MiB>", "for a submission", atLeastOne, memory)
    .option("--processes <n>", "processes and threads of a submission", atLeastOne, processes)
    .option("--files <MiB>", "of one file, and of each folder that can be written", atLeastOne, files)
    .option("--output <MiB>", "of all that a submission shows", atLeastOne, output);
}

const repeat = (value: string, before: string[]) => [...before, value];

common("release", "write the students' version").argument("[assignment]").action(release);
withRun(common("check", "say what is wrong with an assignment of yours")).argument("[assignment]").action(check);
common("collect", "take submissions from a folder or a zip archive")
  .argument("<assignment>")
  .argument("<from>")
  .action(take);
withRun(common("grade", "grade what has been submitted and not been graded"))
  .argument("<assignment>")
  .option("--workers <n>", "submissions at the same time", atLeastOne, availableParallelism())
  .option("--student <name>", "this one alone; may be given again", repeat, [])
  .option("--regrade", "also what has been graded", false)
  .option("--quiet", "say only what is wrong", false)
  .action(grade);
common("feedback", "write a page and a notebook with marks for each student").argument("<assignment>").action(feedback);
common("report", "write the marks and a report on the class").argument("<assignment>").action(report);

// An interrupted run ends its kernels (see client/kernel-process.ts) before it ends itself.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

/** A folder that cannot be written, a full disk: the person's to mend, with the path in its message. */
const isOfFileSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;

runProgram(command).catch((error: unknown) => {
  if (!(error instanceof RecsysError || isOfFileSystem(error))) throw error;
  console.error(visibleLines(error.message));
  process.exitCode = 1;
});

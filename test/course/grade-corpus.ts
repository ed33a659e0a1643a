import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { sha256 } from "recsys-unlearning/core";
import { writeClassReport } from "../../kernel/course/class-report";
import { writeFeedback } from "../../kernel/course/feedback";
import { gradeAll, type GradeEvent, readReports } from "../../kernel/course/grade-all";
import { marked, writeMarks } from "../../kernel/course/marks";
import { parseNotebook } from "../../kernel/notebook/notebook-file";
import type { Report } from "../../kernel/course/report";
import { defaultLimits, findSandbox } from "../../kernel/course/sandbox";
import { canary, type Hostile } from "./submissions/corpus";
import { TinyCourse } from "./tiny";

/** Why tests of the sandbox cannot run here, or `undefined`. Said aloud, once. */
export async function whyNoSandbox(): Promise<string | undefined> {
  const found = await findSandbox();
  if (typeof found !== "string") return undefined;
  console.warn(`SKIPPED: tests that need the sandbox: ${found}`);
  return found;
}

export const testLimits = { ...defaultLimits, cellSeconds: 30, totalSeconds: 600, memory: 1536, processes: 200 };

/** A course in which submissions of the corpus have been graded. */
export interface GradedCorpus {
  readonly tiny: TinyCourse;
  readonly reports: ReadonlyMap<string, Report>;
  readonly events: readonly GradeEvent[];
}

/** Hands in and grades; in the sandbox, as `course grade` does. */
export async function gradeCorpus(cases: readonly Hostile[], limits = testLimits): Promise<GradedCorpus> {
  const how = await findSandbox();
  if (typeof how === "string") throw new Error(how);
  const tiny = new TinyCourse();
  const assignment = await tiny.load();
  for (const { name, hand } of cases) hand(tiny, name, assignment.released);
  const before = sourceHash(tiny);
  const events: GradeEvent[] = [];
  process.env["RECSYS_TEST_CANARY"] = canary;
  const failed = await gradeAll(tiny.course, assignment, {
    ...{ how, limits, workers: 2, onEvent: (event: GradeEvent) => events.push(event) },
  });
  delete process.env["RECSYS_TEST_CANARY"];
  expect(failed).toEqual([]);
  expect(sourceHash(tiny), "the source is as it was").toBe(before);
  const all = marked(await readReports(tiny.course, "tiny"), new Map());
  await writeMarks(tiny.course, assignment, all);
  await writeClassReport(tiny.course, assignment, all);
  for (const one of all) await writeFeedback(tiny.course, one);
  return { tiny, reports: new Map(all.map(({ report }) => [report.student, report])), events };
}

function sourceHash({ folder }: TinyCourse): string {
  return ["tiny.ipynb", "checks.ts", "practice.ts"]
    .map((name) => sha256(readFileSync(join(folder, "source/tiny", name))))
    .join();
}

/** The points by check. */
export function marksOf(report: Report | undefined): Record<string, number> {
  return Object.fromEntries((report?.checks ?? []).map(({ name, earned }) => [name, earned]));
}

/** What a student's feedback and graded copy hold, as text. */
export function textsOf({ tiny }: GradedCorpus, student: string): string {
  const paths = [
    join(tiny.course.of("feedback", student, "tiny"), "tiny.html"),
    join(tiny.course.of("feedback", student, "tiny"), "tiny.ipynb"),
    join(tiny.course.of("autograded", student, "tiny"), "tiny.ipynb"),
    join(tiny.course.of("autograded", student, "tiny"), "report.json"),
  ];
  return paths.map((path) => (existsSync(path) ? readFileSync(path, "utf8") : "")).join("\n");
}

/** What the cells of a submission have shown. */
export function outputsOf({ tiny }: GradedCorpus, student: string): string {
  const path = join(tiny.course.of("autograded", student, "tiny"), "tiny.ipynb");
  const { cells } = parseNotebook(readFileSync(path, "utf8"), path);
  return JSON.stringify(cells.flatMap(({ outputs = [] }) => outputs.filter((one) => one.output_type === "stream")));
}

/** Whether a command line is among those of this machine's processes. */
export function isRunning(command: string): boolean {
  return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n").includes(command);
}

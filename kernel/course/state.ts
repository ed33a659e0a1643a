import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { announce, createFileAtomic, InvalidDataError, NotFoundError, writeFileAtomic } from "recsys-unlearning/core";
import { notebookText } from "../notebook/notebook-file";
import type { Graded } from "./grade";
import { type Course, notebookName } from "./layout";
import { replaceFile } from "./replace-file";
import type { Report } from "./report";

const reportName = "report.json";

/**
 * The report of a submission, if it has been graded. One that is damaged counts as not there.
 *
 * @throws NotFoundError where it is there and cannot be read: to grade it again would not mend that
 */
export async function readReport(course: Course, student: string, assignment: string): Promise<Report | undefined> {
  const path = join(course.of("autograded", student, assignment), reportName);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new NotFoundError(`the report of ${JSON.stringify(student)} cannot be read: ${error.message}`, {
      where: path,
      cause: error,
    });
  });
  if (text === undefined) return undefined;
  try {
    const report = JSON.parse(text) as Report;
    return report.format === 1 && report.student === student && report.assignment === assignment ? report : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what grading gave: the report last, because it says that all is there. */
export async function saveGraded(course: Course, { report, notebook }: Graded): Promise<void> {
  const folder = course.of("autograded", report.student, report.assignment);
  await mkdir(folder, { recursive: true });
  if (notebook !== undefined) await replaceFile(join(folder, notebookName(report.assignment)), notebookText(notebook));
  await writeFileAtomic(join(folder, reportName), `${JSON.stringify(report, null, 1)}\n`);
}

const secretName = "secret.txt";

/**
 * The teacher's secret, from which every draw comes: made once, kept in the course's folder for its owner alone, never
 * handed out. That it is made is said: where reports are older than it, the one they rest on has been lost.
 *
 * @throws InvalidDataError where the file is empty: everybody could draw as the grader does
 */
export async function secretOf(course: Course): Promise<string> {
  const path = join(course.folder, secretName);
  if (!existsSync(path) && (await createFileAtomic(path, `${randomBytes(24).toString("hex")}\n`))) {
    chmodSync(path, 0o600);
    announce(`a new secret is in ${path}: keep it. Without it, nobody can grade again as you did.`);
  }
  const secret = readFileSync(path, "utf8").trim();
  if (secret !== "") return secret;
  throw new InvalidDataError("the secret is empty", { where: path, remedy: "restore it, or remove it for a new one" });
}

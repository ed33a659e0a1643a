import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CorruptFileError } from "recsys-unlearning/core";
import { notebookText, writeNotebook } from "../notebook/notebook-file";
import { type Course, notebookName } from "./layout";
import { type LoadedAssignment, privateFiles } from "./load-assignment";
import { privateMarks } from "./release";

/**
 * Writes the students' version of an assignment: its notebook, `practice.ts` and data. What an earlier release left
 * there is removed.
 *
 * @returns the files, relative to the folder of the release
 * @throws CorruptFileError should anything private be about to leave
 */
export async function writeRelease(course: Course, assignment: LoadedAssignment): Promise<string[]> {
  const { name, folder: source, files, released } = assignment;
  const text = notebookText(released);
  const leak = privateMarks.find((mark) => text.includes(mark)) ?? files.find((file) => privateFiles.test(file));
  if (leak !== undefined)
    throw new CorruptFileError(`the release would hold ${JSON.stringify(leak)}`, { where: source });
  const target = course.release(name);
  await mkdir(target, { recursive: true });
  for (const old of await readdir(target)) await rm(join(target, old), { recursive: true });
  for (const file of files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await copyFile(join(source, file), join(target, file));
  }
  await writeNotebook(join(target, notebookName(name)), released);
  return [notebookName(name), ...files];
}

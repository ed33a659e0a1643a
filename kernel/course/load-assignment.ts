import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, InvalidDataError, NotFoundError, sha256 } from "recsys-unlearning/core";
import { type Notebook, notebookText, readNotebook } from "../notebook/notebook-file";
import type { Assignment } from "./checks";
import type { Course } from "./layout";
import { notebookName } from "./layout";
import { loadTypeScript } from "./load-typescript";
import { releaseNotebook } from "./release";

/** An assignment as it is graded. */
export interface LoadedAssignment extends Assignment {
  readonly folder: string;
  /** The instructor's version. */
  readonly source: Notebook;
  /** The students' version. */
  readonly released: Notebook;
  /** The files that are released beside the notebook, relative to `folder`. */
  readonly files: readonly string[];
  /** Of all that a mark depends on in the assignment. */
  readonly hash: string;
}

/** Files whose name begins so are the grader's, and are never released, in whatever folder. */
export const privateFiles = /(^|\/)checks\b[^/]*$/;

const checksName = "checks.ts";

/**
 * Reads `source/<assignment>/`.
 *
 * @throws NotFoundError where the notebook or `checks.ts` is missing
 * @throws InvalidDataError where one of them is not what it should be
 */
export async function loadAssignment(course: Course, name: string): Promise<LoadedAssignment> {
  await course.require(name);
  const folder = course.source(name);
  const path = join(folder, notebookName(name));
  const source = await readNotebook(path);
  const all = await filesIn(folder);
  if (!all.includes(checksName))
    throw new NotFoundError("the assignment has no checks", { where: join(folder, checksName) });
  const given = readChecks(folder);
  if (given.name !== name)
    throw new InvalidDataError(`checks.ts is for the assignment "${given.name}"`, { where: folder });
  const released = releaseNotebook(source, path);
  const files = all.filter((file) => !privateFiles.test(file) && !file.endsWith(".ipynb"));
  const contents = await Promise.all(
    all
      .filter((file) => !file.endsWith(".ipynb"))
      .map(async (file) => [file, sha256(await readFile(join(folder, file)))]),
  );
  const hash = sha256(canonicalJson({ notebook: sha256(notebookText(released)), contents }));
  return { ...given, folder, source, released, files, hash };
}

/** What `checks.ts` exports as its default. @throws InvalidDataError where that is no assignment */
export function readChecks(folder: string): Assignment {
  const path = join(folder, checksName);
  const exported = loadTypeScript(path) as { default?: Partial<Assignment> };
  const given = exported.default;
  if (typeof given?.name !== "string" || !Array.isArray(given.checks) || !Array.isArray(given.manual))
    throw new InvalidDataError("checks.ts exports no assignment", {
      where: path,
      remedy: "export default assignment({ … }), of recsys-unlearning-kernel/course",
    });
  return given as Assignment;
}

/** The plain files of a folder and below, hidden ones left out, in a fixed order. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".") || part === "node_modules"))
    .sort();
}

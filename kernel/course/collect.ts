import { constants } from "node:fs";
import { lstat, mkdir, open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { InvalidArgumentError, writeFileAtomic } from "recsys-unlearning/core";
import { archiveLimits, type HandedIn, NotTaken, readArchive } from "./archive";
import { countingEntries } from "./exchange";
import { type Course, notebookName } from "./layout";

/** What became of one student's files. */
export interface Collected {
  readonly student: string;
  /** What was taken, under the name that it had. */
  readonly taken?: string;
  /** Why nothing was taken, or what was odd. */
  readonly problem?: string;
}

/**
 * Takes a class's submissions into `submitted/<student>/<assignment>/`. They may be folders or zip archives, one for
 * each student, notebooks that begin with the student's name, or one zip archive of these, as learning platforms give
 * them, or the `inbound` folder of nbgrader's exchange, of which each student's last submission counts. Only notebooks
 * are taken; one that was renamed gets its name back.
 *
 * @throws InvalidArgumentError where there is nothing at `from`
 */
export async function collect(course: Course, assignment: string, from: string): Promise<Collected[]> {
  await course.require(assignment);
  const files = new Map<string, HandedIn[]>();
  const problems = new Map<string, string>();
  for await (const { student, file, problem } of handedIn(from, assignment)) {
    files.set(student, files.get(student) ?? []);
    if (problem !== undefined) problems.set(student, problem);
    else if (file !== undefined) files.set(student, [...(files.get(student) ?? []), file]);
  }
  const collected: Collected[] = [];
  for (const student of [...files.keys()].sort())
    collected.push(await takeOne(course, assignment, student, files.get(student) ?? [], problems.get(student)));
  return collected;
}

async function takeOne(
  course: Course,
  assignment: string,
  student: string,
  files: readonly HandedIn[],
  problem: string | undefined,
): Promise<Collected> {
  const wanted = notebookName(assignment);
  const named = files.filter(({ path }) => basename(path) === wanted);
  const candidates = named.length > 0 ? named : files;
  if (candidates.length !== 1) {
    const several = candidates.length > 1 ? "several notebooks, and it is not clear which counts" : "no notebook";
    return { student, problem: problem ?? several };
  }
  const [{ path, bytes }] = candidates;
  const folder = course.of("submitted", student, assignment);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, wanted), bytes);
  const renamed = named.length > 0 ? {} : { problem: `renamed: ${basename(path)}` };
  return { student, taken: path, ...(problem === undefined ? renamed : { problem }) };
}

/** Of a student who has handed in something: a file, or why it was not taken; neither where it is no notebook. */
interface Found {
  readonly student: string;
  readonly file?: HandedIn;
  readonly problem?: string;
}

const isHidden = (name: string) => /(^|\/)(\.|__MACOSX(\/|$))/.test(name);
const isNotebook = (name: string) => /\.ipynb$/i.test(name) && !isHidden(name);
const isArchive = (name: string) => /\.zip$/i.test(name);

async function* handedIn(from: string, assignment: string): AsyncGenerator<Found> {
  const stats = await lstat(from).catch(() => undefined);
  if (stats?.isDirectory()) yield* ofFolder(from, assignment);
  else if (stats?.isFile() && isArchive(from)) yield* ofClassArchive(from);
  else
    throw new InvalidArgumentError("no folder or zip archive of submissions is there", {
      where: from,
      remedy: "give the folder that has a folder, a notebook or a zip archive for each student",
    });
}

async function* ofFolder(from: string, assignment: string): AsyncGenerator<Found> {
  const entries = await readdir(from, { withFileTypes: true });
  const counting = countingEntries(
    entries.map(({ name }) => name),
    assignment,
  );
  for (const entry of entries) {
    const path = join(from, entry.name);
    const student = studentIn(counting.get(entry.name) ?? entry.name);
    if (!counting.has(entry.name) || student === undefined || isHidden(entry.name)) continue;
    yield { student };
    try {
      if (entry.isDirectory()) for (const file of await notebooksBelow(path, student)) yield file;
      else if (!entry.isFile()) throw new NotTaken("a link or a device instead of a file");
      else if (isArchive(entry.name)) yield* ofArchive(path, student);
      else if (isNotebook(entry.name)) yield { student, file: { path: entry.name, bytes: await readPlain(path) } };
    } catch (error) {
      yield { student, problem: problemOf(error) };
    }
  }
}

async function notebooksBelow(folder: string, student: string): Promise<Found[]> {
  const found: Found[] = [];
  const open = [""];
  for (let inside = open.pop(); inside !== undefined; inside = open.pop())
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const path = join(inside, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith(".")) open.push(path);
      else if (isArchive(path) && entry.isFile())
        for await (const one of ofArchive(join(folder, path), student)) found.push(one);
      else if (!isNotebook(path)) continue;
      else if (!entry.isFile()) throw new NotTaken("a link or a device instead of a file");
      else found.push({ student, file: { path, bytes: await readPlain(join(folder, path)) } });
      if (found.length > archiveLimits.entries) throw new NotTaken("more files than are taken");
    }
  return found;
}

async function* ofArchive(zipped: string | Buffer, student: string): AsyncGenerator<Found> {
  for await (const file of readArchive(zipped, isNotebook)) yield { student, file };
}

/** One archive for a class: the first part of each name says whose it is. */
async function* ofClassArchive(path: string): AsyncGenerator<Found> {
  const seen = new Set<string>();
  const wanted = (name: string) => {
    const student = isHidden(name) ? undefined : studentIn(name.split("/")[0]);
    if (student !== undefined) seen.add(student);
    return student !== undefined && (isNotebook(name) || isArchive(name));
  };
  for await (const file of readArchive(path, wanted)) {
    const student = studentIn(file.path.split("/")[0]) as string;
    try {
      if (isArchive(file.path)) yield* ofArchive(file.bytes, student);
      else yield { student, file };
    } catch (error) {
      yield { student, problem: problemOf(error) };
    }
  }
  for (const student of seen) yield { student };
}

function problemOf(error: unknown): string {
  if (error instanceof NotTaken) return error.message;
  throw error;
}

async function readPlain(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new NotTaken("a link or a device instead of a file");
    if (stats.size > archiveLimits.file) throw new NotTaken(`a notebook of ${stats.size} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * The student in the name of a file or folder, without what Moodle (`Ada Lovelace_123_assignsubmission_file_…`) and
 * others put behind it. Characters that mean something to a file system become `-`.
 */
export function studentIn(name: string): string | undefined {
  const bare = name
    .replace(/\.(ipynb|zip)$/i, "")
    .replace(/_\d+_assign(submission|feedback)_.*$/i, "")
    .normalize("NFC");
  // eslint-disable-next-line no-control-regex
  const safe = bare.replace(/[\u0000-\u001f\u007f-\u009f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]/g, "-").trim();
  return safe === "" || /^\.+$/.test(safe) ? undefined : safe.slice(0, 100);
}

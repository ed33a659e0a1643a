import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  type FileHandle,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InvalidArgumentError, InvalidDataError } from "./errors";

/** What a temporary file of ours looks like; sweepers and ignore rules know it by this. */
export const temporarySuffix = ".partial";

/**
 * Writes a file so that a reader sees the old content or the new, never a part: temporary file in the same folder,
 * fsync, rename, fsync of the folder. The folder is made if need be; on failure the temporary file is removed. What is
 * there keeps its permissions and its owner; a symbolic link stays, and the file it leads to is written.
 *
 * @param path the file to write
 * @param content text (UTF-8) or bytes
 * @throws InvalidArgumentError where the path is read-only, a folder, a pipe or a device
 * @throws the error of the file system, unchanged
 * @example
 * await writeFileAtomic("result.json", canonicalJson({ auc: 0.71 })); // the old file, or the whole new one
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const target = await targetOf(path);
  await viaTemporary(target, content, (temporary) => rename(temporary, target.path));
}

/**
 * Creates a file that was not there, complete from the first moment it can be seen. Of several processes that try, one
 * succeeds, also on a network file system.
 *
 * @returns whether it was this call that created it
 * @throws the error of the file system, unchanged, but for a file that is there already
 * @example
 * const isNew = await createFileAtomic("result.json", "{}"); // false where there was one, which stays
 */
export async function createFileAtomic(path: string, content: string | Uint8Array): Promise<boolean> {
  let created = true;
  await viaTemporary({ path }, content, async (temporary) => {
    try {
      await link(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      created = false;
    }
    await rm(temporary, { force: true });
  });
  return created;
}

/**
 * Puts a finished file in the place of another, as `writeFileAtomic` writes: also where a link leads to another file
 * system.
 *
 * @throws as `writeFileAtomic`
 * @example
 * await moveFileAtomic("result.json.tmp", "result.json");
 */
export async function moveFileAtomic(from: string, to: string): Promise<void> {
  const { path, there } = await targetOf(to);
  await mkdir(dirname(path), { recursive: true });
  try {
    await finishFile(from, there);
    await rename(from, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const temporary = temporaryBeside(path);
    try {
      await copyFile(from, temporary);
      await finishFile(temporary, there);
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
    await rm(from, { force: true });
  }
  await syncFolder(dirname(path));
}

/**
 * The content of a regular file. A pipe would be waited for, and a device has no end.
 *
 * @throws InvalidDataError for a folder, a pipe or a device
 * @throws the error of the file system, unchanged
 * @example
 * const bytes = await readRegularFile("ratings.csv");
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  await requireRegularFile(path);
  return readFile(path, { flag: constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) });
}

/**
 * Refuses what cannot be read to its end.
 *
 * @throws InvalidDataError for a folder, a pipe or a device; the error of the file system where there is nothing
 * @example
 * await requireRegularFile("ratings.csv");
 * await requireRegularFile("/dev/null"); // InvalidDataError: this is a device
 */
export async function requireRegularFile(path: string): Promise<void> {
  const found = await stat(path);
  if (found.isFile()) return;
  throw new InvalidDataError(`this is ${kindOf(found)}`, { where: path, remedy: "give a regular file" });
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/** Where a write goes, and what is there already. */
interface Target {
  readonly path: string;
  readonly there?: Stats;
}

/** Follows links, also one that leads nowhere yet. @throws InvalidArgumentError where nothing may be written */
async function targetOf(path: string): Promise<Target> {
  const followed = await followLinks(path);
  const there = await orNothing(stat(followed));
  if (there === undefined) return { path: followed };
  if (!there.isFile())
    throw new InvalidArgumentError(`this is ${kindOf(there)}`, { where: path, remedy: "give the path of a file" });
  if ((there.mode & 0o222) === 0)
    throw new InvalidArgumentError("the file is read-only", {
      where: path,
      remedy: "make it writable (chmod u+w), or write elsewhere",
    });
  return { path: followed, there };
}

/** More links in a row than any file system follows. */
const mostLinks = 40;

async function followLinks(path: string): Promise<string> {
  for (let links = 0; links <= mostLinks; links++) {
    const found = await orNothing(lstat(path));
    if (found?.isSymbolicLink() !== true) return path;
    path = resolve(await realpath(dirname(path)), await readlink(path));
  }
  throw new InvalidArgumentError("symbolic links lead in a circle", { where: path, remedy: "remove the link" });
}

async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function temporaryBeside(path: string): string {
  const name = `.${basename(path)}.${process.pid}.${randomUUID().slice(0, 8)}${temporarySuffix}`;
  return join(dirname(path), name);
}

/** Writes and syncs a temporary file beside `path`, lets `place` put it there, and syncs the folder. */
async function viaTemporary(
  { path, there }: Target,
  content: string | Uint8Array,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, "wx", there === undefined ? 0o666 : 0o600);
    try {
      if (there !== undefined) await likeBefore(file, there);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Gives a new file the permissions of the one it replaces, and its owner where that is allowed. */
async function likeBefore(file: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  if (process.platform === "win32") return;
  await file.chown(uid, gid).catch(() => undefined); // only root gives files away
  await file.chmod(mode & 0o777);
}

/** Syncs a file that takes the place of another. */
async function finishFile(path: string, there: Stats | undefined): Promise<void> {
  const file = await open(path, "r+");
  try {
    if (there !== undefined) await likeBefore(file, there);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in a folder last through a power cut, where the file system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

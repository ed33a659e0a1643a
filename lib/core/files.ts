import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What a temporary file of ours looks like; sweepers and ignore rules know it by this. */
export const temporarySuffix = ".partial";

/**
 * Writes a file so that a reader sees the old content or the new, never a part: temporary file in the same folder,
 * fsync, rename, fsync of the folder. The folder is made if need be; on failure the temporary file is removed.
 *
 * @param path the file to write
 * @param content text (UTF-8) or bytes
 * @throws the error of the file system, unchanged
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await viaTemporary(path, content, (temporary) => rename(temporary, path));
}

/**
 * Creates a file that was not there, complete from the first moment it can be seen. Of several processes that try, one
 * succeeds, also on a network file system.
 *
 * @returns whether it was this call that created it
 * @throws the error of the file system, unchanged, but for a file that is there already
 */
export async function createFileAtomic(path: string, content: string | Uint8Array): Promise<boolean> {
  let created = true;
  await viaTemporary(path, content, async (temporary) => {
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

/** Writes and syncs a temporary file beside `path`, lets `place` put it there, and syncs the folder. */
async function viaTemporary(
  path: string,
  content: string | Uint8Array,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomUUID().slice(0, 8)}${temporarySuffix}`);
  try {
    const file = await open(temporary, "wx");
    try {
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

import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What a temporary file of ours looks like; sweepers and ignore rules know it by this. */
export const temporarySuffix = ".partial";

/**
 * Writes a file so that a reader sees the old content or the new, never a part: temporary file in the same folder, fsync,
 * rename, fsync of the folder. The folder is made if need be; on failure the temporary file is removed.
 *
 * @param path the file to write
 * @param content text (UTF-8) or bytes
 * @throws the error of the file system, unchanged
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
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
    await rename(temporary, path);
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

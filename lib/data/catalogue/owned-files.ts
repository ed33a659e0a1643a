import { readdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createFileAtomic } from "../../core";

/** Where it is noted what we put into a dataset's folder: beside it, an empty file of the name of each. */
const notesOf = (cache: string) => join(dirname(cache), ".owned", basename(cache));

/**
 * Notes that a name in a dataset's folder is ours, before it is there.
 *
 * @param cache the dataset's folder in the cache
 */
export async function ownFile(cache: string, name: string): Promise<void> {
  await createFileAtomic(join(notesOf(cache), name), "");
}

/** Names in a dataset's folder that are ours. */
export async function ownedFiles(cache: string): Promise<string[]> {
  return readdir(notesOf(cache)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

/** Forgets that some names are ours. */
export async function disownFiles(cache: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(notesOf(cache), name), { force: true });
  await rmdir(notesOf(cache)).catch(() => undefined); // others are noted
}

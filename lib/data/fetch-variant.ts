import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { temporarySuffix } from "../core";
import { openBytes } from "./byte-source";
import type { DatasetOrigin } from "./catalogue";
import { download } from "./download";
import { downloadWheel } from "./pypi";

/**
 * Fetches one file of a dataset into the cache: into a folder of its own first, moved in place only once `verify` has accepted it.
 *
 * @param cache the dataset's folder in the cache
 * @param verify reads the file from the folder it is given; what it returns is returned
 */
export async function fetchVariant<T>(
  origin: DatasetOrigin,
  cache: string,
  verify: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(cache, `.${process.pid}.${randomUUID().slice(0, 8)}${temporarySuffix}`);
  await mkdir(folder, { recursive: true });
  try {
    const file = join(folder, origin.file);
    if (origin.kind === "pypi") await extract(await downloadWheel(origin.requirement, folder), origin.member, file);
    else if (origin.member === undefined) await download(origin.url, file, origin);
    else {
      const archive = join(folder, "archive");
      await download(origin.url, archive, origin);
      await extract(archive, origin.member, file);
    }
    const verified = await verify(folder);
    await rename(file, join(cache, origin.file));
    return verified;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function extract(archive: string, member: string, file: string): Promise<void> {
  await pipeline(Readable.from(openBytes(archive, member)), createWriteStream(file));
}

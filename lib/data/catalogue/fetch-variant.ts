import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InvalidDataError, moveFileAtomic, temporarySuffix } from "../../core";
import { openBytes } from "../reading/byte-source";
import type { DatasetOrigin } from "./catalogue";
import { claimFolder } from "./claim";
import { canResume, download } from "./download";
import { ownFile } from "./owned-files";
import { downloadWheel } from "./pypi";

/**
 * Fetches one file of a dataset into the cache: into a work folder first, moved in place only once `verify` has
 * accepted it. A download that broke off is kept for the next call; what was refused is deleted.
 *
 * @param cache the dataset's folder in the cache
 * @param verify reads the file from the folder it is given; what it returns is returned
 */
export async function fetchVariant<T>(
  origin: DatasetOrigin,
  cache: string,
  verify: (folder: string) => Promise<T>,
): Promise<T> {
  const workName = `.${origin.file}.${origin.kind}${temporarySuffix}`;
  await ownFile(cache, workName);
  const work = await claimFolder(join(cache, workName));
  const file = join(work.path, origin.file);
  const fetched = origin.member === undefined ? file : join(work.path, "archive");
  try {
    await fetchOrigin(origin, work.path, fetched);
    if (origin.member !== undefined) await extract(fetched, origin.member, file);
    const verified = await verify(work.path);
    await ownFile(cache, origin.file);
    await moveFileAtomic(file, join(cache, origin.file));
    return verified;
  } finally {
    await work.release(!canResume(fetched));
  }
}

async function fetchOrigin(origin: DatasetOrigin, folder: string, path: string): Promise<void> {
  if (origin.kind === "address") {
    await download(origin.url, path, origin);
    await requireMd5(path, origin);
  } else await rename(await downloadWheel(origin.requirement, folder), path);
}

/** @throws InvalidDataError when the publisher's md5 is known and is another */
async function requireMd5(path: string, { url, md5 }: Extract<DatasetOrigin, { kind: "address" }>): Promise<void> {
  if (md5 === undefined) return;
  const hash = createHash("md5");
  await pipeline(createReadStream(path), hash);
  const found = hash.digest("hex");
  if (found !== md5)
    throw new InvalidDataError(`what was fetched has md5 ${found}, not the ${md5} that its publisher states`, {
      where: url,
      remedy: "fetch it again",
    });
}

async function extract(archive: string, member: string, file: string): Promise<void> {
  await pipeline(Readable.from(openBytes(archive, member)), createWriteStream(file));
}

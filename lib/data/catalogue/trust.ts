import { basename, join } from "node:path";
import { z } from "zod";
import { CorruptFileError, readRegularFile, writeFileAtomic } from "../../core";
import { ownFile } from "./owned-files";

/** What was seen of a dataset's files before: `dataHash` by file name. */
export type SeenHashes = Readonly<Record<string, string>>;

const seenSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
const seenFile = (cache: string) => join(cache, "seen.json");

/**
 * @param cache the dataset's folder in the cache
 * @throws CorruptFileError when the record is damaged or cannot be read: without it a changed file would be trusted
 *   anew
 */
export async function readSeenHashes(cache: string): Promise<SeenHashes> {
  const where = seenFile(cache);
  let text: string;
  try {
    text = (await readRegularFile(where)).toString("utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {}; // nothing was seen yet
    throw new CorruptFileError("the record of known hashes cannot be read", {
      where,
      remedy: "make it readable",
      cause,
    });
  }
  try {
    return seenSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CorruptFileError("the record of known hashes is damaged", {
      where,
      remedy: "delete it, and the next file read is trusted anew",
      cause,
    });
  }
}

/** Records the hash of a file that has none in the catalogue, so that from now on it must stay the same. */
export async function recordSeenHash(cache: string, file: string, hash: string): Promise<void> {
  await ownFile(cache, basename(seenFile(cache)));
  const seen = { ...(await readSeenHashes(cache)), [file]: hash };
  await writeFileAtomic(seenFile(cache), `${JSON.stringify(seen, null, 2)}\n`);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CorruptFileError, writeFileAtomic } from "../core";

/** What was seen of a dataset's files before: `dataHash` by file name. */
export type SeenHashes = Readonly<Record<string, string>>;

const seenSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
const seenFile = (cache: string) => join(cache, "seen.json");

/** @param cache the dataset's folder in the cache. @throws CorruptFileError when the record is damaged */
export function readSeenHashes(cache: string): SeenHashes {
  let text: string;
  try {
    text = readFileSync(seenFile(cache), "utf8");
  } catch {
    return {}; // nothing was seen yet
  }
  try {
    return seenSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CorruptFileError("the record of known hashes is damaged", {
      where: seenFile(cache),
      remedy: "delete it, and the next file read is trusted anew",
      cause,
    });
  }
}

/** Records the hash of a file that has none in the catalogue, so that from now on it must stay the same. */
export async function recordSeenHash(cache: string, file: string, hash: string): Promise<void> {
  const seen = { ...readSeenHashes(cache), [file]: hash };
  await writeFileAtomic(seenFile(cache), `${JSON.stringify(seen, null, 2)}\n`);
}

// The hash of a dataset's content, remembered between processes: to find it takes as long as to read the dataset.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cacheFolder, libFolder, sha256, sha256OfFile, writeFileAtomic } from "../../core";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.object({ readers: hash, contents: z.record(hash, hash) });

const fileOf = (name: string) => join(cacheFolder(), "known-contents", `${name}.json`);

/**
 * What `find` gives, found once for a file of these bytes, read by this code.
 *
 * @param name of the dataset
 * @param path of its file
 * @param how it is read and what it is held against
 */
export async function knownContent(
  name: string,
  path: string,
  how: object,
  find: () => Promise<string>,
): Promise<string> {
  const readers = await readersHash();
  const bytes = await sha256OfFile(path).catch(() => undefined); // whoever reads it says why it cannot be read
  if (readers === undefined || bytes === undefined) return find();
  const key = sha256(JSON.stringify([bytes, how]));
  const before = await readKnown(name, readers);
  if (Object.hasOwn(before, key)) return before[key];
  const found = await find();
  const contents = { ...before, [key]: found };
  // It only saves time: a cache that cannot be written costs no result.
  await writeFileAtomic(fileOf(name), `${JSON.stringify({ readers, contents })}\n`).catch(() => undefined);
  return found;
}

/** What this very code has found before; nothing where the file is of other code, damaged or not there. */
async function readKnown(name: string, readers: string): Promise<Readonly<Record<string, string>>> {
  try {
    const found = schema.parse(JSON.parse(await readFile(fileOf(name), "utf8")));
    return found.readers === readers ? found.contents : {};
  } catch {
    return {};
  }
}

/** Of all modules of the library, which the build has hashed; `undefined` where it was not built. */
async function readersHash(): Promise<string | undefined> {
  try {
    return sha256(await readFile(join(libFolder(), "dist", "code.json")));
  } catch {
    return undefined;
  }
}

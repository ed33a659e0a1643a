import { existsSync } from "node:fs";
import { lstat, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { announce, Claim, RecsysError, temporarySuffix } from "../../core";
import { cacheOf, ownFolder } from "./cache-folder";
import { type DatasetEntry, datasetEntry, type DatasetVariant } from "./catalogue";
import { workClaim } from "./claim";
import { readVariant } from "./dataset";
import { disownFiles, ownedFiles } from "./owned-files";

/** A dataset's file on this machine. */
export interface DatasetFile {
  readonly place: "RECSYS_DATA" | "cache";
  readonly variant: DatasetVariant;
  readonly folder: string;
  readonly sizeBytes: number;
}

/** The first variant of a dataset that a folder holds. */
export function variantIn(folder: string, entry: DatasetEntry): DatasetVariant | undefined {
  return entry.variants.find(({ file }) => existsSync(join(folder, file)));
}

/**
 * The files of a dataset that are on this machine, the one that would be used first.
 *
 * @throws NotFoundError for a name that is not in the catalogue
 * @example
 * for (const file of await datasetFiles("ml-100k")) console.log(file.folder, file.sizeBytes);
 */
export async function datasetFiles(name: string): Promise<DatasetFile[]> {
  const entry = datasetEntry(name);
  const files: DatasetFile[] = [];
  for (const [place, folder] of [["RECSYS_DATA", ownFolder()] as const, ["cache", cacheOf(name)] as const])
    for (const variant of folder === "" ? [] : entry.variants)
      if (existsSync(join(folder, variant.file)))
        files.push({ place, variant, folder, sizeBytes: (await stat(join(folder, variant.file))).size });
  return files;
}

/** What became of verifying a file. */
export interface VerifiedFile extends DatasetFile {
  /** sha256 of its content, or `null` where it could not be read as what it should be. */
  readonly dataHash: string | null;
  /** What is wrong, or `null`. */
  readonly problem: string | null;
}

/**
 * Reads one file of a dataset again and holds it against the catalogue and what was seen before.
 *
 * @throws NotFoundError for a dataset that the catalogue does not have
 * @example
 * for (const file of await datasetFiles("ml-100k")) console.log(await verifyDatasetFile("ml-100k", file));
 */
export async function verifyDatasetFile(name: string, file: DatasetFile): Promise<VerifiedFile> {
  try {
    const { dataHash } = await readVariant(name, datasetEntry(name), file.variant, file.folder, file.place);
    return { ...file, dataHash, problem: null };
  } catch (error) {
    if (!(error instanceof RecsysError)) throw error;
    return { ...file, dataHash: null, problem: error.message };
  }
}

/**
 * Removes a dataset from the cache, with unfinished downloads and the hashes that were trusted: what we put there, and
 * nothing else, which is said. What a living process fetches stays, and so does `RECSYS_DATA`.
 *
 * @returns the bytes freed
 * @throws NotFoundError for a name that is not in the catalogue
 * @example
 * await removeDataset("ml-100k"); // how many files are gone; the next loadDataset fetches it again
 */
export async function removeDataset(name: string): Promise<number> {
  datasetEntry(name);
  const folder = cacheOf(name);
  const owned = await ownedFiles(folder);
  let freed = 0;
  for (const entry of await namesIn(folder)) {
    const path = join(folder, entry);
    const owner = owned.find((own) => entry === own || (own.endsWith(temporarySuffix) && entry.startsWith(`${own}.`)));
    if (owner === undefined || (await Claim.isHeld(path, workClaim).catch(isFile))) continue;
    freed += await sizeOf(path);
    await rm(path, { recursive: true, force: true });
  }
  const left = await namesIn(folder);
  await disownFiles(
    folder,
    owned.filter((own) => !left.some((entry) => entry.startsWith(own))),
  );
  if (left.length > 0)
    announce(`${name}: left alone in ${folder}: ${left.join(", ")} (in use, or not put there by us)`);
  else await rmdir(folder).catch(() => undefined); // never there
  return freed;
}

/** A file has no claim in it. */
function isFile(error: NodeJS.ErrnoException): boolean {
  if (error.code === "ENOTDIR") return false;
  throw error;
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

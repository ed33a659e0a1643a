import { existsSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { RecsysError } from "../core";
import { cacheOf, ownFolder } from "./cache-folder";
import { type DatasetEntry, datasetEntry, type DatasetVariant } from "./catalogue";
import { readVariant } from "./dataset";

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

/** Reads one file of a dataset again and holds it against the catalogue and what was seen before. */
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
 * Removes a dataset from the cache, with unfinished downloads and the hashes that were trusted. `RECSYS_DATA` is left
 * alone.
 *
 * @returns the bytes freed
 * @throws NotFoundError for a name that is not in the catalogue
 */
export async function removeDataset(name: string): Promise<number> {
  datasetEntry(name);
  const folder = cacheOf(name);
  let freed = 0;
  for (const file of existsSync(folder) ? await readdir(folder, { recursive: true }) : []) {
    const found = await stat(join(folder, file));
    if (found.isFile()) freed += found.size;
  }
  await rm(folder, { recursive: true, force: true });
  return freed;
}

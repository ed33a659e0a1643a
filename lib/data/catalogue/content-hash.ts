import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetFile, datasetFiles } from "./cache";
import { cacheOf } from "./cache-folder";
import { datasetEntry } from "./catalogue";
import { checkVariant } from "./dataset";
import { knownContent } from "./known-contents";
import { readSeenHashes } from "./trust";

/** The content of a dataset's file on this machine. */
export interface FoundContent {
  /** sha256 of the content (`dataHash`). */
  readonly dataHash: string;
  /** Which file, without the machine's folders, such as `"RECSYS_DATA/ml-1m.inter"`. */
  readonly source: string;
}

const read = new Map<string, Promise<FoundContent>>();

/**
 * The hash of what `loadDataset` would read on this machine, without fetching, announcing or trusting anything. A file
 * is read once, and again when it has changed.
 *
 * @returns `null` where the dataset is not on this machine
 * @throws NotFoundError for a name that is not in the catalogue
 * @throws InvalidDataError for a file that `loadDataset` would refuse
 * @example
 * const found = await datasetContent("ml-100k"); // null where it is not on this machine
 */
export async function datasetContent(name: string): Promise<FoundContent | null> {
  const [file] = await datasetFiles(name);
  if (file === undefined) return null;
  const { size, mtimeMs, ino } = await stat(join(file.folder, file.variant.file));
  const key = JSON.stringify([name, file.folder, file.variant.file, size, mtimeMs, ino]);
  const known = read.get(key) ?? contentOf(name, file);
  read.set(key, known);
  known.catch(() => read.delete(key)); // a failure is not remembered
  return known;
}

async function contentOf(name: string, { folder, place, variant }: DatasetFile): Promise<FoundContent> {
  const expected = variant.dataHash ?? (await readSeenHashes(cacheOf(name)))[variant.file] ?? null;
  const found = await knownContent(name, join(folder, variant.file), { variant, expected }, async () => {
    return (await checkVariant(name, datasetEntry(name), variant, folder)).found;
  });
  return { dataHash: found, source: `${place}/${variant.file}` };
}

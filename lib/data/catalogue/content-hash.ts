import { stat } from "node:fs/promises";
import { join } from "node:path";
import { datasetFiles } from "./cache";
import { datasetEntry } from "./catalogue";
import { checkVariant } from "./dataset";

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
  const known =
    read.get(key) ??
    checkVariant(name, datasetEntry(name), file.variant, file.folder).then(({ found }) => ({
      dataHash: found,
      source: `${file.place}/${file.variant.file}`,
    }));
  read.set(key, known);
  known.catch(() => read.delete(key)); // a failure is not remembered
  return known;
}

import { basename, resolve } from "node:path";
import {
  announce,
  CancelledError,
  CorruptFileError,
  currentSignal,
  flagOption,
  givenOption,
  InvalidDataError,
  NotFoundError,
  optionList,
  type OptionsOf,
  textOption,
} from "../../core";
import { variantIn } from "./cache";
import { cacheOf, ownFolder } from "./cache-folder";
import { datasetCatalogue, type DatasetEntry, datasetEntry } from "./catalogue";
import { dataHash } from "../data-hash";
import { type Dataset, readVariant } from "./dataset";
import { fetchVariant } from "./fetch-variant";
import type { ParsedFile } from "../reading/interactions-parser";
import { readInteractions } from "../reading/read-interactions";
import type { ReadOptions } from "../reading/read-options";

/** The options of `loadDataset`. */
const loadDatasetOptions = optionList("loadDataset", {
  folder: textOption(
    "A folder that is looked into first, by default the one that `RECSYS_DATA` names; empty for none.",
    "",
  ),
  offline: flagOption("Never fetch anything.", false),
  read: givenOption<ReadOptions>("How to read a file of your own, where its first line does not tell.", {}),
});

/** Options of `loadDataset`. */
export interface LoadDatasetOptions extends OptionsOf<typeof loadDatasetOptions.fields> {}

/**
 * Loads a dataset of the catalogue or a file of your own.
 *
 * A dataset is looked for in the folder `RECSYS_DATA`, then in the local cache, then at its addresses and mirrors; what
 * is found is verified. Says where it looks, and shows licence and citation once. Anything with a `/` or a `.` that the
 * catalogue does not name is the path of a file (CSV, TSV, `.inter`, gzip, zip), read as `readInteractions` does.
 *
 * @example
 * const { interactions } = await loadDataset("ml-100k");
 * const mine = await loadDataset("ratings.csv", { read: { columns: { user: "member", item: "film" } } });
 * @throws NotFoundError when there is no such dataset or file, or when it is nowhere to be had (with what was tried)
 * @throws InvalidDataError when a file is malformed, or not what the catalogue says
 */
export async function loadDataset(name: string, options?: Partial<LoadDatasetOptions>): Promise<Dataset> {
  const { folder, offline, read } = loadDatasetOptions.resolve({ ...options, folder: options?.folder ?? ownFolder() });
  if (!Object.hasOwn(datasetCatalogue(), name) && /[./\\]/.test(name)) return ownFile(name, read);
  return loadEntry(name, datasetEntry(name), folder, offline);
}

/** `loadDataset` for a dataset whose entry is known. */
export async function loadEntry(name: string, entry: DatasetEntry, folder: string, offline: boolean): Promise<Dataset> {
  announce(`${entry.title}: ${entry.licence}. Please cite: ${entry.citation}`);
  const dataset =
    (await fromFolder(name, entry, folder)) ??
    (await fromCache(name, entry)) ??
    (await fromOrigins(name, entry, offline));
  announce(`${name}: read from ${dataset.source}`);
  for (const gap of [...dataset.gaps, ...droppedText(dataset.droppedRows)]) announce(`${name}: ${gap}`);
  return dataset;
}

function droppedText(droppedRows: Dataset["droppedRows"]): string[] {
  return Object.entries(droppedRows).map(([reason, count]) => `dropped ${count} x ${reason}`);
}

async function ownFile(path: string, read: ReadOptions): Promise<Dataset> {
  const parsed = await readInteractions(resolve(path), read); // an error says where it looked
  const source = basename(path);
  for (const text of readText(parsed, read)) announce(`${source}: ${text}`);
  const hash = dataHash(parsed.interactions);
  return { ...parsed, name: source, dataHash: hash, source, gaps: [], licence: null, citation: null };
}

/** What is said of a file of one's own: how it was read, and the rows that are not as others. */
function readText({ layout, droppedRows, leftOut, repeatedRows }: ParsedFile, { keep = "all" }: ReadOptions): string[] {
  const { format, delimiter, encoding, ...rest } = layout;
  const how = [format, ...(delimiter === undefined ? [] : [`delimiter ${delimiter}`]), encoding];
  return [
    `read as ${how.filter((part) => part !== undefined && part !== "UTF-8").join(", ")}`,
    ...Object.entries(rest).map(([fact, words]) => `${fact}: ${words}`),
    ...droppedText(droppedRows),
    ...Object.entries(leftOut).map(([reason, count]) => `left out ${count} x ${reason}`),
    ...(repeatedRows === 0 ? [] : [`${repeatedRows} rows repeat a user and an item; ${keptText(keep)}`]),
  ];
}

function keptText(keep: NonNullable<ReadOptions["keep"]>): string {
  if (keep === "all") return "all are kept";
  return keep === "first" || keep === "last" ? `the ${keep} is kept` : `each pair is one row with their ${keep}`;
}

async function fromFolder(name: string, entry: DatasetEntry, folder: string): Promise<Dataset | undefined> {
  if (folder === "") {
    announce(`${name}: RECSYS_DATA is not set`);
    return undefined;
  }
  const variant = variantIn(folder, entry);
  if (variant !== undefined) return readVariant(name, entry, variant, folder, `RECSYS_DATA/${variant.file}`);
  announce(`${name}: RECSYS_DATA has none of ${entry.variants.map(({ file }) => file).join(", ")}`);
  return undefined;
}

async function fromCache(name: string, entry: DatasetEntry): Promise<Dataset | undefined> {
  const variant = variantIn(cacheOf(name), entry);
  if (variant === undefined) {
    announce(`${name}: not in the cache`);
    return undefined;
  }
  try {
    return await readVariant(name, entry, variant, cacheOf(name), `cache/${variant.file}`);
  } catch (error) {
    if (!(error instanceof InvalidDataError) || isUnreadable(error)) throw error;
    announce(`${name}: the cached ${variant.file} is damaged and is fetched again`);
    return undefined;
  }
}

/** Whether the file system refused a file: it is not damaged, and may be read later. */
function isUnreadable({ cause }: InvalidDataError): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
}

async function fromOrigins(name: string, entry: DatasetEntry, offline: boolean): Promise<Dataset> {
  const tried: string[] = [];
  for (const origin of offline ? [] : entry.origins) {
    const variant = entry.variants.find(({ file }) => file === origin.file)!;
    const place = origin.kind === "address" ? origin.url : `PyPI (${origin.requirement})`;
    announce(`${name}: fetching ${place}`);
    try {
      return await fetchVariant(origin, cacheOf(name), (folder) => readVariant(name, entry, variant, folder, place));
    } catch (error) {
      if (error instanceof CancelledError || currentSignal()?.aborted === true) throw error;
      if (error instanceof CorruptFileError) throw error; // a record of our own, which no other address mends
      const [reason] = (error as Error).message.split("\n");
      announce(`${name}: ${reason}`);
      tried.push(`${place} (${reason})`);
    }
  }
  const files = entry.variants.map(({ file }) => file).join(" or ");
  const hints = entry.origins.length > 0 ? "" : `; it has no address to fetch from: ${entry.gaps.join("; ")}`;
  throw new NotFoundError(`the dataset ${name} cannot be had${offline ? " offline" : ""}`, {
    ...(tried.length > 0 ? { where: tried.join("; ") } : {}),
    remedy: `get it from ${entry.homepage} and put ${files} into a folder that RECSYS_DATA names${hints}`,
  });
}

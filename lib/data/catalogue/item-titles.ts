import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { announce, CancelledError, currentSignal, InvalidDataError, sha256OfFile } from "../../core";
import { cacheOf, ownFolder } from "./cache-folder";
import { datasetEntry, type DatasetTitles } from "./catalogue";
import { fetchVariant } from "./fetch-variant";

/**
 * What a dataset's items are called, by the dataset's own ids, with the year where it is known: `"Toy Story (1995)"`.
 * Looked for in `RECSYS_DATA`, then in the cache, then at its address. Empty, and said so, where the dataset has none
 * or they cannot be had.
 *
 * @throws NotFoundError when there is no such dataset
 * @throws InvalidDataError when a file of `RECSYS_DATA` is not what the catalogue says
 * @example
 * const titles = await loadItemTitles("ml-100k");
 * titles.get(train.items.toRaw(7)); // the title of dense item 7, by the dataset's own id
 */
export async function loadItemTitles(name: string): Promise<ReadonlyMap<string, string>> {
  const { titles } = datasetEntry(name);
  if (titles === undefined) {
    announce(`${name}: its items have no titles; they go by their ids`);
    return new Map();
  }
  for (const folder of [ownFolder(), cacheOf(name)])
    if (folder !== "" && existsSync(join(folder, titles.file))) return readTitles(folder, titles);
  announce(`${name}: fetching the titles of its items from PyPI (${titles.origin.requirement})`);
  try {
    return await fetchVariant(titles.origin, cacheOf(name), (folder) => readTitles(folder, titles));
  } catch (error) {
    if (error instanceof CancelledError || currentSignal()?.aborted === true) throw error;
    announce(`${name}: ${(error as Error).message.split("\n")[0]}; items go by their ids`);
    return new Map();
  }
}

/** @throws InvalidDataError when the file is another */
async function readTitles(folder: string, titles: DatasetTitles): Promise<Map<string, string>> {
  const path = join(folder, titles.file);
  if ((await sha256OfFile(path)) !== titles.sha256)
    throw new InvalidDataError("these are not the titles of the catalogue: the file has another sha256", {
      where: titles.file,
      remedy: "remove the file; it is fetched again",
    });
  return parseTitles(await readFile(path, "utf8"));
}

/** Tab-separated lines of id, title and year after a header (RecBole's `.item`), as titles by id. */
export function parseTitles(text: string): Map<string, string> {
  const [, ...lines] = text.trimEnd().split("\n");
  return new Map(
    lines.map((line) => {
      const [id, title, year] = line.split("\t");
      return [id, /^\d{4}$/.test(year) ? `${title} (${year})` : title];
    }),
  );
}

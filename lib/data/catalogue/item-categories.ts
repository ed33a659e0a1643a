import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { announce, InvalidDataError } from "../../core";
import { cacheOf, ownFolder } from "./cache-folder";
import { type DatasetCategories, datasetEntry } from "./catalogue";
import { Sample } from "../reading/sample";

/**
 * The categories of a dataset's items, such as genres, by the dataset's own ids. Looked for in `RECSYS_DATA`, then in
 * the cache. Empty, and said so, where the dataset has none or the file is not there.
 *
 * @throws NotFoundError when there is no such dataset
 * @throws InvalidDataError when the file lacks a column
 * @example
 * const genres = await loadItemCategories("anime");
 * attributeRequest(train, genres, { attribute: "genre", value: "Horror" });
 */
export async function loadItemCategories(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { categories, homepage } = datasetEntry(name);
  if (categories === undefined) {
    announce(`${name}: its items have no categories`);
    return new Map();
  }
  for (const folder of [ownFolder(), cacheOf(name)])
    if (folder !== "" && existsSync(join(folder, categories.file))) return readCategories(folder, categories);
  announce(`${name}: ${categories.file} is not on this machine; get it from ${homepage}`);
  return new Map();
}

async function readCategories(folder: string, wanted: DatasetCategories): Promise<Map<string, string[]>> {
  const path = join(folder, wanted.file);
  const [header, ...rows] = new Sample(await readFile(path), true, Infinity).records(0, ",", "doubled");
  const [item, column] = [wanted.item, wanted.column].map((name) => header?.fields.indexOf(name) ?? -1);
  if (item < 0 || column < 0)
    throw new InvalidDataError(`no column "${item < 0 ? wanted.item : wanted.column}"`, {
      where: `${path}:1`,
      remedy: "get the file again",
    });
  const named = rows.filter(({ fields }) => fields.length === header.fields.length);
  return new Map(named.map(({ fields }) => [fields[item], split(fields[column], wanted.separator)]));
}

const split = (text: string, separator: string) => text.split(separator).filter((part) => part !== "");

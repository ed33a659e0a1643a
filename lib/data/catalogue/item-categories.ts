import { join } from "node:path";
import { existsSync } from "node:fs";
import { announce } from "../../core";
import { cacheOf, ownFolder } from "./cache-folder";
import { type DatasetCategories, datasetEntry } from "./catalogue";
import { type ItemAttributes, readItemAttributes } from "../asking/item-attributes";

/**
 * The categories of a dataset's items, such as genres, by the dataset's own ids. Looked for in `RECSYS_DATA`, then in
 * the cache. Empty, and said so, where the dataset has none or the file is not there.
 *
 * @throws NotFoundError when there is no such dataset
 * @throws InvalidDataError when the file lacks a column or is malformed
 * @example
 * const genres = await loadItemCategories("anime");
 * attributeRequest(train, genres, { attribute: "genre", value: "Horror" });
 */
export async function loadItemCategories(name: string): Promise<ItemAttributes> {
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

function readCategories(folder: string, wanted: DatasetCategories): Promise<ItemAttributes> {
  const { file, item, column: attribute, separator } = wanted;
  return readItemAttributes(join(folder, file), { item, attribute, separator, delimiter: "," });
}

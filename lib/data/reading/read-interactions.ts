import { basename } from "node:path";
import { Breather, ProgressTask, RecsysError } from "../../core";
import { fileKind, openBytes } from "./byte-source";
import { finished, InteractionsParser, type ParsedFile } from "./interactions-parser";
import { readParquet } from "./parquet";
import { type ReadOptions, readOptionList, type ReadSettings } from "./read-options";

/**
 * Reads interactions from a file of your own: rows of fields with any delimiter, lists, matrices, JSON, Parquet, and
 * the formats that `npm run data -- formats` lists; plain, gzipped or in a zip archive. What the options leave open is
 * found from the file and stands in `layout`; where two readings fit, the error names both.
 *
 * @example
 * const { interactions } = await readInteractions("ratings.csv", { columns: { user: "member", item: "film" } });
 * @param path the file
 * @throws InvalidOptionError for an unknown option, or one that the file contradicts
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError when it is malformed, with file and line, or when its layout cannot be told
 */
export async function readInteractions(path: string, options: ReadOptions = {}): Promise<ParsedFile> {
  const settings = readOptionList.resolve(options);
  if ((await fileKind(path)) === "parquet") {
    const { rows, facts } = await readParquet(path, settings);
    return finished(rows, facts, settings.keep, path);
  }
  return (await readText(path, options, settings)) ?? (await readAsLatin1(path, options, settings));
}

/** @returns `undefined` where the file turns out to be latin-1 */
async function readText(path: string, options: ReadOptions, { member }: ReadSettings): Promise<ParsedFile | undefined> {
  const parser = new InteractionsParser(path, options);
  const breather = new Breather(`reading ${basename(path)}`);
  const progress = new ProgressTask(`reading ${basename(path)}`, null, "bytes");
  let bytesRead = 0;
  try {
    for await (const chunk of openBytes(path, member === "" ? undefined : member)) {
      parser.push(chunk);
      progress.update((bytesRead += chunk.length));
      await breather.breathe();
    }
    const parsed = parser.finish();
    return parser.isLatin1 ? undefined : parsed;
  } catch (error) {
    if (error instanceof RecsysError && parser.isLatin1) return undefined;
    throw error;
  } finally {
    progress.finish();
  }
}

async function readAsLatin1(path: string, options: ReadOptions, settings: ReadSettings): Promise<ParsedFile> {
  const read = (await readText(path, { ...options, encoding: "latin1" }, settings))!;
  return { ...read, layout: { ...read.layout, encoding: "latin-1 (some ids or names are no UTF-8)" } };
}

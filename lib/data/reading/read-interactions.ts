import { basename } from "node:path";
import { Breather, InvalidOptionError, ProgressTask, requireOneOf } from "../../core";
import { openBytes } from "./byte-source";
import type { ReadOptions } from "./file-layout";
import { type ParsedFile, DelimitedParser } from "./delimited-parser";

/** The options as a list, so that an unknown one is refused. */
const optionNames = ["delimiter", "header", "columns", "encoding", "badRows", "timeUnit", "member"] as const;

/**
 * Reads interactions from a file of your own: CSV, TSV, RecBole's `.inter`, MovieLens' `u.data` and `ratings.dat`,
 * plain, gzipped or in a zip archive. What the options leave open is told from the first line.
 *
 * @example
 * const { interactions } = await readInteractions("ratings.csv", { columns: { user: "member", item: "film" } });
 * @param path the file
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError when it is malformed, with file and line
 */
export async function readInteractions(path: string, options: ReadOptions = {}): Promise<ParsedFile> {
  for (const name of Object.keys(options)) requireOneOf("option of readInteractions", name, optionNames);
  if (options.delimiter === "\n" || options.delimiter === '"')
    throw new InvalidOptionError("the delimiter cannot be a line feed or a quote", { where: "readInteractions" });
  const parser = new DelimitedParser(path, options);
  const breather = new Breather(`reading ${basename(path)}`);
  const progress = new ProgressTask(`reading ${basename(path)}`, null, "bytes");
  let bytesRead = 0;
  try {
    for await (const chunk of openBytes(path, options.member)) {
      parser.push(options.encoding === "latin1" ? latin1ToUtf8(chunk) : chunk);
      progress.update((bytesRead += chunk.length));
      await breather.breathe();
    }
    return parser.finish();
  } finally {
    progress.finish();
  }
}

function latin1ToUtf8(chunk: Uint8Array): Uint8Array {
  if (chunk.every((byte) => byte < 0x80)) return chunk;
  return Buffer.from(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1"), "utf8");
}

import { InvalidDataError, NotFoundError, readRegularFile, listed } from "../../core";
import type { IdMap } from "../id-map";

/**
 * The dense ids of raw ones.
 *
 * @param present which of the dense ids have a row; one without is as unknown as one that was never there
 * @returns each once
 * @throws NotFoundError that lists every id which is not there (the first 20, and how many more), all at once
 */
export function denseIds(map: IdMap, rawIds: readonly string[], present: (dense: number) => boolean): Set<number> {
  const dense = new Set<number>();
  const unknown = new Set<string>();
  for (const raw of rawIds) {
    const found = map.find(raw);
    if (found === undefined || !present(found)) unknown.add(raw);
    else dense.add(found);
  }
  if (unknown.size > 0) throw unknownIds(map, [...unknown], new Set(rawIds).size, present);
  if (dense.size === 0) throw new NotFoundError(`no ${map.kind} was asked for`, { remedy: "give at least one id" });
  return dense;
}

function unknownIds(
  map: IdMap,
  unknown: readonly string[],
  asked: number,
  present: (dense: number) => boolean,
): NotFoundError {
  const there = Array.from({ length: map.size }, (_, dense) => dense).find(present);
  const example = there === undefined ? "none has a training row" : `such as "${map.toRaw(there)}"`;
  return new NotFoundError(
    `${unknown.length} of ${asked} ${map.kind}s asked for have no training row: ${listed(unknown)}`,
    {
      remedy:
        `ids are those of the dataset's own file (${example}); leave out what is not there, ` +
        "or what a split or a k-core took out of the training rows",
    },
  );
}

/** Which dense ids occur in a column. @param size how many ids there are */
export function presence(column: Int32Array, size: number): (dense: number) => boolean {
  const seen = new Uint8Array(size);
  for (const id of column) seen[id] = 1;
  return (dense) => seen[dense] === 1;
}

/**
 * Raw ids from a file, one a line. Empty lines are passed over; blanks at the ends of a line and a byte order mark do
 * not count. There is no header: a first line such as `user_id` is an id like the others, and is refused as unknown.
 *
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError when it has no ids, or is no text
 * @example
 * usersRequest(train, await readIds("users.txt"));
 */
export async function readIds(path: string): Promise<string[]> {
  const text = await readText(path);
  const ids = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (ids.length > 0) return ids;
  throw new InvalidDataError("the file has no ids", { where: path, remedy: "write one id a line" });
}

/** A file's text. @throws NotFoundError when there is no such file @throws InvalidDataError when it is not UTF-8 */
export async function readText(path: string): Promise<string> {
  const bytes = await regularFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidDataError("the file is not UTF-8 text", {
      where: path,
      remedy: "convert it, such as with iconv -t utf-8",
      cause,
    });
  }
}

async function regularFile(path: string): Promise<Buffer> {
  try {
    return await readRegularFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new NotFoundError("there is no such file", { where: path, remedy: "give the path of a file", cause });
  }
}

import { join } from "node:path";
import { InvalidDataError, NotFoundError, readRegularFile, RecsysError, writeFileAtomic } from "../../core";
import { IdMap } from "../id-map";
import { sessionCount, type Sessions, type SessionSplit } from "./sessions";

const parts = ["train", "valid", "test"] as const;

/**
 * Writes a split in the form SRU's release reads: `NAME_train.txt`, `NAME_valid.txt` and `NAME_test.txt`, one line
 * `session item` per event in order, ids from 1 (items by dense id, sessions by their number within the three parts).
 *
 * @example
 * await writeSessionFiles("my-sessions", "ml-100k", await loadSessionDataset("ml-100k"));
 */
export async function writeSessionFiles(folder: string, name: string, split: SessionSplit): Promise<void> {
  let next = 1;
  for (const part of parts) {
    const { offsets, item } = split[part];
    const lines: string[] = [];
    for (let session = 0; session < sessionCount(split[part]); session++, next++)
      for (let event = offsets[session]; event < offsets[session + 1]; event++)
        lines.push(`${next} ${item[event] + 1}\n`);
    await writeFileAtomic(fileOf(folder, name, part), lines.join(""));
  }
}

/**
 * Reads a split that `writeSessionFiles` or SRU's own preparation wrote. Item ids keep their numbers, less one; rows
 * are counted over the three files in turn, sessions likewise.
 *
 * @throws NotFoundError when a file is missing
 * @throws InvalidDataError naming file and line for what is not two whole numbers from 1, and for a session in two
 *   places
 * @example
 * const { train, valid, test } = await readSessionFiles("my-sessions", "beauty");
 */
export async function readSessionFiles(folder: string, name: string): Promise<SessionSplit> {
  const seen = new IdMap("session");
  const columns: EventColumns[] = [];
  for (const part of parts) columns.push(await readEvents(fileOf(folder, name, part), seen));
  const itemCount = columns.reduce((most, { item }) => item.reduce((a, b) => Math.max(a, b + 1), most), 0);
  const items = new IdMap("item");
  for (let id = 1; id <= itemCount; id++) items.intern(String(id));
  let [row, session] = [0, 0];
  const [train, valid, test] = columns.map(({ offsets, item }): Sessions => {
    const part = {
      offsets,
      item,
      row: item.map((_, k) => row + k),
      user: new Int32Array(offsets.length - 1).map((_, k) => session + k),
      itemCount,
      items,
    };
    row += item.length;
    session += part.user.length;
    return part;
  });
  return { train, valid, test };
}

interface EventColumns {
  readonly offsets: Int32Array;
  readonly item: Int32Array;
}

function fileOf(folder: string, name: string, part: string): string {
  return join(folder, `${name}_${part}.txt`);
}

async function readEvents(path: string, seen: IdMap): Promise<EventColumns> {
  const offsets: number[] = [];
  const item: number[] = [];
  let current = 0;
  (await readText(path)).split("\n").forEach((line, n) => {
    if (line === "") return;
    const match = /^([1-9]\d{0,8})[ \t]+([1-9]\d{0,8})\r?$/.exec(line);
    const where = `${path}:${n + 1}`;
    if (match === null)
      throw new InvalidDataError(`"${line.slice(0, 60)}" is not a session and an item`, {
        where,
        remedy: "give two whole numbers from 1, apart by a blank",
      });
    const session = Number(match[1]);
    if (session !== current) {
      if (seen.find(match[1]) !== undefined)
        throw new InvalidDataError(`session ${session} goes on after another one`, {
          where,
          remedy: "keep the events of a session together, in one file",
        });
      seen.intern(match[1]);
      offsets.push(item.length);
      current = session;
    }
    item.push(Number(match[2]) - 1);
  });
  return { offsets: Int32Array.from([...offsets, item.length]), item: Int32Array.from(item) };
}

async function readText(path: string): Promise<string> {
  try {
    return (await readRegularFile(path)).toString("utf8");
  } catch (cause) {
    if (cause instanceof RecsysError) throw cause;
    throw new NotFoundError("there is no such session file", {
      where: path,
      remedy: "a split is three files, NAME_train.txt, NAME_valid.txt and NAME_test.txt",
      cause,
    });
  }
}

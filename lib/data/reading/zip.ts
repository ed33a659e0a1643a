import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, open, type ZipFile } from "yauzl";
import { InvalidDataError, NotFoundError, RecsysError } from "../../core";
import { requireArchiveOfFiles } from "./file-kind";
import { spelled } from "./spelling";

/** The most entries an archive may list; data archives have a handful. */
const maxEntries = 10_000;

/**
 * The bytes of one member of a zip archive. Nothing is ever written by a name from the archive; sizes and checksum are
 * verified while reading.
 *
 * @param member its full name; may be left out where the archive has only one file
 * @throws NotFoundError when the archive has no such member
 * @throws InvalidDataError when it is no zip archive, damaged, encrypted, or has a name that climbs out (`../`)
 */
export async function* readZipMember(path: string, member?: string): AsyncGenerator<Uint8Array> {
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(path);
    const entry = chooseEntry(await listFiles(zip), member, path);
    let checksum = 0;
    for await (const chunk of await openStream(zip, entry)) {
      checksum = crc32(chunk as Uint8Array, checksum);
      yield chunk as Uint8Array;
    }
    if (checksum !== entry.crc32) throw new Error("the checksum does not fit");
  } catch (cause) {
    if (cause instanceof RecsysError) throw cause;
    throw new InvalidDataError(`the zip archive cannot be read: ${(cause as Error).message}`, {
      where: path,
      remedy: "fetch it again, or unpack it yourself",
      cause,
    });
  } finally {
    zip?.close();
  }
}

function chooseEntry(files: readonly Entry[], member: string | undefined, path: string): Entry {
  const all = files.map((file) => file.fileName);
  if (member === undefined) requireArchiveOfFiles(all, path);
  const names = all.filter((name) => !isOfTheSystem(name));
  const only = member ?? (names.length === 1 ? names[0] : undefined);
  const found = only === undefined ? undefined : files[all.indexOf(only)];
  if (found !== undefined) return found;
  const some = names.slice(0, 12).join(", ") + (names.length > 12 ? ", …" : "");
  throw new NotFoundError(
    member === undefined ? `the archive holds ${names.length} files` : `the archive has no member "${member}"`,
    {
      where: path,
      remedy: `choose one, such as ${spelled({ member: names[0] ?? "ratings.csv" })}; it holds ${some || "none"}`,
    },
  );
}

/** What macOS and Windows put beside a person's own files. */
function isOfTheSystem(name: string): boolean {
  return /^__MACOSX\/|(^|\/)(\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(name);
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error === null ? resolve(zip) : reject(error),
    );
  });
}

function listFiles(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const files: Entry[] = [];
    zip.on("error", reject);
    zip.on("end", () => resolve(files));
    zip.on("entry", (entry: Entry) => {
      if (!entry.fileName.endsWith("/")) files.push(entry);
      if (files.length > maxEntries) reject(new Error(`more than ${maxEntries} entries`));
      else zip.readEntry();
    });
    zip.readEntry();
  });
}

function openStream(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(error)));
  });
}

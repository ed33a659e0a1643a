import type { Readable } from "node:stream";
import { type Entry, fromBuffer, open, type ZipFile } from "yauzl";

/** A file of a student's, as it was handed in. */
export interface HandedIn {
  /** Folders and name, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** A file or archive that is not taken; the message says why. */
export class NotTaken extends Error {
  override readonly name = "NotTaken";
}

export const archiveLimits = {
  /** Bytes of one file, unpacked. */
  file: 50_000_000,
  /** Bytes of one student's files together, unpacked. */
  total: 100_000_000,
  entries: 2000,
} as const;

const fileTypes = 0o170000;
const plainFile = 0o100000;

/**
 * Reads the files of a zip archive without ever writing one. What an archive says of its sizes is not believed: what
 * is unpacked is counted.
 *
 * @param zipped a path, or the bytes of an archive in an archive
 * @param wanted whether a file is of interest, by its name
 * @throws NotTaken for an archive that is damaged, encrypted, too large unpacked, or has links or names that climb out
 */
export async function* readArchive(
  zipped: string | Buffer,
  wanted: (name: string) => boolean,
): AsyncGenerator<HandedIn> {
  const zip = await openArchive(zipped);
  let total = 0;
  let entries = 0;
  try {
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      if (++entries > archiveLimits.entries)
        throw new NotTaken(`the archive has more than ${archiveLimits.entries} entries`);
      const { fileName } = entry;
      if (fileName.endsWith("/") || !wanted(fileName)) continue;
      const mode = (entry.externalFileAttributes >>> 16) & fileTypes;
      if (mode !== 0 && mode !== plainFile) throw new NotTaken("the archive has a link or a device");
      const bytes = await unpacked(zip, entry, Math.min(archiveLimits.file, archiveLimits.total - total));
      total += bytes.length;
      yield { path: fileName, bytes };
    }
  } catch (error) {
    throw error instanceof NotTaken ? error : new NotTaken(`the archive cannot be read: ${(error as Error).message}`);
  } finally {
    zip.close();
  }
}

function openArchive(zipped: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true };
    const done = (error: Error | null, zip: ZipFile) =>
      error === null ? resolve(zip) : reject(new NotTaken(`the archive cannot be read: ${error.message}`));
    if (typeof zipped === "string") open(zipped, options, done);
    else fromBuffer(zipped, options, done);
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      zip.removeAllListeners("entry").removeAllListeners("end").removeAllListeners("error");
      act();
    };
    zip.once("entry", (entry: Entry) => settle(() => resolve(entry)));
    zip.once("end", () => settle(() => resolve(undefined)));
    zip.once("error", (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

async function unpacked(zip: ZipFile, entry: Entry, limit: number): Promise<Buffer> {
  if (entry.uncompressedSize > limit) throw new NotTaken(`the archive would unpack to more than ${limit} bytes`);
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error === null ? resolve(opened) : reject(error)));
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new NotTaken(`the archive unpacks to more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InvalidDataError, NotFoundError } from "../../core";
import { type FileKind, headBytes, kindOf, requireUnpacked } from "./file-kind";
import { readZipMember } from "./zip";

/** What a file may unpack to. Interaction data packs five- to tenfold; a thousandfold is an attack or a mistake. */
interface UnpackLimits {
  /** The most bytes. Default 16 GiB. */
  maxBytes: number;
  /** The most bytes out per byte in, once `ratioFreeBytes` have come out. Default 100. */
  maxRatio: number;
}

const defaultUnpackLimits: UnpackLimits = { maxBytes: 2 ** 34, maxRatio: 100 };
const ratioFreeBytes = 2 ** 24;
const chunkBytes = 1 << 18;

/**
 * The bytes of a file, unpacked: plain, gzip (also several gzip members one after another, with padding between them),
 * or one member of a zip archive. Which it is, is told by its first bytes, not its name.
 *
 * @param member of a zip archive; may be left out where it has only one file
 * @throws NotFoundError when there is no such file or member
 * @throws InvalidDataError for a folder, pipe or device, a kind of file that is not read, a file that cannot be read,
 *   or a damaged or bloated archive
 */
export async function* openBytes(
  path: string,
  member?: string,
  limits = defaultUnpackLimits,
): AsyncGenerator<Uint8Array> {
  const size = await sizeOfFile(path);
  const kind = kindOf(await firstBytes(path), path);
  let unpacked = 0;
  try {
    const stream = kind === "zip" ? readZipMember(path, member) : kind === "gzip" ? gunzip(path, size) : plain(path);
    for await (const chunk of stream) {
      const bytes = chunk as Uint8Array;
      if (unpacked === 0 && (kind === "zip" || kind === "gzip")) requireUnpacked(bytes.subarray(0, headBytes), path);
      unpacked += bytes.length;
      requireWithin(unpacked, size, path, limits);
      yield bytes;
    }
  } catch (error) {
    throw asDataError(error, path);
  }
}

/** What kind of file is at a path. @throws as `openBytes` */
export async function fileKind(path: string): Promise<FileKind> {
  await sizeOfFile(path);
  return kindOf(await firstBytes(path), path);
}

function plain(path: string): Readable {
  return createReadStream(path, { highWaterMark: chunkBytes });
}

/** Every member of a gzip file, also those after padding, which zlib alone would take for the end. */
async function* gunzip(path: string, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < size;) {
    const source = createReadStream(path, { start, highWaterMark: chunkBytes });
    const unpacked = createGunzip({ chunkSize: chunkBytes });
    source.on("error", (error) => unpacked.destroy(error));
    unpacked.on("end", () => source.unpipe(unpacked)); // Node 24 takes padding in a later chunk for a damaged member,
    unpacked.on("error", () => undefined); // which is no error once the member has ended; before that, reading throws it
    unpacked.on("close", () => source.destroy());
    for await (const chunk of source.pipe(unpacked)) yield chunk as Uint8Array;
    start = await afterPadding(path, start + unpacked.bytesWritten);
  }
}

/** Where the zeros from a position on end; the file's size where nothing else follows. */
async function afterPadding(path: string, start: number): Promise<number> {
  let at = start;
  for await (const chunk of createReadStream(path, { start, highWaterMark: chunkBytes })) {
    const other = (chunk as Uint8Array).findIndex((byte) => byte !== 0);
    if (other >= 0) return at + other;
    at += (chunk as Uint8Array).length;
  }
  return at;
}

function requireWithin(unpacked: number, packed: number, path: string, limits: UnpackLimits): void {
  const tooMany = unpacked > limits.maxBytes;
  const bloated = unpacked > ratioFreeBytes && unpacked > limits.maxRatio * packed;
  if (tooMany || bloated)
    throw new InvalidDataError(
      tooMany
        ? `the file holds more than ${limits.maxBytes} bytes`
        : `the file unpacks to more than ${limits.maxRatio} times its size`,
      { where: path, remedy: "unpack it yourself if you trust it" },
    );
}

async function sizeOfFile(path: string): Promise<number> {
  let found;
  try {
    found = await stat(path);
  } catch (cause) {
    throw new NotFoundError("there is no such file", { where: path, remedy: "check the path", cause });
  }
  if (found.isFile()) return found.size;
  const what = found.isDirectory() ? "a folder" : found.isFIFO() ? "a pipe" : "not a regular file";
  throw new InvalidDataError(`this is ${what}`, { where: path, remedy: "give a regular file" });
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asDataError(error, path);
  }
}

/** Node's own errors that mean the input is at fault: what to say of them, and the remedy. */
const inputFaults: Readonly<Record<string, readonly [string, string]>> = {
  EACCES: ["the file may not be read", "change its permissions"],
  EPERM: ["the file may not be read", "change its permissions"],
  EIO: ["the disk cannot read the file", "check the disk; the file itself may be whole"],
  Z_BUF_ERROR: ["the gzip stream is cut off", "fetch or pack it again"],
  Z_DATA_ERROR: ["the gzip stream is damaged", "fetch or pack it again"],
};

function asDataError(error: unknown, path: string): unknown {
  const fault = inputFaults[(error as NodeJS.ErrnoException).code ?? ""];
  if (fault === undefined) return error;
  const [problem, remedy] = fault;
  return new InvalidDataError(problem, { where: path, remedy, cause: error });
}

import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { CancelledError, currentSignal, DownloadError, ProgressTask } from "../core";
import { downloadFailure, openAddress } from "./http";

/** Limits of a download. */
export interface DownloadLimits {
  /** The most bytes accepted. */
  readonly maxBytes: number;
  /**
   * How long to wait for a connection and the response's head. Default 5,000: a machine without network must not wait.
   */
  readonly connectTimeoutMs?: number;
  /** How long the stream may stand still. Default 20,000. */
  readonly stallTimeoutMs?: number;
  /** Default 5. */
  readonly maxRedirects?: number;
}

/** What is kept beside a partial file: by this a server says whether the rest still belongs to it. */
interface ResumePoint {
  readonly url: string;
  /** A strong ETag or the Last-Modified date. */
  readonly validator: string;
}

/**
 * Fetches an address into a file. A file cut off by an earlier call (or process) is continued where the server can,
 * else started again; a stream that breaks is taken up again as long as each attempt brings more bytes.
 *
 * @param path the file; what is there is taken for the beginning only if `path.resume` says so
 * @throws DownloadError when the address cannot be reached, answers with an error, redirects to another scheme or too
 * often, stalls, is cut off, or is too large
 */
export async function download(url: string, path: string, limits: DownloadLimits): Promise<void> {
  const progress = new ProgressTask(`fetching ${new URL(url).pathname.split("/").pop()}`, null, "bytes");
  try {
    for (let before = await sizeOf(path); ;) {
      try {
        await fetchRest(url, path, limits, progress);
        await rm(resumeFile(path), { force: true });
        return;
      } catch (error) {
        if (error instanceof OversizedDownload) await discard(path);
        const now = await sizeOf(path);
        if (!(error instanceof InterruptedDownload) || now <= before) throw error;
        before = now;
      }
    }
  } finally {
    progress.finish();
  }
}

/** A download that broke off after its head had come: worth taking up again. */
class InterruptedDownload extends DownloadError {}

/** A download that is larger than allowed: not worth keeping. */
class OversizedDownload extends DownloadError {}

async function fetchRest(url: string, path: string, limits: DownloadLimits, progress: ProgressTask): Promise<void> {
  const point = await readResumePoint(url, path);
  const have = point === undefined ? 0 : await sizeOf(path);
  const headers: Record<string, string> =
    point === undefined || have === 0 ? {} : { range: `bytes=${have}-`, "if-range": point.validator };
  const response = await openAddress(url, headers, limits);
  try {
    const start = startOf(response, have, url);
    const length = response.headers["content-length"];
    const total = length === undefined ? null : start + Number(length);
    if (total !== null && total > limits.maxBytes) throw tooLarge(url, limits);
    // Nothing is awaited between the response's head and its body: what comes meanwhile, also its end, would be missed.
    writeResumePoint(url, path, response);
    await pour(response, path, start, { url, total, limits, progress });
  } finally {
    response.destroy();
  }
}

/** Where the bytes of a response belong. @throws DownloadError when it is not the part that was asked for */
function startOf(response: IncomingMessage, have: number, url: string): number {
  if (response.statusCode !== 206) return 0;
  const [, start] = /^bytes (\d+)-/.exec(response.headers["content-range"] ?? "") ?? [];
  if (Number(start) === have) return have;
  throw downloadFailure(url, "the server sent another part of the file than was asked for");
}

interface Pouring {
  readonly url: string;
  readonly total: number | null;
  readonly limits: DownloadLimits;
  readonly progress: ProgressTask;
}

async function pour(response: IncomingMessage, path: string, start: number, pouring: Pouring): Promise<void> {
  const { url, total, limits, progress } = pouring;
  const file = openSync(path, start > 0 ? "a" : "w");
  let size = start;
  const append = (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > limits.maxBytes) throw tooLarge(url, limits);
    // Written at once, not piped: when the connection breaks, what has come is in the file and need not come again.
    writeFileSync(file, chunk);
    progress.update(size, total === null ? "" : `of ${total}`);
  };
  try {
    await consume(response, append, limits.stallTimeoutMs ?? 20_000);
    if (total !== null && size !== total) throw new Error(`${size} of ${total} bytes came`);
    fsyncSync(file);
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    if (currentSignal()?.aborted === true) throw new CancelledError("the download");
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw downloadFailure(url, "the disk is full", error);
    throw interrupted(url, error as Error);
  } finally {
    closeSync(file);
  }
}

function consume(
  response: IncomingMessage,
  append: (chunk: Uint8Array) => void,
  stallTimeoutMs: number,
): Promise<void> {
  response.setTimeout(stallTimeoutMs, () => response.destroy(new Error(`nothing came for ${stallTimeoutMs} ms`)));
  return new Promise((resolve, reject) => {
    response.on("data", (chunk: Uint8Array) => {
      try {
        append(chunk);
      } catch (error) {
        response.destroy(error as Error);
      }
    });
    response.on("end", resolve);
    response.on("error", reject);
  });
}

async function readResumePoint(url: string, path: string): Promise<ResumePoint | undefined> {
  try {
    const point = JSON.parse(await readFile(resumeFile(path), "utf8")) as Partial<ResumePoint>;
    return point.url === url && typeof point.validator === "string" ? { url, validator: point.validator } : undefined;
  } catch {
    return undefined; // nothing to continue, or nothing that can be read: start again
  }
}

function writeResumePoint(url: string, path: string, response: IncomingMessage): void {
  const { etag, "last-modified": lastModified } = response.headers;
  const validator = etag !== undefined && !etag.startsWith("W/") ? etag : lastModified;
  if (validator === undefined) rmSync(resumeFile(path), { force: true });
  else writeFileSync(resumeFile(path), JSON.stringify({ url, validator } satisfies ResumePoint));
}

/** Whether a later `download` can go on where this one broke off. */
export function canResume(path: string): boolean {
  return existsSync(resumeFile(path));
}

const resumeFile = (path: string) => `${path}.resume`;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0; // not there yet
  }
}

function interrupted(url: string, cause: Error): DownloadError {
  return new InterruptedDownload(`the download broke off: ${cause.message}`, {
    where: url,
    cause,
    remedy: "try again",
  });
}

function tooLarge(url: string, { maxBytes }: DownloadLimits): DownloadError {
  return new OversizedDownload(`the download is larger than the ${maxBytes} bytes allowed`, {
    where: url,
    remedy: "the address no longer gives what it used to; fetch the file by hand",
  });
}

async function discard(path: string): Promise<void> {
  for (const file of [path, resumeFile(path)]) await rm(file, { force: true });
}

import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from "node:fs";
import { lstat, rm, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError, currentSignal, DownloadError, nowMs, ProgressTask, readRegularFile } from "../../core";
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
  /** How long a stream is looked at before it is called too slow. Default 60,000. */
  readonly slowTimeoutMs?: number;
  /** What must come in that time. Default 60,000 bytes, 1 kB a second. */
  readonly slowBytes?: number;
  /** How long everything together may take. Default 6 hours. */
  readonly totalTimeoutMs?: number;
  /** Default 5. */
  readonly maxRedirects?: number;
}

/** What is kept beside a partial file: by this a server says whether the rest still belongs to it. */
interface ResumePoint {
  readonly url: string;
  /** A strong ETag or the Last-Modified date. */
  readonly validator: string;
  /** The size of the whole, where the server said it. */
  readonly total?: number;
}

/** What an attempt has to bring for the next one to follow at once. */
const muchBytes = 1 << 20;
/** Attempts in a row that brought less; each waits twice as long as the one before. */
const mostMeagreAttempts = 5;
const firstWaitMs = 100;
/** How often a download may start anew because the file has changed. */
const mostRestarts = 3;
/** How much may come in all, restarts included, by the size allowed. */
const mostRounds = 3;

/**
 * Fetches an address into a file. A file cut off by an earlier call (or process) is continued where the server can,
 * else started again, also where the server has another file now; a stream that breaks is taken up again as long as
 * each attempt brings more bytes, later and later where it brings few.
 *
 * @param path the file; what is there is taken for the beginning only if `path.resume` says so
 * @throws DownloadError when the address cannot be reached, answers with an error, redirects to another scheme or too
 * often, stalls, is too slow, is cut off, takes too long, changes all the time, or is too large
 */
export async function download(url: string, path: string, limits: DownloadLimits): Promise<void> {
  const progress = new ProgressTask(`fetching ${new URL(url).pathname.split("/").pop()}`, null, "bytes");
  await removeIrregular(path);
  const budget: Budget = { endMs: nowMs() + (limits.totalTimeoutMs ?? 6 * 3600_000), bytes: 0 };
  let [restarts, meagre] = [0, 0];
  try {
    for (let before = await sizeOf(path); ;) {
      try {
        await fetchRest(url, path, { limits, progress, budget });
        await rm(resumeFile(path), { force: true });
        return;
      } catch (error) {
        if (error instanceof OversizedDownload || error instanceof ChangedDownload) await discard(path);
        if (error instanceof ChangedDownload && restarts++ < mostRestarts) {
          before = 0;
          continue;
        }
        const now = await sizeOf(path);
        if (!(error instanceof InterruptedDownload) || now <= before) throw error;
        meagre = now - before < muchBytes ? meagre + 1 : 0;
        if (meagre > mostMeagreAttempts) throw error;
        if (meagre > 0) await pause(firstWaitMs * 2 ** (meagre - 1));
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

/** A file that is another by now, so that what came of it is worth nothing. */
class ChangedDownload extends DownloadError {}

/** What is left of what a whole download may take. */
interface Budget {
  readonly endMs: number;
  /** What has come so far, also what was thrown away. */
  bytes: number;
}

interface Attempt {
  readonly limits: DownloadLimits;
  readonly progress: ProgressTask;
  readonly budget: Budget;
}

async function pause(ms: number): Promise<void> {
  const signal = currentSignal();
  await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {
    throw new CancelledError("the download");
  });
}

async function fetchRest(url: string, path: string, attempt: Attempt): Promise<void> {
  const { limits } = attempt;
  const point = await readResumePoint(url, path);
  const have = point === undefined ? 0 : await sizeOf(path);
  const headers: Record<string, string> =
    point === undefined || have === 0 ? {} : { range: `bytes=${have}-`, "if-range": point.validator };
  const response = await openAddress(url, headers, limits);
  try {
    const { start, total } = placeOf(response, have, point, url);
    if (total !== null && total > limits.maxBytes) throw tooLarge(url, limits);
    // Nothing is awaited between the response's head and its body: what comes meanwhile, also its end, would be missed.
    writeResumePoint(url, path, response, total);
    await pour(response, path, start, { ...attempt, url, total });
  } finally {
    response.destroy();
  }
}

/** Where the bytes of a response belong, and how large the whole is. */
interface Place {
  readonly start: number;
  readonly total: number | null;
}

/**
 * @throws ChangedDownload when the rest belongs to another file than the beginning
 * @throws DownloadError when it is not the part that was asked for
 */
function placeOf(response: IncomingMessage, have: number, point: ResumePoint | undefined, url: string): Place {
  const length = response.headers["content-length"];
  if (response.statusCode === 416) throw changed(url, "the server has no more of the file than came");
  if (response.statusCode !== 206) return { start: 0, total: length === undefined ? null : Number(length) };
  const [, first, whole] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers["content-range"] ?? "") ?? [];
  if (first === undefined || Number(first) !== have)
    throw downloadFailure(url, "the server sent another part of the file than was asked for");
  const validator = validatorOf(response);
  if (have > 0 && validator !== undefined && validator !== point?.validator)
    throw changed(url, "the file is another version by now");
  if (whole === "*") return { start: have, total: point?.total ?? null };
  if (point?.total !== undefined && point.total !== Number(whole))
    throw changed(url, `the file has ${whole} bytes by now, not ${point.total}`);
  return { start: have, total: Number(whole) };
}

interface Pouring extends Attempt {
  readonly url: string;
  readonly total: number | null;
}

async function pour(response: IncomingMessage, path: string, start: number, pouring: Pouring): Promise<void> {
  const { url, total, limits, progress, budget } = pouring;
  const file = openSync(path, start > 0 ? "a" : "w");
  let size = start;
  const append = (chunk: Uint8Array) => {
    size += chunk.length;
    budget.bytes += chunk.length;
    if (size > limits.maxBytes) throw tooLarge(url, limits);
    if (total !== null && size > total) throw changed(url, `more comes than the ${total} bytes of the file`);
    if (budget.bytes > mostRounds * limits.maxBytes)
      throw downloadFailure(url, `${budget.bytes} bytes came, most of them again and again`);
    if (nowMs() > budget.endMs) throw downloadFailure(url, "it takes longer than is allowed");
    // Written at once, not piped: when the connection breaks, what has come is in the file and need not come again.
    writeFileSync(file, chunk);
    progress.update(size, total === null ? "" : `of ${total}`);
  };
  try {
    await consume(response, append, limits);
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
  { stallTimeoutMs = 20_000, slowTimeoutMs = 60_000, slowBytes = 60_000 }: DownloadLimits,
): Promise<void> {
  response.setTimeout(stallTimeoutMs, () => response.destroy(new Error(`nothing came for ${stallTimeoutMs} ms`)));
  let came = 0;
  const look = setInterval(() => {
    if (came < slowBytes) response.destroy(new Error(`only ${came} bytes came in ${slowTimeoutMs} ms`));
    came = 0;
  }, slowTimeoutMs);
  const ended = new Promise<void>((resolve, reject) => {
    response.on("data", (chunk: Uint8Array) => {
      came += chunk.length;
      try {
        append(chunk);
      } catch (error) {
        response.destroy(error as Error);
      }
    });
    response.on("end", resolve);
    response.on("error", reject);
  });
  return ended.finally(() => clearInterval(look));
}

async function readResumePoint(url: string, path: string): Promise<ResumePoint | undefined> {
  try {
    const text = (await readRegularFile(resumeFile(path))).toString("utf8");
    const { validator, total, url: of } = JSON.parse(text) as Partial<ResumePoint>;
    if (of !== url || typeof validator !== "string") return undefined;
    return { url, validator, ...(typeof total === "number" ? { total } : {}) };
  } catch {
    return undefined; // nothing to continue, or nothing that can be read: start again
  }
}

function writeResumePoint(url: string, path: string, response: IncomingMessage, total: number | null): void {
  const validator = validatorOf(response);
  if (validator === undefined) return rmSync(resumeFile(path), { force: true });
  const point: ResumePoint = { url, validator, ...(total === null ? {} : { total }) };
  writeFileSync(resumeFile(path), JSON.stringify(point));
}

/** By what a server tells one version of a file from another; a weak ETag does not. */
function validatorOf({ headers: { etag, "last-modified": lastModified } }: IncomingMessage): string | undefined {
  return etag !== undefined && !etag.startsWith("W/") ? etag : lastModified;
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

function changed(url: string, what: string): DownloadError {
  return new ChangedDownload(`the download cannot go on: ${what}`, { where: url, remedy: "try again" });
}

/** A pipe or a device in the file's place would be waited for. */
async function removeIrregular(path: string): Promise<void> {
  for (const file of [path, resumeFile(path)]) {
    const found = await lstat(file).catch(() => undefined);
    if (found !== undefined && !found.isFile()) await rm(file, { recursive: true });
  }
}

async function discard(path: string): Promise<void> {
  for (const file of [path, resumeFile(path)]) await rm(file, { force: true });
}

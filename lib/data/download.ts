import { createWriteStream } from "node:fs";
import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { pipeline } from "node:stream/promises";
import { currentSignal, DownloadError, ProgressTask } from "../core";

/** Limits of a download. */
export interface DownloadLimits {
  /** The most bytes accepted. */
  maxBytes: number;
  /** How long to wait for a connection and the response's head. Default 8,000: a machine without network must not wait. */
  connectTimeoutMs?: number;
  /** How long the stream may stand still. Default 20,000. */
  stallTimeoutMs?: number;
  /** Default 5. */
  maxRedirects?: number;
}

/**
 * Fetches an address into a file.
 *
 * @throws DownloadError when it cannot be reached, answers with an error, redirects to another scheme or too often, stalls, is cut
 * off, or is too large
 */
export async function download(url: string, path: string, limits: DownloadLimits): Promise<void> {
  const { maxBytes, connectTimeoutMs = 8_000, stallTimeoutMs = 20_000, maxRedirects = 5 } = limits;
  const response = await follow(new URL(url), maxRedirects, connectTimeoutMs);
  const announced = response.headers["content-length"];
  const total = announced === undefined ? null : Number(announced);
  const progress = new ProgressTask(`fetching ${new URL(url).pathname.split("/").pop()}`, total, "bytes");
  let received = 0;
  try {
    if (total !== null && total > maxBytes) throw tooLarge(url, maxBytes);
    response.setTimeout(stallTimeoutMs, () => response.destroy(failure(url, `nothing came for ${stallTimeoutMs} ms`)));
    response.on("data", (chunk: Uint8Array) => {
      progress.update((received += chunk.length));
      if (received > maxBytes) response.destroy(tooLarge(url, maxBytes));
    });
    await pipeline(response, createWriteStream(path), { signal: currentSignal() });
    if (total !== null && received !== total) throw failure(url, `${received} of ${total} bytes came`);
  } catch (error) {
    response.destroy();
    throw error instanceof DownloadError ? error : failure(url, (error as Error).message, error);
  } finally {
    progress.finish();
  }
}

async function follow(url: URL, redirectsLeft: number, timeoutMs: number): Promise<IncomingMessage> {
  const response = await request(url, timeoutMs);
  const status = response.statusCode ?? 0;
  if (status === 200) return response;
  response.destroy();
  const location = response.headers.location;
  if (status < 300 || status >= 400 || location === undefined) throw failure(url, `the server answers ${status}`);
  const next = new URL(location, url);
  if (next.protocol !== url.protocol) throw failure(url, `it redirects from ${url.protocol} to ${next.protocol}`);
  if (redirectsLeft === 0) throw failure(url, "it redirects too often");
  return follow(next, redirectsLeft - 1, timeoutMs);
}

function request(url: URL, timeoutMs: number): Promise<IncomingMessage> {
  const get = url.protocol === "https:" ? getSecure : getPlain;
  return new Promise((resolve, reject) => {
    const signal = currentSignal();
    const sent = get(url, signal === undefined ? {} : { signal }, (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    sent.on("error", (error) => {
      clearTimeout(timer);
      reject(failure(url, error.message, error));
    });
  });
}

function failure(url: URL | string, reason: string, cause?: unknown): DownloadError {
  return new DownloadError(`the download failed: ${reason}`, { where: String(url), cause });
}

function tooLarge(url: string, maxBytes: number): DownloadError {
  return failure(url, `it is larger than the ${maxBytes} bytes allowed`);
}

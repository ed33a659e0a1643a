import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { CancelledError, currentSignal, DownloadError } from "../../core";

/**
 * Opens an address, following redirects of the same scheme.
 *
 * @param headers sent with the request
 * @returns a response of status 200 or 206, or 416 where a range was asked for
 * @throws DownloadError when there is none
 */
export async function openAddress(
  url: string,
  headers: Record<string, string>,
  {
    connectTimeoutMs = 5_000,
    maxRedirects = 5,
  }: { readonly connectTimeoutMs?: number; readonly maxRedirects?: number },
): Promise<IncomingMessage> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await request(at, headers, connectTimeoutMs);
    const status = response.statusCode ?? 0;
    if (status === 200 || status === 206 || (status === 416 && headers["range"] !== undefined)) return response;
    response.destroy();
    const location = response.headers.location;
    if (status < 300 || status >= 400 || location === undefined)
      throw downloadFailure(url, `the server answers ${status}`);
    const next = new URL(location, at);
    if (next.protocol !== at.protocol)
      throw downloadFailure(url, `it redirects from ${at.protocol} to ${next.protocol}`);
    at = next;
  }
  throw downloadFailure(url, `it redirects more than ${maxRedirects} times`);
}

function request(url: URL, headers: Record<string, string>, timeoutMs: number): Promise<IncomingMessage> {
  const get = url.protocol === "https:" ? getSecure : getPlain;
  return new Promise((resolve, reject) => {
    const signal = currentSignal();
    const options = {
      headers: { "accept-encoding": "identity", ...headers },
      ...(signal === undefined ? {} : { signal }),
    };
    const sent = get(url, options, (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    sent.on("error", (error) => {
      clearTimeout(timer);
      reject(
        signal?.aborted === true ? new CancelledError("the download") : downloadFailure(url.href, error.message, error),
      );
    });
  });
}

export function downloadFailure(url: string, reason: string, cause?: unknown): DownloadError {
  return new DownloadError(`the download failed: ${reason}`, {
    where: url,
    remedy: "check the network, or fetch the file by hand",
    cause,
  });
}

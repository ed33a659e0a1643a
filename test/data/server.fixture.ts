import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a test's server does with a request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A local server and what it was asked. */
export interface TestServer {
  readonly url: string;
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  close(): Promise<void>;
}

/** Starts a server on a free port of this machine. */
export async function serve(answer: Answer): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", range: request.headers.range });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Serves some bytes as a decent server does, with ranges. */
export function file(bytes: Uint8Array, etag = '"1"'): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (start === 0 || request.headers["if-range"] !== etag)
      response.writeHead(200, { "content-length": bytes.length, etag }).end(bytes);
    else
      response
        .writeHead(206, {
          "content-length": bytes.length - start,
          "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
          etag,
        })
        .end(bytes.subarray(start));
  };
}

/** Promises the whole, sends the part from where it was asked up to `end`, and hangs up. */
export function cutOffAt(bytes: Uint8Array, end: number, etag = '"1"'): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = start === 0 ? {} : { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, { "content-length": bytes.length - start, etag, ...range });
    response.write(bytes.subarray(start, end), () => response.socket?.destroy());
  };
}

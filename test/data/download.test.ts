import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { download, type DownloadLimits } from "../../lib/data/download";
import { type Answer, cutOffAt, file, serve, type TestServer } from "./server.fixture";

const content = new Uint8Array(300_000).map((_, i) => (i * 31) % 251);
const limits: DownloadLimits = { maxBytes: 1_000_000, connectTimeoutMs: 400, stallTimeoutMs: 300, maxRedirects: 3 };

let folder: string;
let server: TestServer;
const target = () => join(folder, "file");
const expectContent = async () => expect((await readFile(target())).equals(content)).toBe(true);
const served = async (answer: Answer) => (server = await serve(answer)).url;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-download-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("download", () => {
  test("brings the bytes and leaves nothing else", async () => {
    await download(await served(file(content)), target(), limits);
    await expectContent();
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("goes on where the connection broke, as often as that brings more", async () => {
    let cut = 0;
    const url = await served((request, response) =>
      cut < 200_000 ? cutOffAt(content, (cut += 70_000))(request, response) : file(content)(request, response),
    );
    await download(url, target(), limits);
    await expectContent();
    expect(server.requests.map(({ range }) => range)).toEqual([
      undefined,
      "bytes=70000-",
      "bytes=140000-",
      "bytes=210000-",
    ]);
  });

  test("goes on where an earlier process stopped", async () => {
    const url = await served(file(content));
    await writeFile(target(), content.subarray(0, 100_000));
    await writeFile(`${target()}.resume`, JSON.stringify({ url, validator: '"1"' }));
    await download(url, target(), limits);
    await expectContent();
    expect(server.requests.map(({ range }) => range)).toEqual(["bytes=100000-"]);
  });

  test.each([
    ["another version now", '"0"', undefined],
    ["another address", '"1"', "http://127.0.0.1/elsewhere"],
    ["a damaged note", "", "{"],
  ])("starts again when the beginning belongs to %s", async (_, validator, other) => {
    const url = await served(file(content));
    await writeFile(target(), new Uint8Array(100_000).fill(7));
    await writeFile(`${target()}.resume`, other === "{" ? "{" : JSON.stringify({ url: other ?? url, validator }));
    await download(url, target(), limits);
    await expectContent();
  });

  test("starts again at a server that knows no ranges", async () => {
    let first = true;
    const url = await served((_, response) => {
      response.writeHead(200, { "content-length": content.length, etag: '"1"' });
      if (first) response.write(content.subarray(0, 70_000), () => response.socket?.destroy());
      else response.end(content);
      first = false;
    });
    await download(url, target(), limits);
    await expectContent();
  });

  const refusals: [string, Answer, RegExp][] = [
    ["truncates", (_, response) => cutOffAt(content, 1000)({ headers: {} } as never, response), /broke off/],
    [
      "stalls",
      (_, response) => void response.writeHead(200, { "content-length": 1000 }).write("a"),
      /nothing came for 300 ms/,
    ],
    ["never answers", () => {}, /no answer within 400 ms/],
    ["hangs up at once", (request) => void request.socket.destroy(), /socket hang up/],
    ["is missing the file", (_, response) => void response.writeHead(404).end("no"), /the server answers 404/],
    ["fails", (_, response) => void response.writeHead(500).end(), /the server answers 500/],
    ["redirects nowhere", (_, response) => void response.writeHead(302).end(), /the server answers 302/],
    [
      "redirects in circles",
      (_, response) => void response.writeHead(302, { location: "/again" }).end(),
      /redirects more than 3 times/,
    ],
    [
      "redirects to another scheme",
      (_, response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      /redirects from http: to file:/,
    ],
    [
      "announces too much",
      (_, response) => void response.writeHead(200, { "content-length": 5_000_000 }).end(),
      /larger than the 1000000 bytes/,
    ],
    [
      "sends too much unannounced",
      (_, response) => {
        response.writeHead(200, { etag: '"1"' });
        for (let k = 0; k < 10; k++) response.write(content);
        response.end();
      },
      /larger than the 1000000 bytes/,
    ],
    [
      "sends another part than asked for",
      (request, response) =>
        void (request.headers.range === undefined
          ? cutOffAt(content, 1000)(request, response)
          : response.writeHead(206, { "content-range": "bytes 5-9/10", etag: '"1"' }).end("12345")),
      /another part/,
    ],
    ["talks gibberish", (request) => void request.socket.end("GIBBERISH\r\n\r\n"), /Parse Error/],
  ];

  test.each(refusals)("a server that %s is refused in time with a typed error", async (_, answer, message) => {
    const url = await served(answer);
    const failed = download(url, target(), limits);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(core.DownloadError);
  });

  test("a port nobody listens on and a host nobody knows fail at once", async () => {
    const url = await served(() => {});
    await server.close();
    await expect(download(url, target(), limits)).rejects.toThrow(/ECONNREFUSED/);
    await expect(download("http://no.such.host.invalid/x", target(), limits)).rejects.toThrow(core.DownloadError);
  });

  test("an interrupt ends it", async () => {
    const url = await served((_, response) => void response.writeHead(200, { "content-length": 1000 }).write("a"));
    const stop = new AbortController();
    core.setCurrentSignal(stop.signal);
    try {
      const running = download(url, target(), { ...limits, stallTimeoutMs: 20_000 });
      setTimeout(() => stop.abort(), 50);
      await expect(running).rejects.toBeInstanceOf(core.CancelledError);
    } finally {
      core.setCurrentSignal(undefined);
    }
  });
});

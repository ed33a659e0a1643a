import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core } from "recsys-unlearning";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { download, type DownloadLimits } from "../../lib/data/catalogue/download";
import { type Answer, cutOffAt, file, serve, type TestServer } from "./server.fixture";
import { long } from "../long";

const content = new Uint8Array(300_000).map((_, i) => (i * 31) % 251);
const limits: DownloadLimits = {
  maxBytes: 1_000_000,
  connectTimeoutMs: 400,
  stallTimeoutMs: 300,
  maxRedirects: 3,
  slowTimeoutMs: 450,
  slowBytes: 50,
};

let folder: string;
let server: TestServer | undefined;
const target = () => join(folder, "file");
const expectContent = async () => expect((await readFile(target())).equals(content)).toBe(true);
const served = async (answer: Answer) => {
  server = await serve(answer);
  return server.url;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-download-"));
});
afterEach(async () => {
  await server?.close();
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
    expect(server?.requests.map(({ range }) => range)).toEqual([
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
    expect(server?.requests.map(({ range }) => range)).toEqual(["bytes=100000-"]);
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

  test.each([
    ["starts again where only a weak ETag tells", undefined, [undefined, undefined]],
    ["goes by the date where the ETag is weak", "Sat, 28 Nov 2026 10:00:00 GMT", [undefined, "bytes=70000-"]],
  ])("%s one version from another", async (_, date, ranges) => {
    const conditions: unknown[] = [];
    const answer = { etag: 'W/"1"', ...(date === undefined ? {} : { "last-modified": date }) };
    const url = await served((request, response) => {
      conditions.push(request.headers["if-range"]);
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      const part = { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` };
      const head = { ...answer, "content-length": content.length - start, ...(start > 0 ? part : {}) };
      response.writeHead(start > 0 ? 206 : 200, head);
      if (conditions.length > 1) response.end(content.subarray(start));
      else response.write(content.subarray(0, 70_000), () => response.socket?.destroy());
    });
    await download(url, target(), limits);
    await expectContent();
    expect(server!.requests.map(({ range }) => range)).toEqual(ranges);
    expect(conditions).toEqual([undefined, date]);
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

  test.each([
    ["says what it has", { "content-range": `bytes */${content.length}` }],
    ["says nothing", {}],
  ])("starts again where a range is refused (416) and the server %s", async (_, headers) => {
    const url = await served((request, response) =>
      request.headers.range === undefined
        ? file(content)(request, response)
        : void response.writeHead(416, headers).end(),
    );
    await writeFile(
      target(),
      content.subarray(0, 250_000).map((byte) => byte ^ 1),
    );
    await writeFile(`${target()}.resume`, JSON.stringify({ url, validator: '"1"' }));
    await download(url, target(), limits);
    await expectContent();
    expect(server?.requests.map(({ range }) => range)).toEqual(["bytes=250000-", undefined]);
  });

  const grown = Uint8Array.from([...content, 1, 2, 3]);
  test.each([
    ["the total", '"1"', `bytes 70000-${grown.length - 1}/${grown.length}`],
    ["the ETag", '"2"', `bytes 70000-${content.length - 1}/${content.length}`],
    ["the ETag, its total unknown", '"2"', `bytes 70000-${content.length - 1}/*`],
  ])("starts again where %s of the rest is another", async (_, etag, range) => {
    let requests = 0;
    const now = etag === '"1"' ? grown : content.map((byte) => byte ^ 3);
    const url = await served((request, response) => {
      if (requests++ === 0) return cutOffAt(content, 70_000)(request, response);
      if (request.headers.range === undefined) return file(now, etag)(request, response);
      response.writeHead(206, { "content-range": range, etag }).end(now.subarray(70_000));
    });
    await download(url, target(), limits);
    expect((await readFile(target())).equals(now)).toBe(true);
    expect(server?.requests.map(({ range: asked }) => asked)).toEqual([undefined, "bytes=70000-", undefined]);
  });

  test("does not take a part for the whole", async () => {
    const url = await served((request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (start === 0) return cutOffAt(content, 70_000)(request, response);
      const end = Math.min(start + 100_000, content.length);
      const headers = { "content-range": `bytes ${start}-${end - 1}/${content.length}`, etag: '"1"' };
      response.writeHead(206, { ...headers, "content-length": end - start }).end(content.subarray(start, end));
    });
    await download(url, target(), limits);
    await expectContent();
  });

  long(
    "waits longer and longer where each attempt brings little, and gives up",
    async () => {
      const times: number[] = [];
      const url = await served((request, response) => {
        times.push(performance.now());
        const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
        cutOffAt(content, start + 5)(request, response);
      });
      await expect(download(url, target(), limits)).rejects.toThrow(/broke off/);
      const waits = times.slice(1).map((time, k) => time - times[k]);
      expect(waits).toHaveLength(5);
      waits.forEach((ms, k) => expect(ms).toBeGreaterThan(99 * 2 ** k));
      expect((await readFile(target())).length).toBe(30); // kept for another time
    },
    20_000,
  );

  test("an interrupt ends the waiting", async () => {
    const url = await served((request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      cutOffAt(content, start + 5)(request, response);
    });
    const stop = new AbortController();
    core.setCurrentSignal(stop.signal);
    try {
      setTimeout(() => stop.abort(), 250);
      await expect(download(url, target(), limits)).rejects.toBeInstanceOf(core.CancelledError);
    } finally {
      core.setCurrentSignal(undefined);
    }
  });

  test("a pipe in the file's place is not waited for", async () => {
    execFileSync("mkfifo", [target(), `${target()}.resume`]);
    await download(await served(file(content)), target(), limits);
    await expectContent();
  });

  const trickle: Answer = (request, response) => {
    response.writeHead(200, { etag: '"1"' });
    const timer = setInterval(() => response.write("a"), 20);
    response.on("close", () => clearInterval(timer));
  };
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
    ["trickles", trickle, /broke off: only \d+ bytes came in 450 ms/],
    [
      "changes with every request",
      (() => {
        let version = 0;
        const answer: Answer = (request, response) =>
          version++ % 2 === 0
            ? cutOffAt(content, 1000, `"${version}"`)(request, response)
            : void response.writeHead(206, { "content-range": "bytes 1000-9999/10000", etag: `"${version}"` }).end();
        return answer;
      })(),
      /cannot go on: the file is another version by now/,
    ],
    [
      "refuses every range and is cut off",
      (request, response) =>
        request.headers.range === undefined
          ? cutOffAt(content, 1000)(request, response)
          : void response.writeHead(416).end(),
      /cannot go on: the server has no more of the file/,
    ],
    [
      "sends more than its total",
      (request, response) =>
        request.headers.range === undefined
          ? cutOffAt(content, 1000)(request, response)
          : void response
              .writeHead(206, { "content-range": `bytes 1000-${content.length - 1}/${content.length}`, etag: '"1"' })
              .end(content),
      /more comes than the 300000 bytes/,
    ],
    ["talks gibberish", (request) => void request.socket.end("GIBBERISH\r\n\r\n"), /Parse Error/],
  ];

  describe("a server that", () => {
    /** What became of each, all at the same time: most of it is waiting. */
    const outcomes = new Map<string, Promise<unknown>>();
    const outcomeOf = async (answer: Answer) => {
      const own = await serve(answer);
      const place = await mkdtemp(join(tmpdir(), "recsys-download-"));
      try {
        return await download(own.url, join(place, "file"), limits).catch((error: unknown) => error);
      } finally {
        await own.close();
        await rm(place, { recursive: true, force: true });
      }
    };
    beforeAll(() => refusals.forEach(([what, answer]) => outcomes.set(what, outcomeOf(answer))));

    test.each(refusals)(
      "%s is refused in time with a typed error",
      async (what, _, message) => {
        const error = await outcomes.get(what);
        expect(error).toBeInstanceOf(core.DownloadError);
        expect((error as Error).message).toMatch(message);
      },
      20_000,
    );
  });

  test("a server that sends without end, below every other limit, is left after the time allowed", async () => {
    const url = await served((_, response) => {
      response.writeHead(200, { etag: '"1"' });
      const timer = setInterval(() => response.write(content.subarray(0, 100)), 10);
      response.on("close", () => clearInterval(timer));
    });
    const failed = download(url, target(), { ...limits, totalTimeoutMs: 400 });
    await expect(failed).rejects.toThrow(/takes longer than is allowed/);
  });

  long("a server that sends the same again and again is left after three times the size allowed", async () => {
    let sent = 0;
    const url = await served((_, response) => {
      sent += 200_000;
      response.writeHead(200, { "content-length": 1_000_000, etag: '"1"' });
      response.write(new Uint8Array(Math.min(sent, 999_000)), () => response.socket?.destroy());
    });
    await expect(download(url, target(), limits)).rejects.toThrow(/again and again|broke off/);
    expect(sent).toBeLessThan(4_000_000);
  });

  test("a port nobody listens on and a host nobody knows fail at once", async () => {
    const url = await served(() => {});
    await server?.close();
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

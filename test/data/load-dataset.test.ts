import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadEntry } from "../../lib/data/catalogue/load-dataset";
import { type Answer, cutOffAt, file, serve, type TestServer } from "./server.fixture";

const table = "user,item,rating,timestamp\na,x,5,100\nb,x,3,200\nb,y,1,300\na,y,4,\n";
const bytes = new TextEncoder().encode(table);
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

let folder: string;
let said: string[];
let silence: () => void;
const servers: TestServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-load-"));
  vi.stubEnv("RECSYS_CACHE", join(folder, "cache"));
  said = [];
  silence = core.redirectAnnouncements((line) => said.push(line.replace(/:\d+\//g, ":PORT/")));
});
afterEach(async () => {
  silence();
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

const cached = (name: string, ...rest: string[]) => join(folder, "cache", "data", name, ...rest);

let nextName = 0;
/** A dataset of its own (announcements are made once a process) at the addresses given. */
async function datasetAt(answers: Answer[], variant: Partial<data.DatasetVariant> = {}) {
  const name = `made-up-${nextName++}`;
  const origins: data.DatasetOrigin[] = [];
  for (const answer of answers) {
    const server = await serve(answer);
    servers.push(server);
    origins.push({ kind: "address", url: `${server.url}/t.csv`, file: "t.csv", maxBytes: 1000 });
  }
  const entry: data.DatasetEntry = {
    title: `Made up ${name}`,
    homepage: "https://example.org",
    licence: "free",
    citation: "Nobody, 2000",
    counts: { rows: 4, users: 2, items: 2 },
    gaps: [],
    variants: [{ file: "t.csv", gaps: [], ...variant }],
    origins,
  };
  return { name, entry, load: (from = "", offline = false) => loadEntry(name, entry, from, offline) };
}

describe("where a dataset is found", () => {
  test("RECSYS_DATA comes first, and each step is said", async () => {
    const { name, load } = await datasetAt([file(bytes)]);
    await writeFile(join(folder, "t.csv"), table);
    const dataset = await load(folder);
    expect(dataset.source).toBe("RECSYS_DATA/t.csv");
    expect(dataset.interactions.users.toRaw(1)).toBe("b");
    expect(servers[0].requests).toEqual([]);
    expect(said[0]).toBe(`Made up ${name}: free. Please cite: Nobody, 2000`);
    expect(said).toContain(`${name}: read from RECSYS_DATA/t.csv`);
  });

  test("then the cache, then the addresses in order; what was fetched is cached", async () => {
    const { name, load } = await datasetAt([(_, response) => void response.writeHead(503).end(), file(bytes)]);
    const fetched = await load(folder);
    expect(said.slice(1)).toEqual([
      `${name}: RECSYS_DATA has none of t.csv`,
      `${name}: not in the cache`,
      `${name}: fetching http://127.0.0.1:PORT/t.csv`,
      `${name}: the download failed: the server answers 503`,
      `${name}: fetching http://127.0.0.1:PORT/t.csv`,
      expect.stringContaining(`${name}: no checksum of t.csv is known; trusted now`),
      `${name}: read from http://127.0.0.1:PORT/t.csv`,
    ]);
    expect(await readdir(cached(name))).toEqual(["seen.json", "t.csv"]);
    const again = await load();
    expect(again.source).toBe("cache/t.csv");
    expect(again.dataHash).toBe(fetched.dataHash);
    expect(servers.map(({ requests }) => requests.length)).toEqual([1, 1]);
  });

  test("nowhere: the error says what was tried and what to do", async () => {
    const { load } = await datasetAt([(_, response) => void response.writeHead(404).end()]);
    await expect(load()).rejects.toThrow(
      /cannot be had[\s\S]*the server answers 404[\s\S]*put t\.csv into a folder that RECSYS_DATA/,
    );
    await expect(load("", true)).rejects.toThrow(core.NotFoundError);
    expect(servers[0].requests.length).toBe(1);
  });

  test("an unknown name is answered with the nearest, a path is read as a file of one's own", async () => {
    await expect(data.loadDataset("ml-100")).rejects.toThrow(/did you mean "ml-100k"/);
    await expect(data.loadDataset("./nowhere.csv")).rejects.toThrow(core.NotFoundError);
    await writeFile(join(folder, "mine.csv"), "member;film\nanna;up\n");
    const own = await data.loadDataset(join(folder, "mine.csv"), {
      read: { columns: { user: "member", item: "film" } },
    });
    expect(own).toMatchObject({ name: "mine.csv", source: "mine.csv", licence: null });
    expect([...own.interactions.label]).toEqual([1]);
  });
});

describe("what is verified", () => {
  test("a file in RECSYS_DATA that is not what the catalogue says is refused, not passed over", async () => {
    const { load } = await datasetAt([file(bytes)], { dataHash: "0".repeat(64) });
    await writeFile(join(folder, "t.csv"), table);
    await expect(load(folder)).rejects.toThrow(/this is not the Made up .* content's sha256 is/);
    expect(servers[0].requests).toEqual([]);
  });

  test("wrong bytes from an address are thrown away and the next is tried", async () => {
    const other = new TextEncoder().encode(table.replace("b,x,3", "b,x,2"));
    const { name, load } = await datasetAt([file(other), file(bytes)], { sha256: sha256(bytes) });
    await load();
    expect(await readFile(cached(name, "t.csv"), "utf8")).toBe(table);
    expect(await readdir(cached(name))).toEqual(["seen.json", "t.csv"]);
  });

  test("a server that lies about the length is found out, whichever way", async () => {
    const shorter: Answer = (_, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: 30\r\nConnection: close\r\n\r\n${table}`);
    };
    const longer: Answer = (_, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: 900\r\nConnection: close\r\n\r\n${table}`);
    };
    for (const answer of [shorter, longer]) {
      const { name, load } = await datasetAt([answer], { sha256: sha256(bytes) });
      await expect(load()).rejects.toThrow(core.NotFoundError);
      expect(await readdir(cached(name)).catch(() => [])).not.toContain("t.csv");
    }
  });

  test("a damaged cache is fetched again", async () => {
    const { name, load } = await datasetAt([file(bytes)], { sha256: sha256(bytes) });
    await load();
    await writeFile(cached(name, "t.csv"), table.replace("5", "4"));
    expect((await load()).source).toMatch(/^http/);
    expect(said).toContain(`${name}: the cached t.csv is damaged and is fetched again`);
  });

  test("trust on first use: what an address gives may not change later", async () => {
    let content = bytes;
    const { name, load } = await datasetAt([(request, response) => file(content)(request, response)]);
    await load();
    await rm(cached(name, "t.csv"));
    content = new TextEncoder().encode(table.replace("b,x,3", "b,x,2"));
    await expect(load()).rejects.toThrow(/not the Made up/);
  });

  test("counts that differ from the published ones are said", async () => {
    const shorter = new TextEncoder().encode(table.slice(0, table.indexOf("a,y")));
    const { name, load } = await datasetAt([file(shorter)]);
    await load();
    expect(said).toContain(`${name}: 3 rows, 2 users, 2 items; 4, 2, 2 are published`);
  });

  test("a k-core is taken where the catalogue says so", async () => {
    const { load } = await datasetAt([file(new TextEncoder().encode(`${table}c,z,5,9\n`))], { coreSize: 2 });
    const { interactions } = await load();
    expect([data.rowCount(interactions), interactions.userCount, interactions.itemCount]).toEqual([4, 2, 2]);
    expect(interactions.users.find("c")).toBeUndefined();
  });
});

describe("interruptions", () => {
  test("a download that broke off is continued by the next call", async () => {
    let healthy = false;
    const { name, load } = await datasetAt([
      (request, response) => (healthy ? file(bytes) : cutOffAt(bytes, 20))(request, response),
    ]);
    await expect(load()).rejects.toThrow(/broke off/);
    expect(await readdir(cached(name))).toEqual([".t.csv.address.partial"]);
    healthy = true;
    await load();
    expect(servers[0].requests.at(-1)?.range).toBe("bytes=20-");
    expect(await readdir(cached(name))).toEqual(["seen.json", "t.csv"]);
  });

  test("what a killed process was fetching is continued; what a living one fetches is left alone", async () => {
    const { name, load } = await datasetAt([file(bytes)]);
    const work = cached(name, ".t.csv.address.partial");
    await mkdir(work, { recursive: true });
    const dead = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
    await writeFile(join(work, "claim.0"), JSON.stringify({ ...core.thisProcess(), pid: dead }));
    await load();
    expect(await readdir(cached(name))).toEqual(["seen.json", "t.csv"]);

    await rm(cached(name, "t.csv"));
    await mkdir(work, { recursive: true });
    await writeFile(join(work, "claim.0"), JSON.stringify(core.thisProcess()));
    await load();
    expect((await readdir(cached(name))).sort()).toEqual([".t.csv.address.partial", "seen.json", "t.csv"]);
    expect(await readdir(work)).toEqual(["claim.0"]);
  });

  test.each([
    ["a folder", (path: string) => mkdir(path)],
    ["a pipe", async (path: string) => void execFileSync("mkfifo", [path])],
    ["a link in a circle", (path: string) => symlink(path, path)],
    ["damaged", (path: string) => writeFile(path, "{")],
    ["of another form", (path: string) => writeFile(path, '{"t.csv": "abc"}')],
  ])("a record of known hashes that is %s is an error, not a reason to trust anew", async (_, put) => {
    const { name, load } = await datasetAt([file(bytes), file(bytes)]);
    await mkdir(cached(name), { recursive: true });
    await put(cached(name, "seen.json"));
    const failed = load();
    await expect(failed).rejects.toThrow(/the record of known hashes (cannot be read|is damaged)[\s\S]*seen\.json/);
    await expect(failed).rejects.toBeInstanceOf(core.CorruptFileError);
    expect(await readdir(cached(name))).not.toContain("t.csv");
  });

  test("a cached file that the disk cannot read is not damaged: nothing is fetched over it", async () => {
    const { name, load } = await datasetAt([file(bytes)]);
    await mkdir(cached(name), { recursive: true });
    await symlink("/proc/self/mem", cached(name, "t.csv")); // reading it gives EIO
    const failed = load();
    await expect(failed).rejects.toThrow(/the disk cannot read the file/);
    await expect(failed).rejects.toBeInstanceOf(core.InvalidDataError);
    expect(servers[0].requests).toEqual([]);
  });

  test("two loads at once both succeed", async () => {
    const { load } = await datasetAt([file(bytes)]);
    const [one, two] = await Promise.all([load(), load()]);
    expect(one.dataHash).toBe(two.dataHash);
  });
});

describe("the catalogue", () => {
  test("every origin gives a variant that is listed", () => {
    for (const [name, entry] of Object.entries(data.datasetCatalogue()))
      for (const origin of entry.origins)
        expect(
          entry.variants.map((variant) => variant.file),
          name,
        ).toContain(origin.file);
  });

  const folderAtHand = process.env["RECSYS_DATA"];
  test.skipIf(folderAtHand === undefined)(
    "MovieLens 100K has the published counts and IFRU's split of it too",
    async () => {
      const { interactions, dataHash } = await data.loadDataset("ml-100k");
      expect([data.rowCount(interactions), interactions.userCount, interactions.itemCount]).toEqual([
        100000, 943, 1682,
      ]);
      const counts = [1, 2, 3, 4, 5].map((stars) => interactions.label.filter((label) => label === stars).length);
      expect(counts).toEqual([6110, 11370, 27145, 34174, 21201]);
      expect(dataHash).toBe(data.datasetCatalogue()["ml-100k"].variants[0].dataHash);

      const { train, forgetRows } = data.ifruSplit(interactions, { coreSize: 0 });
      expect([data.rowCount(train), train.userCount, train.itemCount, forgetRows.length]).toEqual([
        60000, 943, 1617, 1200,
      ]);
    },
  );

  test.skipIf(folderAtHand === undefined)("the same content in another file has the same hash", async () => {
    const { interactions, dataHash } = await data.loadDataset("ml-100k");
    const rows = Array.from(interactions.user, (user, row) =>
      [
        interactions.users.toRaw(user),
        interactions.items.toRaw(interactions.item[row]),
        interactions.label[row],
        interactions.time![row],
      ].join("\t"),
    );
    await writeFile(join(folder, "u.data"), gzipSync(`${rows.join("\n")}\n`));
    expect((await data.loadDataset("ml-100k", { folder })).dataHash).toBe(dataHash);
  });
});

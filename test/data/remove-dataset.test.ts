// `data remove` and `engine remove` take away what we put there, and nothing else.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimFolder } from "../../lib/data/catalogue/claim";
import { canResume } from "../../lib/data/catalogue/download";
import { fetchVariant } from "../../lib/data/catalogue/fetch-variant";
import { recordSeenHash } from "../../lib/data/catalogue/trust";
import { nativeFolder } from "../../lib/engine/native/locate";
import { keepMeasured } from "../../lib/engine/native/measured";
import { removeInstalled } from "../../lib/engine/native/staging";
import { file, serve, type TestServer } from "./server.fixture";

let folder: string;
let said: string[];
let quiet: () => void;
let server: TestServer;
const cacheBefore = process.env["RECSYS_CACHE"];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "remove-"));
  process.env["RECSYS_CACHE"] = folder;
  said = [];
  quiet = core.redirectAnnouncements((line) => said.push(line));
  server = await serve(file(new TextEncoder().encode("a\tb\t5\t1\n")));
});
afterEach(async () => {
  quiet();
  await server.close();
  if (cacheBefore === undefined) delete process.env["RECSYS_CACHE"];
  else process.env["RECSYS_CACHE"] = cacheBefore;
  await rm(folder, { recursive: true });
});

const cached = (...names: string[]) => join(folder, "data", "ml-100k", ...names);
const origin = (name: string) => ({ kind: "address", url: server.url, file: name, maxBytes: 1000 }) as const;
const fetched = (name: string) =>
  fetchVariant(origin(name), cached(), () => recordSeenHash(cached(), name, "0".repeat(64)));

describe("removing a dataset", () => {
  test("removes what was fetched, its record and what broke off", async () => {
    await fetched("u.data");
    const broken = serve(
      (_, response) => void response.writeHead(200, { etag: '"1"', "content-length": 9 }).write("a"),
    );
    const url = (await broken).url;
    const failed = fetchVariant({ ...origin("ml-100k.inter"), url }, cached(), () => Promise.resolve());
    const refused = expect(failed).rejects.toThrow(core.DownloadError);
    const begun = cached(".ml-100k.inter.address.partial", "ml-100k.inter");
    await expect.poll(() => canResume(begun), { timeout: 10_000 }).toBe(true);
    await (await broken).close();
    await refused;
    expect((await readdir(cached())).sort()).toEqual([".ml-100k.inter.address.partial", "seen.json", "u.data"]);
    expect(await data.removeDataset("ml-100k")).toBeGreaterThan(80);
    expect(await readdir(join(folder, "data", ".owned"))).toEqual([]);
    expect(await readdir(join(folder, "data"))).toEqual([".owned"]);
    expect(said).toEqual([]);
    expect(await data.removeDataset("ml-100k")).toBe(0);
  });

  test("leaves what a person put there, whatever it is called, and says so", async () => {
    await mkdir(cached("seen.json.old"), { recursive: true });
    const own = ["u.data", "notes.txt", ".u.data.mine", "seen.json.old/thesis.tex"];
    for (const name of own) await writeFile(cached(name), "mine");
    await fetched("ml-100k.inter");
    await data.removeDataset("ml-100k");
    for (const name of own) expect(await readFile(cached(name), "utf8")).toBe("mine");
    expect((await readdir(cached())).sort()).toEqual([".u.data.mine", "notes.txt", "seen.json.old", "u.data"]);
    expect(said.join()).toMatch(/left alone in .*ml-100k: .*notes\.txt/);
  });

  test("leaves a folder that is none of ours, which a cache setting points to by mistake", async () => {
    await mkdir(cached("raw"), { recursive: true });
    for (const name of ["u.data", "seen.json", "raw/u.data"]) await writeFile(cached(name), "mine");
    expect(await data.removeDataset("ml-100k")).toBe(0);
    expect((await readdir(cached(), { recursive: true })).sort()).toEqual(["raw", "raw/u.data", "seen.json", "u.data"]);
  });

  test("leaves what a living process fetches", async () => {
    await fetched("u.data");
    const work = cached(".u.data.address.partial");
    const claims = [await claimFolder(work), await claimFolder(work)]; // the second one gets a folder of its own
    await writeFile(join(work, "archive"), "half");
    await data.removeDataset("ml-100k");
    expect(await readdir(cached())).toHaveLength(2);
    await claims[0].release(false);
    await claims[1].release(false);
    expect(await data.removeDataset("ml-100k")).toBeGreaterThan(0);
    expect(await readdir(join(folder, "data"))).toEqual([".owned"]);
  });
});

describe("removing installed engines", () => {
  const engine = (...names: string[]) => join(folder, "engine", ...names);
  test("removes marked folders and measured times, and leaves all else", async () => {
    const abandoned = `${nativeFolder()}.7.partial`;
    for (const name of [nativeFolder(), abandoned, engine("v8"), engine("live.partial")])
      await mkdir(name, { recursive: true });
    for (const marked of [nativeFolder(), abandoned, engine("live.partial")]) await core.markFolder(marked);
    const dead = { ...core.thisProcess(), started: "1" };
    await writeFile(join(abandoned, core.folderMarker), JSON.stringify(dead));
    await writeFile(engine("v8", "engine.cc"), "mine");
    await writeFile(engine("v8", core.folderMarker), "not this");
    await keepMeasured("tensorflow", { wasm: 2, installed: 1 });
    expect(await removeInstalled()).toBe(true);
    expect((await readdir(engine())).sort()).toEqual(["live.partial", "v8"]);
    expect(said.join()).toMatch(/left alone in .*engine: live\.partial, v8/);
    expect(await removeInstalled()).toBe(false);
  });

  test("leaves another program's folder and its measured.json", async () => {
    await mkdir(engine("tfjs-node-4.22.0"), { recursive: true });
    await writeFile(engine("measured.json"), '{"rpm": 3000}');
    expect(await removeInstalled()).toBe(false);
    expect((await readdir(engine())).sort()).toEqual(["measured.json", "tfjs-node-4.22.0"]);
  });

  test("removes the folder when nothing else is in it", async () => {
    await keepMeasured("tensorflow", { wasm: 2, installed: 1 });
    expect(await removeInstalled()).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });
});

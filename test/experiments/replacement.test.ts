// Nothing finished is destroyed before its replacement stands, and nothing is removed that is not ours.
import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { CancelledError, setCurrentSignal } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import {
  cleanRunStore,
  computeRun,
  computeWithPrerequisites,
  type Parts,
  planRuns,
  type Run,
  type RunStore,
} from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { runCli, startCli } from "./kills";
import { newStore, retrainRun, tinyConfigs } from "./tiny";
import { long } from "../long";

afterEach(() => setCurrentSignal(undefined));

const resultPath = (store: RunStore, run: Run) => join(store.folderOf(run.id), "result.json");
const resultOf = (store: RunStore, run: Run) => readFile(resultPath(store, run), "utf8");

/** The built-in parts with another method of one name. */
function withMethod(run: Parts["methods"][string]["run"], of = "retrain"): Parts {
  return { ...builtInParts, methods: { ...builtInParts.methods, [of]: { ...builtInParts.methods[of], run } } };
}

async function finishedRun() {
  const [run, store] = [await retrainRun(), await newStore()];
  await computeRun(run, store, builtInParts);
  return { run, store, before: await resultOf(store, run) };
}

/** Everything below a folder, with its content. */
async function contents(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return Object.fromEntries(
    await Promise.all(plain.map(async (file) => [file, await readFile(file, "utf8")] as const)),
  );
}

describe("a finished run that is computed again", () => {
  it.each([
    ["fails", new Error("out of reach"), "out of reach"],
    ["is interrupted", new CancelledError("training"), undefined],
  ])("keeps its result when that %s", async (_, error, problem) => {
    const { run, store, before } = await finishedRun();
    const failing = withMethod(() => Promise.reject(error));
    await expect(computeRun(run, store, failing, { force: true })).rejects.toThrow(error.message);
    expect(await resultOf(store, run)).toBe(before);
    const state = await store.read(run.id);
    expect(state).toMatchObject({ kind: "done", ...(problem === undefined ? {} : { problem }) });
    if (state.kind === "done") await store.verifiedFile(state.record, "model.safetensors");
    expect(await computeRun(run, store, builtInParts, { force: true })).toBe("computed");
    expect(await store.read(run.id)).not.toHaveProperty("problem");
    expect(await resultOf(store, run)).toBe(before);
  });

  it("keeps its result while data are out of reach, whether it is stale or forced", async () => {
    const { run, store, before } = await finishedRun();
    const { generated } = builtInParts.datasets;
    const load = () => Promise.reject(new Error("no network"));
    const parts = { ...builtInParts, datasets: { ...builtInParts.datasets, generated: { ...generated, load } } };
    const config = { ...run.config, options: { ...run.config.options, data: { ...run.config.options.data } } };
    for (let tries = 0; tries < 2; tries++)
      await computeRun({ ...run, config }, store, parts, { force: true }).catch(() => undefined);
    expect(await resultOf(store, run)).toBe(before);
  });

  it("is there at every moment, and is replaced at once", async () => {
    const { run, store } = await finishedRun();
    const { retrain } = builtInParts.methods;
    let during: unknown;
    const parts = withMethod(async (context) => {
      during = (await store.read(run.id)).kind;
      return { ...(await retrain.run(context)), facts: { again: true } };
    });
    expect(await computeRun(run, store, parts, { force: true })).toBe("computed");
    expect(during).toBe("done");
    expect(await store.read(run.id)).toMatchObject({ kind: "done", record: { facts: { again: true } } });
    expect(await readdir(join(store.folder, "again"))).toEqual([]);
    expect(await readdir(join(store.folder, "aside"))).toEqual([]);
  });

  it("whose replacement was finished, but not put in its place, is replaced", async () => {
    const { run, store, before } = await finishedRun();
    const at = (part: string) => join(store.folder, part, run.id);
    await mkdir(join(store.folder, "again"));
    await cp(at("runs"), at("again"), { recursive: true });
    const old = JSON.parse(await readFile(join(at("runs"), "timing.json"), "utf8")) as object;
    await writeFile(join(at("runs"), "timing.json"), JSON.stringify({ ...old, sha256: "older" }));
    expect((await store.read(run.id)).kind).toBe("done");
    expect(await computeRun(run, store, builtInParts)).toBe("kept");
    expect(await readdir(join(store.folder, "again"))).toEqual([]);
    expect(await resultOf(store, run)).toBe(before);
    expect((await store.read(run.id)).kind).toBe("done");
  });

  it.each(["aside", "again"] as const)("survives a kill between the renames (%s)", async (moment) => {
    const { run, store, before } = await finishedRun();
    const at = (part: string) => join(store.folder, part, run.id);
    for (const part of ["aside", "again"]) await mkdir(join(store.folder, part));
    await rename(at("runs"), at("aside"));
    if (moment === "again") spawnSync("cp", ["-r", at("aside"), at("again")]);
    const state = await store.read(run.id);
    expect(state.kind).toBe("done");
    if (state.kind === "done") await store.verifiedFile(state.record, "scores.safetensors");
    expect((await store.readLog(run.id)).length).toBeGreaterThan(0);
    expect(await store.ids()).toEqual([run.id]);
    await cleanRunStore(store.folder, { all: false, dryRun: false });
    expect((await store.read(run.id)).kind).toBe("done");
    await computeRun(run, store, builtInParts, { force: true });
    expect(await resultOf(store, run)).toBe(before);
  });

  long(
    "loses nothing, whenever the process that computes it again is killed",
    async () => {
      const store = await newStore();
      const args = ["run", "ifru-accuracy", "--preset", "tiny", "--seeds", "1", "--workers", "1", "--quiet"];
      const start = performance.now();
      await runCli([...args, "--store", store.folder]);
      const tookMs = performance.now() - start;
      const found = async () => {
        const states = await Promise.all((await store.ids()).map((id) => store.read(id)));
        return states.map((state) =>
          state.kind === "done" ? { ...state.record.metrics, ...state.record.files } : state,
        );
      };
      const before = await found();
      expect(before.length).toBeGreaterThan(5);
      for (let kills = 0; kills < 5; kills++) {
        const child = startCli([...args, "--force", "--store", store.folder]);
        const ended = new Promise((resolve) => child.on("exit", resolve));
        await wait(((kills + 1) / 6) * tookMs);
        child.kill("SIGKILL");
        await ended;
        expect(await found()).toEqual(before);
      }
      await runCli([...args, "--force", "--store", store.folder]);
      expect(await found()).toEqual(before);
      const left = await Promise.all(["again", "aside", "claims"].map((part) => readdir(join(store.folder, part))));
      expect(left.flat().filter((name) => !name.endsWith(".partial"))).toEqual([]); // a claim half written when killed
    },
    120_000,
  );

  it("serves those that rest on it as long as its replacement is not there", async () => {
    const store = await newStore();
    const [config] = tinyConfigs(["method=ifru", "mode=paper", "seed=1"]);
    const [, , { run }] = await planRuns([config], store, builtInParts, engineName());
    await computeWithPrerequisites(run, store, builtInParts);
    const [original] = (await store.ids()).filter((id) => id !== run.id);
    const state = await store.read(original);
    if (state.kind !== "done") throw new Error("not done");
    const failing = withMethod(() => Promise.reject(new Error("no luck")), state.record.config.method);
    await computeRun(state.record, store, failing, { force: true }).catch(() => undefined);
    expect(await computeRun(run, store, builtInParts, { force: true })).toBe("computed");
  });
});

describe("what cannot be read is no damage", () => {
  it.each([
    ["an error of the disk", "result.json", (path: string) => symlink("/proc/self/mem", path)],
    ["a folder", "result.json", (path: string) => mkdir(path)],
    ["a pipe", "result.json", async (path: string) => void spawnSync("mkfifo", [path])],
    ["a device", "timing.json", (path: string) => symlink("/dev/zero", path)],
    ["a pipe", "log.jsonl", async (path: string) => void spawnSync("mkfifo", [path])],
    ["a link in a circle", "timing.json", (path: string) => symlink(path, path)],
  ])("%s at %s ends by name, and nothing is computed over it", async (_, file, put) => {
    const { run, store } = await finishedRun();
    const path = join(store.folderOf(run.id), file);
    await rm(path);
    await put(path);
    const others = await contents(store.folderOf(run.id)).catch(() => ({}));
    expect((await store.read(run.id)).kind).toBe("unreadable");
    const [planned] = await planRuns([run.config], store, builtInParts, engineName());
    expect(planned.status).toBe("unreadable");
    for (const recompute of [{}, { force: true }])
      await expect(computeRun(run, store, builtInParts, recompute)).rejects.toThrow(/there and cannot be read/);
    await cleanRunStore(store.folder, { all: false, dryRun: false });
    expect(await contents(store.folderOf(run.id)).catch(() => ({}))).toMatchObject(others);
  });

  it.runIf(process.getuid?.() === 0)("a file of another person ends by name (EACCES)", async () => {
    const { run, store } = await finishedRun();
    spawnSync("chmod", ["0755", store.folder]);
    spawnSync("chmod", ["0600", resultPath(store, run)]);
    const cli = `const { RunStore } = require(${JSON.stringify(require.resolve("recsys-unlearning/experiments"))});
      process.setgid(65534); process.setuid(65534);
      new RunStore(${JSON.stringify(store.folder)}).read(${JSON.stringify(run.id)}).then((s) => console.log(JSON.stringify(s)))`;
    const { stdout } = spawnSync(process.execPath, ["-e", cli], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "unreadable",
      problem: expect.stringMatching(/EACCES/) as string,
    });
  });
});

describe("clean", () => {
  it("removes only what carries our marker", async () => {
    const { run, store } = await finishedRun();
    const foreign = {
      "runs/00000000000000000000/thesis.tex": "years of work",
      "again/00000000000000000001/config.json": '{"id": "another"}',
      "aside/00000000000000000002/config.json": "{",
      "discarded/notes": "mine",
      "discarded/00000000000000000003.7/data": "mine",
      "runs/00000000000000000005/config.json": '{"id": "00000000000000000005"}',
      "runs/00000000000000000006/config.json": '{"id": "another", "dataHash": ""}',
      "grids/power-grid.json": '{"version": 1}',
      "grids/power-runs.json": '{"version": 1, "runs": []}',
      "slurm/12_1.log": "of another program",
      "claims/insurance.0": "paid",
      "claims/00000000000000000004.0": "no claim of ours",
    };
    for (const [path, content] of Object.entries(foreign)) {
      await mkdir(join(store.folder, path, ".."), { recursive: true });
      await writeFile(join(store.folder, path), content);
    }
    const { removed, left } = await cleanRunStore(store.folder, { all: true, dryRun: false });
    expect(removed).toEqual([store.folderOf(run.id)]);
    expect(Object.keys(left)).toHaveLength(Object.keys(foreign).length);
    const stay = Object.entries(foreign).map(([path, content]) => [join(store.folder, path), content]);
    expect(await contents(store.folder)).toMatchObject(Object.fromEntries(stay));
    expect((await readdir(store.folder)).sort()).toEqual(
      ["again", "aside", "claims", "code", "discarded", "grids", "runs", "slurm"].sort(),
    );
  });

  it("leaves a run that a process works on, and says so", async () => {
    const [run, store] = [await retrainRun(), await newStore()];
    const { retrain } = builtInParts.methods;
    let found: unknown;
    const parts = withMethod(async (context) => {
      const { stdout, stderr } = await runCli(["clean", "--all", "--store", store.folder]);
      found = [stdout.includes("removed 0 folders"), stderr.includes("a process works on it")];
      return retrain.run(context);
    });
    expect(await computeRun(run, store, parts)).toBe("computed");
    expect(found).toEqual([true, true]);
    expect((await store.read(run.id)).kind).toBe("done");
  });

  it("leaves a run whose claim cannot be read, and names the file", async () => {
    const { store, run } = await finishedRun();
    await mkdir(join(store.folder, "claims"), { recursive: true });
    await writeFile(join(store.folder, "claims", `${run.id}.0`), "");
    const { removed, left } = await cleanRunStore(store.folder, { all: true, dryRun: false });
    expect(removed).toEqual([]);
    expect(left[store.folderOf(run.id)]).toContain(`${run.id}.0`);
  });
});

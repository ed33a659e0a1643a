// What single files of a run store say, and what is left when it is cleaned.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CorruptFileError, markFolder, NotFoundError, redirectAnnouncements, sha256 } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import { codeOf, findRuns, type RunResult, runOf, type RunStore } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { cleanRunStore } from "../../lib/experiments/store/clean-store";
import { bindingOf, CheckpointFiles } from "../../lib/experiments/store/checkpoint-files";
import { sealedTiming } from "../../lib/experiments/store/run-record";
import { readSealed, readText, sealed } from "../../lib/experiments/store/sealed";
import { newStore, retrainRun, tinyConfigs } from "./tiny";

let store: RunStore;
const at = (...parts: string[]) => join(store.folder, ...parts);
beforeEach(async () => {
  store = await newStore();
});

const config = (seed: number) => ({ ...tinyConfigs(["method=retrain", "seed=1"])[0], seed });
const seeded = (seed: number) => runOf(config(seed), builtInParts, engineName());

/** A finished run of which nothing was computed. */
async function finished(files: Record<string, string> = {}, seed = 1) {
  const run = await seeded(seed);
  const folder = await store.begin(run);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const hashes = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)]));
  const result: RunResult = { ...run, version: 1, metrics: {}, sampleTests: {}, facts: {}, files: hashes };
  const environment = { commit: null, dirty: null, lockfileSha256: null, node: "", platform: "", cpu: "", cores: 1 };
  await store.publish(result, { seconds: {}, codeVersion: "c", environment }, [{ epoch: 1 }]);
  return { run, folder, result };
}

describe("a sealed file", () => {
  it("reads back, and is nothing where there is none", async () => {
    await writeFile(at("file"), sealed({ version: 1, b: [2], a: "x" }));
    expect(await readSealed(at("file"), "the file", [1])).toEqual({ version: 1, b: [2], a: "x" });
    expect(await readSealed(at("none"), "the file", [1])).toBeNull();
    expect(await readText(at("none"))).toBeNull();
    await expect(readText(at("."))).rejects.toThrow(/this is a folder/);
  });

  it.each([
    ["{", "the file is no JSON"],
    ["", "the file is no JSON"],
    ["[]", "the file is no JSON object"],
    ["null", "the file is no JSON object"],
    ["7", "the file is no JSON object"],
    ['{"version":1}', "the checksum of the file does not fit its content"],
    [sealed({ version: 1, a: 1 }).replace('"a": 1', '"a": 2'), "the checksum of the file does not fit its content"],
    [sealed({ a: 1 }), "the checksum of the file does not fit its content"],
  ])("that holds %j is damaged, which is said", async (text, problem) => {
    await writeFile(at("file"), text);
    const failed = readSealed(at("file"), "the file", [1]);
    await expect(failed).rejects.toBeInstanceOf(CorruptFileError);
    await expect(failed).rejects.toThrow(new RegExp(`^${problem}$`));
  });
});

describe("a run's folder", () => {
  it("begins with its config, which a person can read", async () => {
    const run = await retrainRun();
    const text = await readFile(join(await store.begin(run), "config.json"), "utf8");
    expect(text).toBe(JSON.stringify(run, null, 2) + "\n");
  });

  it("tells why it could not be computed, until it begins again", async () => {
    const run = await retrainRun();
    expect(await store.read(run.id)).toEqual({ kind: "missing" });
    const folder = await store.begin(run);
    expect(await store.read(run.id)).toEqual({ kind: "missing" });
    await store.fail(run.id, "no disk");
    expect(await store.read(run.id)).toEqual({ kind: "failed", problem: "no disk" });
    await writeFile(join(folder, "failure.json"), "{");
    expect(await store.read(run.id)).toEqual({ kind: "missing" });
    await writeFile(join(folder, ".x.partial"), "half");
    await store.begin(run);
    expect(await readdir(folder)).toEqual(["config.json"]);
  });

  it("without its timing, or with another run's result, is damaged", async () => {
    const { run, folder, result } = await finished();
    expect((await store.read(run.id)).kind).toBe("done");
    await rm(join(folder, "timing.json"));
    expect(await store.read(run.id)).toEqual({ kind: "corrupt", problem: "timing.json is missing" });
    const timing = { seconds: {}, codeVersion: "c", environment: {} as never };
    await writeFile(join(folder, "timing.json"), sealedTiming(run.id, timing, '{"epoch":1}\n'));
    await writeFile(join(folder, "result.json"), sealed({ ...result, id: "f".repeat(20) }));
    expect(await store.read(run.id)).toEqual({
      kind: "corrupt",
      problem: `result.json is that of run ${"f".repeat(20)}`,
    });
  });

  it("gives out no file that is gone or damaged, and says what to do", async () => {
    const { folder, result } = await finished({ scores: "1 2 3", model: "m", log: "l" });
    expect(await store.verifiedFile(result, "scores")).toBe(join(folder, "scores"));
    await writeFile(join(folder, "scores"), "1 2 4");
    await rm(join(folder, "model"));
    for (const [name, problem] of [
      ["scores", /is damaged/],
      ["model", /is gone/],
    ] as const) {
      // prettier-ignore
      const failed = store.verifiedFile(result, name);
      await expect(failed).rejects.toBeInstanceOf(NotFoundError);
      await expect(failed).rejects.toThrow(problem);
      await expect(failed).rejects.toThrow(/run it again with --force/);
    }
    await rm(join(folder, "log"));
    await mkdir(join(folder, "log"));
    await expect(store.verifiedFile(result, "log")).rejects.toThrow(/cannot be read[^]*this is a folder/);
  });

  it("that is not there holds no checkpoint", async () => {
    const { id, config } = await retrainRun();
    expect(await new CheckpointFiles(at("nowhere"), bindingOf(id, "code", config)).load()).toBeNull();
  });
});

describe("the runs that are shown", () => {
  it("are those of the store, else those that are kept; damaged ones are named", async () => {
    await finished({}, 1);
    const damaged = await finished({}, 2);
    await writeFile(join(damaged.folder, "result.json"), "{");
    const other = await seeded(3);
    const state = await store.read((await seeded(1)).id);
    if (state.kind !== "done") throw new Error(state.kind);
    const kept = [1, 3].map((seed) => ({ ...state.record, id: seed === 1 ? state.record.id : other.id, node: seed }));
    const configs = [3, 2, 1].map(config);
    const said: string[] = [];
    const loud = redirectAnnouncements((line) => said.push(line));
    const shown = await findRuns(configs, store, kept, builtInParts, engineName());
    loud();
    expect(shown).toEqual({
      records: [
        { ...kept[1], config: configs[0] },
        { ...state.record, config: configs[2] },
      ],
      fromStore: 1,
      fromRecords: 1,
    });
    expect(said).toEqual([`run ${damaged.run.id} is damaged, so that it is not shown: result.json is no JSON`]);
    const { records } = await findRuns(configs, store, [], builtInParts, engineName(), true);
    expect(records).toEqual([{ ...state.record, config: configs[2], log: [{ epoch: 1 }] }]);
  });
});

describe("the code of a run", () => {
  it("is kept in the store, and refused where it is not what its version says", async () => {
    const code = codeOf(tinyConfigs(["method=retrain"])[0], builtInParts);
    expect(await store.readCode(code.version)).toBeNull();
    await store.keepCode(code);
    expect(await store.readCode(code.version)).toEqual(code.modules);
    for (const damaged of ["{", "{}"]) {
      await writeFile(at("code", `${code.version}.json`), damaged);
      const failed = store.readCode(code.version);
      await expect(failed).rejects.toBeInstanceOf(CorruptFileError);
      await expect(failed).rejects.toThrow(new RegExp(`${code.version} are damaged[^]*json[^]*remove the file`));
    }
  });

  it("is what computes, not what says, shows and stores", () => {
    const { modules } = codeOf(tinyConfigs(["method=retrain"])[0], builtInParts);
    const ofCore = Object.keys(modules).filter((name) => name.startsWith("core/"));
    expect(ofCore).toContain("core/random");
    const silent = ["ambient", "announce", "cancellation", "claim", "display", "errors", "files", "marker", "paths"];
    for (const name of [...silent, "processes", "progress", "provenance", "text"])
      expect(ofCore).not.toContain(`core/${name}`);
  });
});

describe("a store that is cleaned of what is not finished", () => {
  async function filled() {
    const done = await finished({}, 1);
    await mkdir(at("again"));
    await store.begin(done.run);
    await store.fail(done.run.id, "no luck"); // in `again`: there is a result
    const damaged = await finished({}, 2);
    await writeFile(join(damaged.folder, "timing.json"), "{");
    const begun = await store.begin(await seeded(3));
    await mkdir(at("discarded", `${done.run.id}.7`), { recursive: true });
    await cp(join(done.folder, "config.json"), at("discarded", `${done.run.id}.7`, "config.json"));
    return { done, gone: [damaged.folder, begun, at("again", done.run.id), at("discarded", `${done.run.id}.7`)] };
  }

  it("keeps the finished runs alone", async () => {
    const { done, gone } = await filled();
    const { removed, left } = await cleanRunStore(store.folder, { all: false, dryRun: false });
    expect([...removed].sort()).toEqual(gone.sort());
    expect(left).toEqual({});
    expect(await store.ids()).toEqual([done.run.id]);
    expect(await store.read(done.run.id)).not.toHaveProperty("problem");
    expect(await readdir(at("discarded"))).toEqual([]);
  });

  it("is as it was where that is only to be told, but for nothing that a process works on", async () => {
    const { done, gone } = await filled();
    const claim = await store.claim(done.run.id);
    const before = (await readdir(store.folder, { recursive: true })).sort();
    const told = await cleanRunStore(store.folder, { all: true, dryRun: true });
    expect([...told.removed].sort()).toEqual(gone.filter((path) => !path.startsWith(at("again"))).sort());
    expect(told.left).toEqual({
      [done.folder]: "a process works on it",
      [at("claims", `${done.run.id}.0`)]: "it does not carry our marker",
      [at("claims", `${done.run.id}.0.alive`)]: "it does not carry our marker",
    });
    expect((await readdir(store.folder, { recursive: true })).sort()).toEqual(before);
    await claim?.release(true);
  });

  it("keeps the result of a later release, and says so, until all is to go", async () => {
    const { folder } = await finished();
    const later = JSON.stringify({ version: 7, sealedBy: "another way" });
    await writeFile(join(folder, "result.json"), later);
    const { removed, left } = await cleanRunStore(store.folder, { all: false, dryRun: false });
    expect([removed, left]).toEqual([[], { [folder]: "its result cannot be read" }]);
    expect(await readFile(join(folder, "result.json"), "utf8")).toBe(later);
    expect((await cleanRunStore(store.folder, { all: true, dryRun: false })).removed).toContain(folder);
    expect(await readdir(at("runs"))).toEqual([]);
  });

  it("is told of before a finished replacement is put in its place", async () => {
    const { folder, run } = await finished();
    await mkdir(at("again"));
    await cp(folder, at("again", run.id), { recursive: true });
    await cleanRunStore(store.folder, { all: false, dryRun: true });
    expect(await readdir(at("again"))).toEqual([run.id]);
    expect((await cleanRunStore(store.folder, { all: false, dryRun: false })).removed).toEqual([]);
    expect(await readdir(at("again"))).toEqual([]);
    expect(await store.ids()).toEqual([run.id]);
  });
});

describe("a store that is cleaned of all", () => {
  const id = "0123456789abcdef0123";
  const claim = JSON.stringify({ machine: "gone", pid: 1, started: "1" });

  async function filled() {
    for (const part of ["slurm", "grids", "claims"]) await mkdir(at(part));
    await markFolder(at("slurm"));
    for (const name of ["1_2.log", "12_345.log", "7-collect.log", "7-other.log", "x1_2.log", "1_2.log2"])
      await writeFile(at("slurm", name), "");
    await writeFile(at("grids", "ours.json"), JSON.stringify({ version: 1, store: "s", runs: [] }));
    await writeFile(at("claims", `${id}.0`), claim);
    await writeFile(at("claims", `${id}.0.released`), "");
    await writeFile(at("claims", `${id}.1.released`), ""); // of a claim that is not there
  }

  it("keeps what is not ours, and loses logs, grids and claims of the dead", async () => {
    await filled();
    const { removed, left } = await cleanRunStore(store.folder, { all: true, dryRun: false });
    expect(removed).toEqual(["grids", "slurm", "claims"].map((part) => at(part)));
    expect((await readdir(at("slurm"))).sort()).toEqual(["1_2.log2", "7-other.log", "x1_2.log"]);
    expect(await readdir(at("claims"))).toEqual([`${id}.1.released`]);
    expect((await readdir(store.folder)).sort()).toEqual(["claims", "slurm"]); // `grids` was empty
    expect(Object.keys(left)).toHaveLength(4);
  });

  it("is only told of where that is asked, or where not all is to go", async () => {
    await filled();
    const before = await readdir(store.folder, { recursive: true });
    const { removed } = await cleanRunStore(store.folder, { all: true, dryRun: true });
    expect(removed).toHaveLength(3);
    expect((await cleanRunStore(store.folder, { all: false, dryRun: false })).removed).toEqual([]);
    expect(await readdir(store.folder, { recursive: true })).toEqual(before);
  });
});

// What single files of a run store say, and what is left when it is cleaned.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CorruptFileError, markFolder, NotFoundError, sha256 } from "recsys-unlearning/core";
import { codeOf, type RunResult, type RunStore } from "recsys-unlearning/experiments";
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
  /** A finished run of which nothing was computed. */
  async function finished(files: Record<string, string> = {}) {
    const run = await retrainRun();
    const folder = await store.begin(run);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const hashes = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)]));
    const result: RunResult = { ...run, version: 1, metrics: {}, sampleTests: {}, facts: {}, files: hashes };
    const environment = { commit: null, dirty: null, lockfileSha256: null, node: "", platform: "", cpu: "", cores: 1 };
    await store.publish(result, { seconds: {}, codeVersion: "c", environment }, [{ epoch: 1 }]);
    return { run, folder, result };
  }

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
    const { folder, result } = await finished({ scores: "1 2 3", model: "m" });
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
  });

  it("that is not there holds no checkpoint", async () => {
    const { id, config } = await retrainRun();
    expect(await new CheckpointFiles(at("nowhere"), bindingOf(id, "code", config)).load()).toBeNull();
  });
});

describe("the code of a run", () => {
  it("is what computes, not what says, shows and stores", () => {
    const { modules } = codeOf(tinyConfigs(["method=retrain"])[0], builtInParts);
    const ofCore = Object.keys(modules).filter((name) => name.startsWith("core/"));
    expect(ofCore).toContain("core/random");
    const silent = ["ambient", "announce", "cancellation", "claim", "display", "errors", "files", "marker", "paths"];
    for (const name of [...silent, "processes", "progress", "provenance", "text"])
      expect(ofCore).not.toContain(`core/${name}`);
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

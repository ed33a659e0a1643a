import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import {
  computeRun,
  computeWithPrerequisites,
  isUsable,
  type Parts,
  planRuns,
  type Run,
  type RunRecord,
  type RunStore,
} from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { newStore, retrainRun, tinyConfigs } from "./tiny";

const resultOf = (store: RunStore, run: Run) => readFile(join(store.folderOf(run.id), "result.json"), "utf8");

describe("a computed run", () => {
  it("leaves config, log, timing, model, scores and a result without a clock in it; the same bytes again elsewhere", async () => {
    const [run, store, other] = [await retrainRun(), await newStore(), await newStore()];
    expect(await computeRun(run, store, builtInParts)).toBe("computed");
    await computeRun(run, other, builtInParts);
    expect((await readdir(store.folderOf(run.id))).sort()).toEqual(
      ["config.json", "log.jsonl", "model.safetensors", "result.json", "scores.safetensors", "timing.json"].sort(),
    );
    const result = await resultOf(store, run);
    expect(await resultOf(other, run)).toBe(result);
    expect(result).not.toMatch(/seconds|time/i);
    const log = (await readFile(join(store.folderOf(run.id), "log.jsonl"), "utf8")).trim().split("\n");
    expect(JSON.parse(log[0])).toMatchObject({ epoch: 1 });
    const state = await store.read(run.id);
    const record = (state as { record: RunRecord }).record;
    expect(record.metrics["auc"]).toBeGreaterThan(0.4);
    expect(record.environment.node).toBe(process.version);
    expect(record.facts["epochs"]).toBe(log.length);
  });

  it("is kept when it is asked for again, and computed again by force", async () => {
    const [run, store] = [await retrainRun(), await newStore()];
    await computeRun(run, store, builtInParts);
    const before = await resultOf(store, run);
    expect(await computeRun(run, store, builtInParts)).toBe("kept");
    expect(await computeRun(run, store, builtInParts, { force: true })).toBe("computed");
    expect(await resultOf(store, run)).toBe(before);
    expect(await readdir(join(store.folder, "claims"))).toEqual([]);
  });

  it("made by other code is stale: shown, kept if asked, else computed again", async () => {
    const [run, store] = [await retrainRun(), await newStore()];
    await computeRun(run, store, builtInParts);
    const state = await store.read(run.id);
    if (state.kind !== "done") throw new Error("not done");
    const stale = { ...state, record: { ...state.record, codeVersion: "older" } };
    expect(isUsable(stale, run.config, builtInParts)).toBe(false);
    expect(isUsable(stale, run.config, builtInParts, { keepStale: true })).toBe(true);
    expect(isUsable(stale, run.config, builtInParts, { keepStale: true, force: true })).toBe(false);
  });

  it.each([
    ["a changed byte in the result", "result.json", (text: string) => text.replace(/"auc": 0\.\d/, '"auc": 0.9')],
    ["a cut-off result", "result.json", (text: string) => text.slice(0, 100)],
    ["a changed byte in the timing", "timing.json", (text: string) => text.replace("codeVersion", "codeVersien")],
    ["a result that is not JSON", "result.json", () => "\u0000"],
  ])("with %s is damaged: noticed, and computed again to the same bytes", async (_, file, damage) => {
    const [run, store] = [await retrainRun(), await newStore()];
    await computeRun(run, store, builtInParts);
    const before = await resultOf(store, run);
    const path = join(store.folderOf(run.id), file);
    await writeFile(path, damage(await readFile(path, "utf8")));
    expect((await store.read(run.id)).kind).toBe("corrupt");
    const [planned] = await planRuns([run.config], store, builtInParts, engineName());
    expect([planned.status, planned.compute]).toEqual(["corrupt", true]);
    expect(await computeRun(run, store, builtInParts)).toBe("computed");
    expect(await resultOf(store, run)).toBe(before);
  });

  it("without its timing is damaged, of another id is damaged", async () => {
    const [run, store] = [await retrainRun(), await newStore()];
    await computeRun(run, store, builtInParts);
    await rm(join(store.folderOf(run.id), "timing.json"));
    expect(await store.read(run.id)).toMatchObject({
      kind: "corrupt",
      problem: expect.stringMatching(/timing/) as string,
    });
  });
});

describe("a run that rests on others", () => {
  it("has them computed first, once, and can be told from one that has not", async () => {
    const store = await newStore();
    const [config] = tinyConfigs(["method=ifru", "mode=principled", "seed=1"]);
    const plan = await planRuns([config], store, builtInParts, engineName());
    expect(plan.map(({ run }) => run.config.method)).toEqual(["retrain", "original", "ifru-calibration", "ifru"]);
    expect(plan.map(({ asked }) => asked)).toEqual([false, false, false, true]);
    const { run } = plan[3];
    await expect(computeRun(run, store, builtInParts)).rejects.toThrow(/original.* is missing/);
    expect((await store.read(run.id)).kind).toBe("failed");
    expect(await computeWithPrerequisites(run, store, builtInParts)).toBe("computed");
    expect(await store.ids()).toHaveLength(4);
    const after = await planRuns([config], store, builtInParts, engineName());
    expect(after.map(({ status, compute }) => [status, compute])).toEqual([["done", false]]);
  });

  it("refuses a prerequisite's file that was damaged", async () => {
    const store = await newStore();
    const [config] = tinyConfigs(["method=ifru", "mode=paper", "seed=1"]);
    const plan = await planRuns([config], store, builtInParts, engineName());
    const [retrain, original, run] = plan.map((planned) => planned.run);
    for (const earlier of [retrain, original]) await computeRun(earlier, store, builtInParts);
    await writeFile(join(store.folderOf(original.id), "model.safetensors"), "no model");
    await expect(computeRun(run, store, builtInParts)).rejects.toThrow(/model.safetensors of run .* is damaged/);
  });
});

describe("a run under another's id", () => {
  it.each([
    ["seed", (run: Run): Run => ({ ...run, config: { ...run.config, seed: 2 } })],
    ["data", (run: Run): Run => ({ ...run, dataHash: "0".repeat(64) })],
    ["engine", (run: Run): Run => ({ ...run, engine: "another" })],
    ["id", (run: Run): Run => ({ ...run, id: "0".repeat(20) })],
  ])("by its %s is refused: no result says what it is not", async (_, change) => {
    const [run, store] = [change(await retrainRun()), await newStore()];
    await expect(computeRun(run, store, builtInParts)).rejects.toThrow(/the config of run .* is that of run/);
    expect((await store.read(run.id)).kind).toBe("failed");
  });
});

describe("a run that fails", () => {
  it("says why in the store, and is tried again", async () => {
    const [run, store] = [await retrainRun(), await newStore()];
    const failing: Parts = {
      ...builtInParts,
      methods: {
        ...builtInParts.methods,
        retrain: { ...builtInParts.methods["retrain"], run: () => Promise.reject(new Error("no luck")) },
      },
    };
    await expect(computeRun(run, store, failing)).rejects.toThrow("no luck");
    expect(await store.read(run.id)).toEqual({ kind: "failed", problem: "no luck" });
    expect(await computeRun(run, store, builtInParts)).toBe("computed");
  });
});

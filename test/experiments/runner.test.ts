import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { CancelledError, setCurrentSignal, setProgressSink } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import { computeRun, expandGrid, planRuns, resolveConfig, runLocally, runOf } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { resultBytes, runCli, startCli } from "./kills";
import { newStore, tinyConfigs } from "./tiny";

const args = ["run", "ifru-accuracy", "--preset", "tiny", "--json", "--store"];

afterEach(() => {
  setCurrentSignal(undefined);
  setProgressSink(undefined);
});

async function finished(workers: number) {
  const store = await newStore();
  const { stdout } = await runCli([...args, store.folder, "--workers", String(workers)]);
  return { store, report: JSON.parse(stdout) as { computed: number; kept: number; failed: number } };
}

describe("runners", () => {
  /** What one worker makes of the runs when nothing befalls it. */
  let expected: Record<string, string>;
  beforeAll(async () => {
    const { store, report } = await finished(1);
    expect(report).toMatchObject({ computed: 12, kept: 0, failed: 0 });
    expected = await resultBytes(store);
  });

  it("give the same bytes with one worker, with two, and two of them on one store; no run is published twice", async () => {
    const two = await finished(2);
    const shared = await newStore();
    const both = await Promise.all(
      [1, 2].map((workers) => runCli([...args, shared.folder, "--workers", String(workers)])),
    );
    const reports = both.map(({ stdout }) => JSON.parse(stdout) as { computed: number });
    expect(two.report).toMatchObject({ computed: 12, failed: 0 });
    expect(reports[0].computed + reports[1].computed).toBe(12);
    expect(await resultBytes(two.store)).toEqual(expected);
    expect(await resultBytes(shared)).toEqual(expected);
    expect(await readdir(join(shared.folder, "claims"))).toEqual([]);
  });

  it("lose only the run of a worker that dies, and make up for it the next time", async () => {
    const store = await newStore();
    const child = startCli([...args, store.folder, "--workers", "2"]);
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const children = () =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    while (children().length < 2 || (await store.ids()).length === 0) await wait(5);
    process.kill(Number(children()[0]), "SIGKILL");
    expect(await ended).toBe(1);
    const report = JSON.parse(output) as { computed: number; failed: number; blocked: number };
    expect(report.failed).toBe(1);
    expect(report.computed + report.blocked).toBe(11);
    await runCli([...args, store.folder, "--workers", "2"]);
    expect(await resultBytes(store)).toEqual(expected);
  });

  it("stop at Ctrl-C with a hint, leave nobody behind, and go on", async () => {
    const store = await newStore();
    const child = startCli([...args, store.folder, "--workers", "2"]);
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    while ((await store.ids()).length === 0) await wait(5);
    process.kill(-(child.pid as number), "SIGINT");
    expect(await ended).toBe(130);
    expect(errors).toContain("npm run experiment -- run ifru-accuracy --preset tiny");
    await wait(200);
    expect(() => process.kill(-(child.pid as number), 0)).toThrow();
    const { status } = await runCli([...args, store.folder, "--workers", "2"]);
    expect(status).toBe(0);
    expect(await resultBytes(store)).toEqual(expected);
  });
});

describe("an interrupted training", () => {
  it("is saved, and ends with the bytes of one that was not interrupted", async () => {
    const long = {
      embeddingSize: 8,
      learningRate: 1e-4,
      initialDeviation: 0.1,
      batchSize: 64,
      epochs: 800, // progress comes every 100 ms: a fast machine must not be through by then
      patience: 800,
    };
    const [config] = expandGrid(
      {
        datasets: [{ name: "generated" }],
        backbones: [{ name: "mf", options: long }],
        methods: [{ name: "retrain" }],
        seeds: [1],
      },
      (given) => resolveConfig(given, builtInParts),
    );
    const run = await runOf(config, builtInParts, engineName());
    const [store, whole] = [await newStore(), await newStore()];
    const interruption = new AbortController();
    setCurrentSignal(interruption.signal);
    setProgressSink(({ done }) => done > 1 && interruption.abort());
    const plan = await planRuns([config], store, builtInParts, engineName());
    await expect(runLocally(plan, store, builtInParts, { workers: 1, label: "test" })).rejects.toThrow(CancelledError);
    setCurrentSignal(undefined);
    setProgressSink(undefined);
    const files = await readdir(store.folderOf(run.id));
    expect(files.filter((file) => file.startsWith("checkpoint-"))).toHaveLength(1);
    const [epochs] = files.map((file) => /checkpoint-(\d+)/.exec(file)?.[1]).filter(Boolean);
    expect(Number(epochs)).toBeLessThan(800);
    await computeRun(run, store, builtInParts);
    await computeRun(run, whole, builtInParts);
    expect(await resultBytes(store)).toEqual(await resultBytes(whole));
    const log = await readFile(join(store.folderOf(run.id), "log.jsonl"), "utf8");
    expect(log).toBe(await readFile(join(whole.folderOf(run.id), "log.jsonl"), "utf8"));
  });
});

describe("a plan in one process", () => {
  it("notes failures and goes on with what does not rest on them", async () => {
    const store = await newStore();
    const { retrain } = builtInParts.methods;
    const run = (context: Parameters<typeof retrain.run>[0]) =>
      context.config.seed === 1 ? Promise.reject(new Error("seed 1 is unlucky")) : retrain.run(context);
    const parts = { ...builtInParts, methods: { ...builtInParts.methods, retrain: { ...retrain, run } } };
    const plan = await planRuns(tinyConfigs(), store, parts, engineName());
    const { computed, failed, blocked } = await runLocally(plan, store, parts, { workers: 1, label: "test" });
    expect(failed.map(({ problem }) => problem)).toEqual(["seed 1 is unlucky"]);
    expect([computed, blocked]).toEqual([6, 5]);
  });
});

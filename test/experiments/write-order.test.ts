// In what order a run's files come and go: whenever it is killed, what is there must be enough to go on from.
import type * as FileSystem from "node:fs/promises";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { provenance, redirectAnnouncements } from "recsys-unlearning/core";
import type { RunResult, RunTiming } from "recsys-unlearning/experiments";
import { bindingOf, CheckpointFiles } from "../../lib/experiments/store/checkpoint-files";
import { newStore, retrainRun } from "./tiny";

/** What was put in its place or removed, and what may not be. */
const disk = vi.hoisted(() => ({ done: [] as string[], refuses: "" }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const nameOf = (path: unknown) => String(path).split("/").at(-1) ?? "";
  const note = (what: string, path: unknown) => {
    if (disk.refuses === nameOf(path)) throw Object.assign(new Error("ENOSPC: injected"), { code: "ENOSPC" });
    disk.done.push(`${what} ${nameOf(path)}`);
  };
  const rename: typeof real.rename = async (from, to) => (note("put", to), real.rename(from, to));
  const link: typeof real.link = async (from, to) => (note("put", to), real.link(from, to));
  const remove: typeof real.rm = async (path, options) => {
    if (!nameOf(path).startsWith(".")) note("remove", path);
    return real.rm(path, options);
  };
  // As a file system may list them that keeps no order.
  const list = async (...args: Parameters<typeof real.readdir>) => (await real.readdir(...args)).reverse();
  const mocked = { ...real, rename, link, rm: remove, readdir: list };
  return { ...mocked, default: mocked };
});

const checkpointOf = (epochs: number) => ({
  history: Array.from({ length: epochs }, (_, k) => ({ epoch: k + 1, loss: 0.5, validation: 0.6 })),
  bestEpoch: 1,
  bestScore: 0.6,
  seconds: 1,
  tensors: new Map([["w", Float32Array.of(epochs)]]),
});
const fileOf = (epochs: number) => `checkpoint-${String(epochs).padStart(6, "0")}.safetensors`;

let folder: string;
const said: string[] = [];
let loud = () => {};
beforeEach(async () => {
  loud = redirectAnnouncements((line) => said.push(line));
  folder = await mkdtemp(join(tmpdir(), "order-"));
  Object.assign(disk, { done: [], refuses: "" });
  said.length = 0;
});
afterEach(async () => {
  loud();
  disk.refuses = "";
  await rm(folder, { recursive: true });
});

describe("checkpoints", () => {
  const files = async () => {
    const { id, config } = await retrainRun();
    return new CheckpointFiles(folder, bindingOf(id, "code", config));
  };

  it("are removed when newer ones stand, all but two", async () => {
    const saving = await files();
    for (const epochs of [8, 9, 10, 11]) await saving.save(checkpointOf(epochs));
    expect(disk.done).toEqual([
      ...[8, 9, 10].map((epochs) => `put ${fileOf(epochs)}`),
      `remove ${fileOf(8)}`,
      `put ${fileOf(11)}`,
      `remove ${fileOf(9)}`,
    ]);
  });

  it("of one epoch that is saved twice, as when a training goes on, are one", async () => {
    const saving = await files();
    for (const epochs of [9, 10, 10, 11]) await saving.save(checkpointOf(epochs));
    expect((await readdir(folder)).sort()).toEqual([fileOf(10), fileOf(11)]);
  });

  it("are continued from the newest, else from the one before, which is said", async () => {
    const saving = await files();
    for (const epochs of [9, 10, 11]) await saving.save(checkpointOf(epochs));
    expect(await (await files()).load()).toEqual(checkpointOf(11));
    await writeFile(join(folder, fileOf(11)), "damaged");
    const loading = await files();
    expect(await loading.load()).toEqual(checkpointOf(10));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/checkpoint-000011\.safetensors of run \w+ is not used/);
    expect(said[0]).not.toContain("anew");
    expect(await readdir(folder)).toEqual([fileOf(10)]);
    for (const epochs of [11, 12]) await loading.save(checkpointOf(epochs));
    expect((await readdir(folder)).sort()).toEqual([fileOf(11), fileOf(12)]);
  });
});

describe("a finished run", () => {
  async function begun() {
    const [store, run] = [await newStore(), await retrainRun()];
    const place = await store.begin(run);
    const saving = await store.checkpointsOf(run.id, bindingOf(run.id, "code", run.config));
    await saving.save(checkpointOf(3));
    disk.done.length = 0;
    const result: RunResult = { ...run, version: 1, metrics: {}, sampleTests: {}, facts: {}, files: {} };
    const timing: RunTiming = { seconds: { training: 1 }, codeVersion: "code", environment: provenance() };
    return { store, place, publish: () => store.publish(result, timing, [{ epoch: 1 }]) };
  }

  it("has its result last, and its checkpoints until then", async () => {
    const { publish } = await begun();
    expect(await publish()).toBe(true);
    expect(disk.done).toEqual(["put log.jsonl", "put timing.json", "put result.json", `remove ${fileOf(3)}`]);
  });

  it.each(["log.jsonl", "timing.json", "result.json"])("keeps them where %s cannot be written", async (name) => {
    const { place, publish } = await begun();
    disk.refuses = name;
    await expect(publish()).rejects.toMatchObject({ code: "ENOSPC" });
    expect(await readdir(place)).toContain(fileOf(3));
    expect(await readdir(place)).not.toContain("result.json");
  });
});

// What was read is what stands in a run's record and id. Kept results need no dataset.
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redirectAnnouncements } from "recsys-unlearning/core";
import { dataHash, datasetCatalogue, type Interactions, readInteractions } from "recsys-unlearning/data";
import { engineName } from "recsys-unlearning/engine";
import {
  computeRun,
  type Parts,
  planRuns,
  planToCompute,
  presets,
  readRecords,
  resolveConfig,
  type RunConfig,
  runLocally,
  runOf,
  RunStore,
  viewResult,
} from "recsys-unlearning/experiments";
import { builtInParts, views } from "recsys-unlearning/reproduction";

let folder: string;
let said: string[];
let quiet: () => void;
const before = { data: process.env["RECSYS_DATA"], cache: process.env["RECSYS_CACHE"] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "as-read-"));
  process.env["RECSYS_DATA"] = folder;
  process.env["RECSYS_CACHE"] = join(folder, "cache");
  said = [];
  quiet = redirectAnnouncements((line) => said.push(line));
});
afterEach(async () => {
  quiet();
  for (const [name, value] of [
    ["RECSYS_DATA", before.data],
    ["RECSYS_CACHE", before.cache],
  ] as const)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await rm(folder, { recursive: true });
});

/** Made-up ratings in RecBole's form; every seed gives others. */
async function writeRatings(file: string, seed: number): Promise<Interactions> {
  const lines = ["user_id:token\titem_id:token\trating:float\ttimestamp:float"];
  for (let row = 0; row < 4604; row++)
    lines.push(`${row % 92}\t${(row * 7 + Math.floor(row / 92) * seed) % 61}\t${1 + ((row * seed) % 5)}\t${row}`);
  await writeFile(join(folder, file), lines.join("\n") + "\n");
  return (await readInteractions(join(folder, file))).interactions;
}

const config = (dataset: string): RunConfig =>
  resolveConfig(
    {
      dataset,
      backbone: dataset.includes("sessions") ? "gru4rec" : "mf",
      method: "retrain",
      options: { data: {}, training: { epochs: 1, embeddingSize: 4 }, request: {}, method: {} },
      seed: 1,
    },
    builtInParts,
  );

const catalogued = (name: string) => datasetCatalogue()[name].variants[0].dataHash;

describe("a run on data of a person's own, under a catalogue's name", () => {
  it("names what it read, has an id of its own, and says so", async () => {
    const read = dataHash(await writeRatings("ml-1m.inter", 3));
    const store = new RunStore(join(folder, "runs"));
    const [{ run }] = await planToCompute([config("ml-1m")], store, builtInParts, engineName());
    expect(run.dataHash).toBe(read);
    expect(said.join("\n")).toContain(`ml-1m: RECSYS_DATA/ml-1m.inter is not the content that the catalogue knows`);
    expect(await computeRun(run, store, builtInParts)).toBe("computed");
    expect(await store.read(run.id)).toMatchObject({ kind: "done", record: { id: run.id, dataHash: read } });

    const other = dataHash(await writeRatings("ml-1m.inter", 4)); // seen before: another content is refused by name
    await rm(join(folder, "cache"), { recursive: true });
    const [{ run: changed }] = await planRuns([config("ml-1m")], store, builtInParts, engineName());
    expect(changed.dataHash).toBe(other);
    await rm(join(folder, "ml-1m.inter"));
    const [{ run: real }] = await planRuns([config("ml-1m")], store, builtInParts, engineName());
    expect(real.dataHash).toBe(catalogued("ml-1m"));
    expect(new Set([run.id, changed.id, real.id]).size).toBe(3);
  });

  it("is refused when the data change between plan and run", async () => {
    await writeRatings("ml-1m.inter", 5);
    const store = new RunStore(join(folder, "runs"));
    const [planned] = await planRuns([config("ml-1m")], store, builtInParts, engineName());
    await writeRatings("ml-1m.inter", 6);
    const report = await runLocally([planned], store, builtInParts, { workers: 1, label: "test" });
    expect(report.failed[0].problem).toMatch(/what was read of ml-1m is not what the run is of[\s\S]*run it again/);
    expect((await store.read(planned.run.id)).kind).toBe("failed");
  });

  it("that is refused leaves the catalogue's hash, and the run fails by name", async () => {
    await writeRatings("ml-100k.inter", 7);
    const store = new RunStore(join(folder, "runs"));
    const [planned] = await planToCompute([config("ml-100k")], store, builtInParts, engineName());
    expect(planned.run.dataHash).toBe(catalogued("ml-100k"));
    expect(said.join("\n")).toContain("ml-100k: its file is refused, and the catalogue's hash stands for it");
    const { failed } = await runLocally([planned], store, builtInParts, { workers: 1, label: "test" });
    expect(failed[0].problem).toMatch(/this is not the MovieLens 100K of the catalogue/);
  });

  it("is found again by show, on the same machine", async () => {
    await writeRatings("ml-1m.inter", 8);
    const store = new RunStore(join(folder, "runs"));
    const grid = {
      datasets: [{ name: "ml-1m" }],
      backbones: [{ name: "mf", options: { epochs: 1, embeddingSize: 4 } }],
      methods: [{ name: "retrain" }],
      seeds: [1],
    };
    const view = { ...views["ifru-accuracy"], grids: { tiny: [grid], quick: [grid], full: [grid] } };
    const asked = { preset: "tiny", store: store.folder } as const;
    const computed = await viewResult(view, builtInParts, engineName(), { ...asked, compute: true });
    expect(computed.found.records).toHaveLength(1);
    expect((await viewResult(view, builtInParts, engineName(), asked)).found.fromStore).toBe(1);
  });
});

describe("the hash of a dataset", () => {
  it("that could not be had is asked for again", async () => {
    let calls = 0;
    const hash = () =>
      calls++ === 0 ? Promise.reject(new Error("the network is down")) : Promise.resolve("0".repeat(64));
    const { generated } = builtInParts.datasets;
    const parts: Parts = { ...builtInParts, datasets: { ...builtInParts.datasets, generated: { ...generated, hash } } };
    await expect(runOf(config("generated"), parts, "wasm")).rejects.toThrow("the network is down");
    expect((await runOf(config("generated"), parts, "wasm")).dataHash).toBe("0".repeat(64));
    expect((await runOf(config("generated"), builtInParts, "wasm")).dataHash).not.toBe("0".repeat(64)); // other parts
  });

  it("of a file that cannot be read is asked for again", async () => {
    await writeFile(join(folder, "Amazon_Electronics.inter"), "user_id:token\titem_id:token\n\u0000\n");
    await expect(runOf(config("amazon-electronics"), builtInParts, "wasm")).rejects.toThrow(/row of 1 fields/);
    const read = await writeRatings("Amazon_Electronics.inter", 2);
    expect((await runOf(config("amazon-electronics"), builtInParts, "wasm")).dataHash).toBe(dataHash(read));
  });
});

describe("kept records", () => {
  const idsOf = async (view: (typeof views)[string]) => {
    for (const preset of presets)
      for (const record of await readRecords(view, preset)) {
        const { id } = await runOf(resolveConfig(record.config, builtInParts), builtInParts, record.engine);
        expect(id).toBe(record.id);
      }
  };

  it("are found without any dataset, under the ids they have", async () => {
    for (const view of Object.values(views)) await idsOf(view);
    expect(said).toEqual([]);
  });

  it.runIf(before.data !== undefined && before.data !== "")(
    "are found beside the datasets they were made from",
    async () => {
      await cp(before.data ?? "", folder, { recursive: true });
      for (const name of ["ifru-accuracy", "cau-main"]) await idsOf(views[name]);
      expect(said).toEqual([]);
    },
  );
});

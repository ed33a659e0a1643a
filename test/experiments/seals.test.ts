// What a store and the kept records say is verified before it is shown or continued.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, encodeTensors, inRepository, redirectAnnouncements, sha256 } from "recsys-unlearning/core";
import {
  computeRun,
  keepCode,
  keepRecords,
  readKeptCode,
  readRecords,
  type Run,
  type RunStore,
} from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { bindingOf, CheckpointFiles } from "../../lib/experiments/store/checkpoint-files";
import { versionOf } from "../../lib/experiments/store/code-version";
import { runCli } from "./kills";
import { newStore, retrainRun } from "./tiny";

/** Changes a sealed file and seals it again: no damage, but another content. */
async function reseal(path: string, change: (value: Record<string, unknown>) => object): Promise<void> {
  const value = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  delete value["sha256"];
  const changed = change(value);
  await writeFile(path, JSON.stringify({ ...changed, sha256: sha256(canonicalJson(changed)) }));
}

describe("a finished run", () => {
  let run: Run;
  let whole: RunStore;
  beforeAll(async () => {
    [run, whole] = [await retrainRun(), await newStore()];
    await computeRun(run, whole, builtInParts);
  });

  const copy = async () => {
    const store = await newStore();
    await cp(whole.folder, store.folder, { recursive: true });
    return { store, file: (name: string) => join(store.folderOf(run.id), name) };
  };

  it.each([
    ["a changed digit", (text: string) => text.replace(/0\.\d/, "0.0")],
    ["a lost line", (text: string) => text.split("\n").slice(1).join("\n")],
    ["a further line", (text: string) => `${text}{"epoch":99,"loss":0,"validation":1}\n`],
    ["nothing in it", () => ""],
  ])("whose log has %s is damaged", async (_, damage) => {
    const { store, file } = await copy();
    await writeFile(file("log.jsonl"), damage(await readFile(file("log.jsonl"), "utf8")));
    expect(await store.read(run.id)).toMatchObject({
      kind: "corrupt",
      problem: expect.stringMatching(/log/) as string,
    });
    expect(await computeRun(run, store, builtInParts)).toBe("computed");
  });

  it("whose log is gone is damaged", async () => {
    const { store, file } = await copy();
    await rm(file("log.jsonl"));
    expect(await store.read(run.id)).toMatchObject({ kind: "corrupt", problem: "log.jsonl is missing" });
  });

  it("with the timing of another run is damaged", async () => {
    const { store, file } = await copy();
    await reseal(file("timing.json"), (timing) => ({ ...timing, run: "0".repeat(20) }));
    expect(await store.read(run.id)).toMatchObject({
      kind: "corrupt",
      problem: expect.stringMatching(/that of run 0/),
    });
  });

  it.each(["result.json", "timing.json"])(
    "of a later version of %s is refused, and never computed over",
    async (name) => {
      for (const seal of [true, false]) {
        const { store, file } = await copy();
        if (seal) await reseal(file(name), (value) => ({ ...value, version: 7 }));
        else await writeFile(file(name), JSON.stringify({ version: 7, sealedBy: "another way" }));
        const before = await readFile(file(name), "utf8");
        expect(await store.read(run.id)).toMatchObject({
          kind: "unreadable",
          problem: expect.stringMatching(/has version 7, which this code does not know/) as string,
        });
        await expect(computeRun(run, store, builtInParts, { force: true })).rejects.toThrow(/version 7/);
        expect(await readFile(file(name), "utf8")).toBe(before);
      }
    },
  );

  it("is not shown when it is damaged, and that is said", async () => {
    const store = await newStore();
    const args = ["ifru-accuracy", "--preset", "tiny", "--store", store.folder];
    await runCli(["run", ...args, "--only", "method=retrain"]);
    const [id] = await store.ids();
    const path = join(store.folderOf(id), "timing.json");
    await writeFile(path, (await readFile(path, "utf8")).replace(/\d\.\d/, "0.5"));
    const { stdout, stderr } = await runCli(["show", ...args, "--only", "method=retrain", "--format", "json"]);
    expect(stderr).toContain(`run ${id} is damaged, so that it is not shown: the checksum of timing.json`);
    expect(JSON.parse(stdout)).toMatchObject({ missing: 1 });
  });
});

describe("a checkpoint", () => {
  const said: string[] = [];
  let quiet = () => {};
  let folder: string;
  let saved: Uint8Array;
  let run: Run;
  const name = "checkpoint-000002.safetensors";
  const checkpoint = {
    history: [1, 2].map((epoch) => ({ epoch, loss: 0.5, validation: 0.6 })),
    bestEpoch: 2,
    bestScore: 0.6,
    seconds: 1,
    tensors: new Map([["w", Float32Array.of(1, 2, 3)]]),
  };
  beforeAll(async () => {
    quiet = redirectAnnouncements((line) => said.push(line));
    folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
    run = await retrainRun();
    await new CheckpointFiles(folder, bindingOf(run.id, "code", run.config)).save(checkpoint);
    saved = await readFile(join(folder, name));
  });
  afterAll(async () => {
    quiet();
    await rm(folder, { recursive: true });
  });

  const other = (seed: number) => ({ ...run.config, seed });
  it("is continued by the same run, code and options", async () => {
    const found = await new CheckpointFiles(folder, bindingOf(run.id, "code", run.config)).load();
    expect(found).toEqual(checkpoint);
  });

  const labelled = (metadata: Record<string, string>) =>
    encodeTensors({ tensors: new Map([["w", { shape: [1], values: Float32Array.of(1) }]]), metadata });
  const old = labelled({ kind: "checkpoint", state: '{"history":[]}', sha256: "" });
  const later = labelled({ kind: "checkpoint", version: "2", content: "{}", sha256: "" });
  it.each([
    ["another run's", () => bindingOf("0".repeat(20), "code", run.config), null, /of another run/],
    ["made by other code", () => bindingOf(run.id, "later", run.config), null, /other code made it/],
    ["made with other options", () => bindingOf(run.id, "code", other(2)), null, /made with other options/],
    ["of an older version", () => bindingOf(run.id, "code", run.config), () => old, /version is older/],
    ["of a later version", () => bindingOf(run.id, "code", run.config), () => later, /version is 2, not 1/],
    ["a model", () => bindingOf(run.id, "code", run.config), () => labelled({ kind: "mf" }), /no checkpoint/],
    ["empty", () => bindingOf(run.id, "code", run.config), () => new Uint8Array(0), /is empty/],
    ["cut off", () => bindingOf(run.id, "code", run.config), () => saved.subarray(0, 60), /is not used/],
    [
      "changed",
      () => bindingOf(run.id, "code", run.config),
      () => saved.map((byte, k) => (k === saved.length - 1 ? byte ^ 1 : byte)),
      /checksum/,
    ],
  ] as const)("that is %s is refused, and the training starts anew, which is said", async (_, binding, bytes, why) => {
    await writeFile(join(folder, name), bytes?.() ?? saved);
    said.length = 0;
    const files = new CheckpointFiles(folder, binding());
    expect(await files.load()).toBeNull();
    expect(said.join()).toMatch(why);
    expect(said.join()).toContain("the training starts anew");
    await files.save({ ...checkpoint, history: checkpoint.history.slice(0, 1) });
    expect(await readdir(folder)).toEqual(["checkpoint-000001.safetensors"]);
    expect((await new CheckpointFiles(folder, binding()).load())?.history).toHaveLength(1);
    await rm(join(folder, "checkpoint-000001.safetensors"));
  });

  it("without any epoch or parameter is refused", async () => {
    const binding = bindingOf(run.id, "code", run.config);
    for (const part of [{ history: [] }, { tensors: new Map<string, Float32Array>() }]) {
      await new CheckpointFiles(folder, binding).save({ ...checkpoint, ...part });
      expect(await new CheckpointFiles(folder, binding).load()).toBeNull();
    }
  });

  it("of another seed, left in a run's folder, does not change its result", async () => {
    const [store, whole] = [await newStore(), await newStore()];
    await computeRun(run, whole, builtInParts);
    const place = await store.begin(run);
    const foreign = { ...checkpoint, tensors: new Map([["userEmbedding", new Float32Array(8)]]) };
    await new CheckpointFiles(place, bindingOf("1".repeat(20), "code", other(2))).save(foreign);
    await computeRun(run, store, builtInParts);
    const result = (at: RunStore) => readFile(join(at.folderOf(run.id), "result.json"), "utf8");
    expect(await result(store)).toBe(await result(whole));
  });
});

describe("kept records", () => {
  const view = viewNamed("ifru-ablation");
  const file = "ifru-ablation-full.jsonl";
  let folder: string;
  let text: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "records-"));
    text = await readFile(inRepository("figures", "records", file), "utf8");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("that are committed are sealed, all of them", async () => {
    for (const name of await readdir(inRepository("figures", "records"))) {
      if (name === "code.jsonl") continue;
      const [, viewName, preset] = /^(.+)-(tiny|quick|full)\.jsonl$/.exec(name)!;
      expect((await readRecords(viewNamed(viewName), preset as "full")).length).toBeGreaterThan(0);
    }
    expect((await readKeptCode()).size).toBeGreaterThan(0);
  });

  it.each([
    ["a changed digit", (all: string) => all.replace(/"auc":0\.\d/, '"auc":0.9'), /checksum/],
    ["a lost run", (all: string) => all.replace(/\n[^\n]+\n$/, "\n"), /checksum/],
    ["a run twice", (all: string) => all + all.trimEnd().split("\n").at(-1) + "\n", /checksum/],
    ["another machine", (all: string) => all.replace(/"cpu":"[^"]*"/, '"cpu":"faster"'), /checksum/],
    ["a line that is no JSON", (all: string) => `${all}{\n`, /checksum/],
    ["no seal", (all: string) => all.replace(/,"sha256":"[0-9a-f]{64}"\}\n/, "}\n"), /checksum/],
    ["no header", (all: string) => all.slice(all.indexOf("\n") + 1), /version 1, which/],
    ["nothing", () => "", /checksum/],
    ["a later version", (all: string) => all.replace('"version":3', '"version":4'), /version 4, which this code/],
    ["the version without seals", (all: string) => all.replace('"version":3', '"version":2'), /version 2, which/],
  ])("with %s are refused", async (_, change, message) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    await writeFile(join(folder, file), changed);
    await expect(readRecords(view, "full", folder)).rejects.toThrow(message);
  });

  it("of another preset or experiment are refused under this name", async () => {
    await writeFile(join(folder, "ifru-ablation-quick.jsonl"), text);
    await expect(readRecords(view, "quick", folder)).rejects.toThrow(
      /not the records of ifru-ablation at preset quick/,
    );
  });

  it("have a list of modules whose version is its hash", async () => {
    const code = await readFile(inRepository("figures", "records", "code.jsonl"), "utf8");
    await writeFile(join(folder, "code.jsonl"), code.replace(/"core\/random":"./, '"core/random":"x'));
    await expect(readKeptCode(folder)).rejects.toThrow(/the modules of code [0-9a-f]{16} are damaged/);
  });

  it("have the modules of the code that they are held to, by version, and no others", async () => {
    const own = await mkdtemp(join(folder, "own-"));
    const [first] = await readRecords(view, "full");
    const codes = ["a", "b", "c", "d"].map((name) => ({
      version: versionOf({ [name]: "1" }),
      modules: { [name]: "1" },
    }));
    const byVersion = (x: { version: string }, y: { version: string }) => (x.version < y.version ? -1 : 1);
    const [a, b, c] = codes.map(({ version }) => version);
    const records = [a, c].map((codeVersion) => ({ ...first, codeVersion }));
    const verified = [
      { commit: "1", codes: { [a]: b, other: "z" }, runs: [] },
      { commit: "2", codes: { [b]: c }, runs: ["r"] },
      { commit: "3", codes: { other: a }, runs: [] },
    ];
    await keepRecords(view, "full", records, own, verified);
    await writeFile(join(own, "README.md"), "{");
    const read = await readRecords(view, "full", own);
    expect(read.map(({ codeVersion, heldTo }) => [codeVersion, heldTo])).toEqual([
      [a, c],
      [c, undefined],
    ]);
    const [header] = (await readFile(join(own, file), "utf8")).split("\n");
    expect(JSON.parse(header)).toMatchObject({ verified: [{ commit: "1", codes: { [a]: b } }, verified[1]] });
    await keepRecords(view, "quick", [{ ...first, codeVersion: codes[3].version }], own);
    await keepCode([...codes].sort(byVersion).reverse(), own);
    const sorted = [c, codes[3].version].sort();
    expect([...(await readKeptCode(own)).keys()]).toEqual(sorted);
    await keepRecords(view, "quick", [], own);
    await keepCode([], own);
    expect([...(await readKeptCode(own))]).toEqual([[c, { c: "1" }]]);
  });
});

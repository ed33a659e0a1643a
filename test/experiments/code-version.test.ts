import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { changedModules, codeOf, expandView, type Parts } from "recsys-unlearning/experiments";
import { builtInParts, views } from "recsys-unlearning/reproduction";
import { importedFrom, javaScriptOf } from "../../scripts/code-graph.mjs";
import { tinyConfigs } from "./tiny";

const ifru = tinyConfigs(["method=ifru", "mode=paper", "seed=1"])[0];
const retrain = tinyConfigs(["method=retrain", "seed=1"])[0];
const modulesOf = (config: typeof ifru, parts: Parts = builtInParts) => Object.keys(codeOf(config, parts).modules);

describe("the code version of a run", () => {
  it("covers what its parts import, and nothing else", () => {
    const modules = modulesOf(ifru);
    for (const one of [
      "ifru/ifru",
      "training/fit-mf",
      "data/ifru-split",
      "core/random",
      "engine/operations.wasm",
      "engine/products.wasm",
    ])
      expect(modules).toContain(one);
    for (const area of ["cau/", "figures/", "tables/", "commands/", "experiments/summary/", "experiments/store/"])
      expect(modules.filter((name) => name.startsWith(area))).toEqual([]);
    expect(modules).not.toContain("training/fit-lightgcn");
    expect(modules).not.toContain("core/progress");
    expect(modules.filter((name) => /^data\/(catalogue|reading)\//.test(name))).toEqual([]);
    expect(modules).toContain("data/data-hash");
    expect(modulesOf(retrain)).not.toContain("ifru/ifru");
  });

  it("is known for every run of every view, by the names of modules alone", () => {
    const configs = Object.values(views).flatMap((view) => expandView(view, { preset: "full" }, builtInParts));
    const partsOf = ({ dataset, backbone, method, options: { request } }: typeof ifru) =>
      [dataset, backbone, method, request["kind"]].join();
    const one = new Map(configs.map((config) => [partsOf(config), config])); // one of each combination
    for (const config of one.values())
      for (const name of modulesOf(config)) expect(name).toMatch(/^[a-z-]+\/[a-z0-9./-]+$/);
  });

  it("of a part made elsewhere is the text of its functions, or the module it names", async () => {
    const method = { ...builtInParts.methods["ifru"], code: undefined };
    const own = (run: (typeof method)["run"]): Parts => ({
      ...builtInParts,
      methods: { ...builtInParts.methods, ifru: { ...method, run } },
    });
    const [one, two] = [() => Promise.reject(new Error("one")), () => Promise.reject(new Error("two"))];
    expect(codeOf(ifru, own(one)).version).not.toBe(codeOf(ifru, own(two)).version);
    expect(codeOf(ifru, own(one)).version).toBe(codeOf(ifru, own(one)).version);
    expect(modulesOf(ifru, own(one))).toContain("method ifru");
    const { mf } = builtInParts.backbones;
    const backbones = { ...builtInParts.backbones, mf: { ...mf, code: undefined } };
    expect(modulesOf(ifru, { ...builtInParts, backbones })).toContain("backbone mf");
  });

  it("is another for another kind of request", () => {
    const { ratings } = builtInParts.tasks;
    const requests = { ...ratings.requests, spam: { ...ratings.requests["spam"], code: undefined } };
    const parts = { ...builtInParts, tasks: { ...builtInParts.tasks, ratings: { ...ratings, requests } } };
    const asked = (kind: string) => ({ ...retrain, options: { ...retrain.options, request: { kind } } });
    expect(modulesOf(asked("spam"), parts)).toContain("request spam");
    expect(modulesOf(asked("split"), parts)).not.toContain("request spam");
  });

  it("says which modules differ", () => {
    expect(changedModules({ c: "3", a: "1", b: "2" }, { d: "5", a: "1", b: "4" })).toEqual(["b", "c", "d"]);
  });
});

describe("the graph of modules", () => {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  async function lib(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "graph-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  }

  it("takes a comment, a type and a blank line for no change, and a number for one", () => {
    const before = "export const step = 1; // why\n";
    expect(javaScriptOf("export const step: number = 1;\n\n/** Documented. */\n")).toBe(javaScriptOf(before));
    expect(javaScriptOf("export const step = 2;")).not.toBe(javaScriptOf(before));
  });

  it("looks through an index to the module that defines a name, and passes over types", async () => {
    const folder = await lib({
      "index.ts": 'export { a as renamed } from "./a";\nexport { b } from "./b";\nexport type { T } from "./t";\n',
      "a.ts": "export const a = 1;\n",
      "b.ts": 'import { renamed } from ".";\nexport const b = renamed;\n',
      "t.ts": "export type T = number;\n",
      "user.ts": 'import { renamed, type T } from "./index";\nexport const c: T = renamed;\n',
      "all.ts": 'import * as everything from "./index";\nexport const d = everything;\n',
    });
    expect(importedFrom(folder)).toEqual({
      index: [],
      a: [],
      b: ["a"],
      t: [],
      user: ["a"],
      all: ["a", "b", "index"],
    });
  });

  it("stands beside what was built", async () => {
    const { version, modules } = JSON.parse(await readFile(inRepository("lib", "dist", "code.json"), "utf8")) as {
      version: number;
      modules: object;
    };
    expect(version).toBe(1);
    expect(Object.keys(modules).length).toBeGreaterThan(200);
  });
});

import { describe, expect, it, vi } from "vitest";
import {
  expandGrid,
  expandView,
  type Grid,
  presets,
  resolveConfig,
  type RunConfig,
  seedsUpTo,
} from "recsys-unlearning/experiments";
import { builtInParts, viewNamed, views } from "recsys-unlearning/reproduction";

const grid: Grid = {
  datasets: [{ name: "generated", options: { userCount: 50 } }],
  backbones: [{ name: "mf", options: { embeddingSize: 4 } }],
  methods: [{ name: "retrain" }, { name: "ifru", options: { mode: "paper" } }],
  seeds: [1, 2, 3],
};
const resolve = (config: RunConfig) => resolveConfig(config, builtInParts);
const expand = (changed: Partial<Grid>) => expandGrid({ ...grid, ...changed }, resolve);

describe("a grid", () => {
  it("asks its parts for their options once, not for every run", () => {
    const options = vi.fn(builtInParts.methods["ifru"].options);
    const methods = { ...builtInParts.methods, ifru: { ...builtInParts.methods["ifru"], options } };
    const parts = { ...builtInParts, methods };
    const configs = expandGrid(grid, (config) => resolveConfig(config, parts));
    expect(configs).toEqual(expand({}));
    expect(options).toHaveBeenCalledTimes(1);
  });

  it("expands to every combination, each once, seeds fastest", () => {
    const configs = expand({});
    expect(configs.map(({ method, seed }) => `${method} ${seed}`)).toEqual([
      "retrain 1",
      "retrain 2",
      "retrain 3",
      "ifru 1",
      "ifru 2",
      "ifru 3",
    ]);
    expect(expand({ seeds: [1, 1], methods: [{ name: "retrain" }, { name: "retrain" }] })).toHaveLength(1);
  });

  it("fills in every default, so that a default spelt out is the same run", () => {
    const [plain] = expand({ seeds: [1] });
    const [spelt] = expand({
      seeds: [1],
      datasets: [{ name: "generated", options: { userCount: 50, forgetFraction: 0.02 } }],
      backbones: [{ name: "mf", options: { patience: 11, embeddingSize: 4 } }],
    });
    expect(spelt).toEqual(plain);
    expect(plain.options.training["batchSize"]).toBe(2048);
  });

  it("crosses sets of common options, which a choice's own override", () => {
    const sets: Grid["options"] = [{ training: { epochs: 5, embeddingSize: 9 } }, { training: { epochs: 6 } }];
    const configs = expand({ options: sets, seeds: [1], methods: [{ name: "retrain" }] });
    expect(configs.map(({ options }) => [options.training["epochs"], options.training["embeddingSize"]])).toEqual([
      [5, 4],
      [6, 4],
    ]);
  });

  it.each<[string, Partial<Grid>, RegExp]>([
    ["dataset", { datasets: [{ name: "ml-10k" }] }, /no dataset "ml-10k"[^]*"ml-100k"/],
    ["backbone", { backbones: [{ name: "fm" }] }, /no backbone "fm"[^]*"mf"/],
    ["method", { methods: [{ name: "retrian" }] }, /no method "retrian"[^]*"retrain"/],
    ["data option", { datasets: [{ name: "generated", options: { userCuont: 3 } }] }, /"userCuont"[^]*"userCount"/],
    ["training option", { backbones: [{ name: "mf", options: { epoch: 3 } }] }, /"epoch"[^]*"epochs"/],
    ["method option", { methods: [{ name: "ifru", options: { hop: 1 } }] }, /"hop"[^]*"hops"/],
    ["request", { options: [{ request: { kind: "usr" } }] }, /no request of kind "usr"[^]*"user"/],
    ["request option", { options: [{ request: { kidn: "user" } }] }, /"kidn"[^]*"kind"/],
    ["seed", { seeds: [1.5] }, /"seed" is 1.5/],
    ["empty axis", { seeds: [] }, /no seeds/],
    ["name of a property", { methods: [{ name: "constructor" }] }, /no method "constructor"/],
  ])("refuses an unknown %s with the remedy", (_, changed, message) => {
    expect(() => expand(changed)).toThrow(message);
  });
});

describe("the views", () => {
  it.each(Object.keys(views))("%s expands at every preset, to runs that share", (name) => {
    for (const preset of presets) {
      const configs = expandView(viewNamed(name), { preset }, builtInParts);
      expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(configs.length);
      for (const config of configs) expect(resolve(config)).toEqual(config);
    }
  });

  it("take other seeds, and only what is asked for", () => {
    const view = viewNamed("ifru-accuracy");
    expect(expandView(view, { preset: "tiny", seeds: 7, only: ["method=retrain"] }, builtInParts)).toHaveLength(7);
    const either = ["method=retrain", "method=original", "seed=1"]; // of one key any, of several all
    expect(expandView(view, { preset: "tiny", only: either }, builtInParts)).toHaveLength(2);
    const paper = expandView(view, { preset: "tiny", only: ["mode=paper", "seed=2"] }, builtInParts);
    expect(paper.map(({ method, seed, options }) => [method, seed, options.method["mode"]])).toEqual([
      ["ifru", 2, "paper"],
    ]);
    const ofUsers = viewNamed("ifru-completeness"); // the request has a seed of its own, which is 1
    const seeds = (only: string[]) =>
      new Set(
        expandView(ofUsers, { preset: "tiny", only: ["request=users", ...only] }, builtInParts).map((one) => one.seed),
      );
    expect(seeds(["seed=2"])).toEqual(new Set([2]));
    expect(seeds(["seed=1"])).toEqual(new Set([1]));
    expect(seeds(["request.seed=1"])).toEqual(new Set([1, 2]));
    expect(() => expandView(view, { preset: "tiny", only: ["method=x"] }, builtInParts)).toThrow(
      /no run of ifru-accuracy/,
    );
    expect(() => expandView(view, { preset: "tiny", only: ["method"] }, builtInParts)).toThrow(/not key=value/);
  });

  it("that do not exist are named with the nearest", () => {
    expect(() => viewNamed("ifru-acuracy")).toThrow(/did you mean "ifru-accuracy"/);
  });

  /** A row of theirs is of many trainings, whose spread stands in the row. */
  const ofManyTrainings = ["ifru-validity"];

  it("of ratings measure enough seeds for Wilcoxon's test at the quick preset; a network of sessions takes a minute each", () => {
    const isOfRatings = ({ name }: { name: string }) => builtInParts.datasets[name].task === "ratings";
    for (const { grids } of Object.values(views).filter(({ name }) => !ofManyTrainings.includes(name)))
      for (const { methods, seeds } of grids.quick.filter((grid) => grid.datasets.every(isOfRatings)))
        if (methods.some(({ name }) => name === "retrain")) expect(seeds.length).toBeGreaterThanOrEqual(6);
    expect(seedsUpTo(3)).toEqual([1, 2, 3]);
  });
});

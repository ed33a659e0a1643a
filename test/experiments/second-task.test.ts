// A task that has nothing to do with ratings, to show that what runs, stores and summarises knows none.
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { numberOption, optionList, wholeOption } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import {
  type BackbonePart,
  type DatasetPart,
  expandView,
  findRuns,
  type MethodPart,
  type MetricPart,
  type Parts,
  planRuns,
  resolveConfig,
  runLocally,
  summariseRuns,
  summaryTable,
  type Task,
  type TaskTypes,
  type View,
} from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { newStore } from "./tiny";

/** Numbers of which some are to be forgotten; a model is a guess at their mean. */
interface Means extends TaskTypes {
  readonly split: readonly number[];
  readonly rows: readonly number[];
  readonly request: ReadonlySet<number>;
  readonly model: number;
}

const task: Task<Means> = {
  requests: {
    first: {
      label: ({ count }) => `the first ${String(count)}`,
      options: optionList("first", { count: wholeOption("How many.", 1, 1) }),
      problem: (split, { count }) => ({ split, request: new Set(split.slice(0, Number(count))) }),
    },
  },
  audits: {
    far: {
      prerequisites: () => [],
      scores: async ({ audited }) => ({ distance: Float32Array.of(Math.abs(await audited.model())) }),
    },
  },
  rows: ({ split, request }, learner) => split.filter((value) => learner === "original" || !request.has(value)),
  rowCount: (rows) => rows.length,
  scores: (model) => ({ guess: Float32Array.of(model) }),
  save: (model, path) => writeFile(path, String(model)),
  load: async (path) => Number(await readFile(path, "utf8")),
};

const none = optionList("nothing", {});

const numbers: DatasetPart<Means> = {
  task: "means",
  options: none,
  hash: async () => "numbers",
  load: async () => [100, 1, 2, 3],
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const guess: BackbonePart<Means> = {
  task: "means",
  label: "a guess",
  options: () => optionList("guess", { bias: numberOption("Added to the guess.", 0) }),
  fit: async (rows, _split, { options, seed }) => ({
    model: mean(rows) + Number(options["bias"]) + seed / 1000,
    bestEpoch: 1,
    history: [],
    seconds: 0.01,
  }),
};

const half: MethodPart<Means> = {
  label: () => "Half",
  options: () => none,
  backbones: ["guess"],
  prerequisites: (config) =>
    ["original", "retrain"].map((method) => ({ ...config, method, options: { ...config.options, method: {} } })),
  run: async ({ prerequisite }) => {
    const model = (await prerequisite("original").model()) / 2;
    return { model, facts: { rowsTouched: 1 }, seconds: { halving: 0.001 } };
  },
};

const error: MetricPart<Means> = {
  task: "means",
  label: "error",
  better: "lower",
  value: ({ scores, retrained }) => retrained && Math.abs(scores["guess"][0] - retrained["guess"][0]),
};
const size: MetricPart<Means> = {
  task: "means",
  label: "size",
  audit: "far",
  value: ({ scores }) => scores["distance"][0],
};

const parts: Parts = {
  tasks: { ...builtInParts.tasks, means: task },
  datasets: { ...builtInParts.datasets, numbers },
  backbones: { ...builtInParts.backbones, guess },
  methods: { ...builtInParts.methods, half },
  metrics: { ...builtInParts.metrics, error, size },
};

const grid = {
  datasets: [{ name: "numbers" }],
  backbones: [{ name: "guess" }],
  methods: [{ name: "original" }, { name: "retrain" }, { name: "half" }],
  seeds: [1, 2],
};
const view: View = {
  name: "means",
  title: "Means",
  metrics: ["error", "size"],
  timing: true,
  grids: { tiny: [grid], quick: [grid], full: [grid] },
};

describe("a second task", () => {
  it("runs, is audited and shown like the first", async () => {
    const store = await newStore();
    const configs = expandView(view, { preset: "tiny" }, parts);
    const plan = await planRuns(configs, store, parts, engineName());
    const { failed } = await runLocally(plan, store, parts, { workers: 1, label: "means" });
    expect(failed).toEqual([]);
    const { records } = await findRuns(configs, store, [], parts, engineName());
    const summary = summariseRuns(view, "tiny", records, configs.length, parts);
    const [original, retrain, halved] = summary.rows;
    expect(original.metrics["error"].mean).toBeCloseTo(26.5 - 2, 4);
    expect(retrain.metrics["size"].mean).toBeCloseTo(2.0015, 4);
    expect(halved.metrics["error"].mean).toBeCloseTo(13.25 - 2, 2);
    expect(halved.seconds.speedup).toBeGreaterThan(9);
    expect(Object.keys(records[0].metrics)).toEqual(["error"]); // no metric of ratings
    expect(summaryTable(summary, view, parts).toText()).toMatch(/Half +11\.2/);
  });

  it("stands in one table with the first, each run looked at by its own task's audits", () => {
    const ratings = {
      datasets: [{ name: "generated" }],
      backbones: [{ name: "mf" }],
      methods: [{ name: "original" }, { name: "cau-mf" }],
      seeds: [1],
    };
    const both: View = { ...view, metrics: ["auc", ...view.metrics], grids: { ...view.grids, tiny: [grid, ratings] } };
    const configs = expandView(both, { preset: "tiny" }, parts);
    expect(configs.filter(({ dataset, audit }) => dataset === "numbers" && audit === "far").length).toBe(6);
    const first = configs.filter(({ dataset }) => dataset === "generated");
    expect(first.map(({ method, audit }) => [method, audit])).toEqual([
      ["original", undefined],
      ["cau-mf", undefined],
    ]);
  });

  it("refuses the first one's models, requests and audits", () => {
    const config = {
      dataset: "numbers",
      backbone: "guess",
      method: "original",
      options: { data: {}, training: {}, request: {}, method: {} },
      seed: 1,
    };
    const resolve = (changed: object) => () => resolveConfig({ ...config, ...changed }, parts);
    expect(resolve({})().options.request).toEqual({ kind: "first", count: 1 });
    expect(resolve({ backbone: "mf" })).toThrow(/mf is a model for ratings, numbers has means[^]*guess/);
    expect(resolve({ audit: "ranking" })).toThrow(/no audit "ranking"/);
    expect(resolve({ method: "ifru" })).toThrow(/ifru does not work on guess/);
    const spam = { ...config.options, request: { kind: "spam" } };
    expect(resolve({ options: spam })).toThrow(/no request of kind "spam"/);
  });
});

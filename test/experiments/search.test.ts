import { describe, expect, it } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import {
  computeWithPrerequisites,
  runOf,
  type Search,
  searchConfigs,
  searchTrials,
} from "recsys-unlearning/experiments";
import { builtInParts, searches, searchNamed } from "recsys-unlearning/reproduction";
import { newStore, tinyConfigs } from "./tiny";

const [base] = tinyConfigs(["method=original", "seed=1"]);
const search: Search = {
  base,
  target: "training",
  space: {
    learningRate: { low: 1e-4, high: 1e-1, logarithmic: true },
    embeddingSize: { low: 2, high: 6, integer: true },
    optimizer: { choices: ["adam", "lazy-adam"] },
  },
  trials: 30,
  objective: "validation-auc",
};
const tried = (changed: Partial<Search>) =>
  searchConfigs({ ...search, ...changed }, builtInParts).map(({ options }) => options);

describe("a random search", () => {
  it("draws within its ranges, magnitudes where asked", () => {
    const rates = tried({}).map(({ learningRate }) => Number(learningRate));
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-1);
    expect(rates.filter((rate) => rate < 3e-3).length).toBeGreaterThan(8);
    expect(new Set(tried({}).map(({ embeddingSize }) => embeddingSize))).toEqual(new Set([2, 3, 4, 5, 6]));
  });

  it("draws the same trial whatever the number of trials, and others for another seed", () => {
    expect(tried({ trials: 5 })).toEqual(tried({}).slice(0, 5));
    expect(tried({ seed: 2 })).not.toEqual(tried({}));
  });

  it("looks at validation rows only: its objective is no test metric", () => {
    for (const { objective } of Object.values(searches)) expect(objective).toBe("validation-auc");
  });
});

describe("a grid search", () => {
  it("tries every combination", () => {
    const space: Search["space"] = { epochs: { choices: [1, 2] }, patience: { choices: [3, 4, 5] } };
    expect(tried({ trials: "grid", space })).toHaveLength(6);
  });

  it.each<[string, Partial<Search>, RegExp]>([
    ["a range", { trials: "grid" }, /"learningRate" is a range/],
    ["an empty space", { space: {} }, /space is empty/],
    ["a range without sense", { space: { epochs: { low: 2, high: 1 } } }, /"epochs" is 2 to 1/],
    ["an option that does not exist", { space: { epoch: { choices: [1] } }, trials: "grid" }, /"epoch"[^]*"epochs"/],
  ])("refuses %s", (_, changed, message) => expect(() => tried(changed)).toThrow(message));

  it("that does not exist is named with the nearest", () => {
    expect(() => searchNamed("mf-trainng")).toThrow(/"mf-training"/);
  });
});

describe("the list of trials", () => {
  it("has every trial, computed or not, failed ones with the reason, best first; nothing is computed twice", async () => {
    const store = await newStore();
    const small: Search = {
      ...search,
      trials: "grid",
      space: { epochs: { choices: [1, 8] }, learningRate: { choices: [0.01, 1e30] } },
    };
    const configs = searchConfigs(small, builtInParts).map(({ config }) => config);
    for (const config of configs.slice(0, 3)) {
      const run = await runOf(config, builtInParts, engineName());
      await computeWithPrerequisites(run, store, builtInParts).catch(() => undefined);
    }
    const trials = await searchTrials(small, store, builtInParts, engineName());
    expect(trials).toHaveLength(4);
    expect(trials.map(({ number }) => number).sort()).toEqual([0, 1, 2, 3]);
    const values = trials.flatMap(({ value }) => value ?? []);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(trials.filter(({ status }) => status === "done").length).toBeGreaterThanOrEqual(2);
    expect(trials.at(-1)?.value).toBeNull();
  });
});

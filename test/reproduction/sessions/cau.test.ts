import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import { builtInParts as parts } from "recsys-unlearning/reproduction";
import {
  expandView,
  findRuns,
  type Options,
  planRuns,
  resolveConfig,
  runLocally,
  type View,
} from "recsys-unlearning/experiments";
import type { StepRecord } from "recsys-unlearning/training";
import { newStore } from "../../experiments/tiny";

const quick = { learningRate: 0.01, batchSize: 8, epochs: 2 };

/** CAU at its smallest; the record has the trajectory. */
const view: View = {
  name: "cau",
  title: "CAU",
  metrics: ["session-recall@10", "hit-u@10"],
  timing: true,
  curves: true,
  grids: {
    tiny: [
      {
        datasets: [{ name: "generated-sessions" }],
        backbones: [
          {
            name: "gru4rec",
            options: { embeddingSize: 8, maxLength: 5, epochs: 2, learningRate: 0.02, batchSize: 64 },
          },
        ],
        methods: [
          { name: "cau", options: { mode: "paper", ...quick } },
          { name: "cau", options: quick },
          {
            name: "cau",
            options: { mode: "paper", ...quick, batchSize: 1, epochs: 20, select: "last", sampling: "random" },
          },
          { name: "session-gradient-ascent", options: { ...quick, learningRate: 1e-3 } },
        ],
        options: [{ request: { kind: "session-items", share: 0.2 } }],
        seeds: [1],
      },
    ],
    quick: [],
    full: [],
  },
};

describe("CAU in experiments", () => {
  it("is run from the original, judged, and kept with its trajectory", async () => {
    const store = await newStore();
    const configs = expandView(view, { preset: "tiny" }, parts);
    const plan = await planRuns(configs, store, parts, engineName());
    const { failed } = await runLocally(plan, store, parts, { workers: 1, label: view.name });
    expect(failed).toEqual([]);
    const { records } = await findRuns(configs, store, [], parts, engineName(), true);
    const logs = records.map(({ log }) => log as readonly StepRecord[]);
    const [paper, , long, ascent] = records;
    const samples = Number(paper.facts["forgetSamples"]);
    expect(paper.facts).toMatchObject({ steps: 2 * Math.ceil(samples / 8), epochs: 2, gradientRows: 6 * samples });
    expect(Object.keys(paper.seconds).sort()).toEqual(["difficulty", "selection", "steps"]);
    expect(logs[0].map(({ step }) => step)).toEqual(
      Array.from({ length: Number(paper.facts["steps"]) }, (_, k) => k + 1),
    );
    for (const { losses, weights, difficulty } of logs[0]) {
      expect(Object.keys(losses)).toEqual(["unlearning", "recommendation", "kl"]);
      expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
      expect(difficulty).not.toBeNull();
    }
    const weight = logs[0].reduce((sum, { weights }) => sum + weights["unlearning"], 0) / logs[0].length;
    expect(paper.facts["unlearningWeight"]).toBeCloseTo(weight, 12);
    expect(long.facts["steps"]).toBe(20 * samples); // too many for a record: stretches of them
    expect(logs[2].length).toBeLessThanOrEqual(200);
    expect(logs[2].length).toBeGreaterThan(100);
    expect(logs[2].at(-1)).toMatchObject({ step: 20 * samples, epoch: 20, difficulty: null });
    expect(ascent.facts).toMatchObject({ unlearningWeight: 1, klWeight: 0 });
  });

  it("is told apart by its label, and refuses a mode there is not", () => {
    const labelOf = (options: Options) => parts.methods["cau"].label(options);
    expect(labelOf({ mode: "paper" })).toBe("CAU (paper)");
    expect(labelOf({})).toBe("CAU (calibrated)");
    expect(labelOf({ mode: "paper", sampling: "hard", difficulty: "embedding" })).toBe("CAU (paper, embedding, hard)");
    expect(labelOf({ mode: "paper", weights: "equal", normalization: "none" })).toBe(
      "CAU (paper, w/o Pareto solver, raw gradients)",
    );
    expect(labelOf({ climb: "all", batchSize: 16 })).toBe("CAU (calibrated, all samples)");
    const options = { data: {}, training: {}, request: {}, method: { mode: "papr" } };
    const config = { dataset: "generated-sessions", backbone: "gru4rec", method: "cau", options, seed: 1 };
    expect(() => resolveConfig(config, parts)).toThrow(InvalidOptionError);
  });

  it("has defaults by mode, and the run's own seed and validation sessions", () => {
    const optionsOf = (method: Options) => {
      const options = { data: {}, training: {}, request: {}, method };
      const config = { dataset: "generated-sessions", backbone: "sasrec", method: "cau", options, seed: 1 };
      return resolveConfig(config, parts).options.method;
    };
    expect(optionsOf({})).toMatchObject({ mode: "principled", select: "level", climb: "remembered" });
    expect(optionsOf({ mode: "paper" })).toMatchObject({ select: "validation", climb: "all", difficulty: "gradient" });
    for (const name of ["seed", "validation"]) expect(optionsOf({})).not.toHaveProperty(name);
  });
});

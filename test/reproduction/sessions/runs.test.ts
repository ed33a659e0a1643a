import { describe, expect, it } from "vitest";
import { prefixSamples, withoutRows } from "recsys-unlearning/data";
import { engineName } from "recsys-unlearning/engine";
import { builtInParts as parts, viewNamed } from "recsys-unlearning/reproduction";
import {
  expandView,
  findRuns,
  planRuns,
  runLocally,
  summariseRuns,
  summaryTable,
  type View,
} from "recsys-unlearning/experiments";
import { targetRanks } from "recsys-unlearning/metrics";
import { markovChain } from "recsys-unlearning/models";
import { newStore } from "../../experiments/tiny";
import { problemFor, task } from "./generated";

async function computed(view: View) {
  const store = await newStore();
  const configs = expandView(view, { preset: "tiny" }, parts);
  const plan = await planRuns(configs, store, parts, engineName());
  const { failed } = await runLocally(plan, store, parts, { workers: 1, label: view.name });
  expect(failed).toEqual([]);
  const { records } = await findRuns(configs, store, [], parts, engineName(), view.curves);
  return { store, records, summary: summariseRuns(view, "tiny", records, configs.length, parts) };
}

describe("models of sessions", () => {
  it("are trained or counted, judged and kept; records have learning curves and say what ended them", async () => {
    const view = viewNamed("cau-backbones");
    const { store, records, summary } = await computed(view);
    const problem = await problemFor({});
    for (const { config, metrics, facts, log, ...record } of records) {
      const isTrained = ["gru4rec", "sasrec", "bert4rec"].includes(config.backbone);
      expect(log?.map(({ epoch }) => epoch)).toEqual(isTrained ? [1, 2] : []);
      expect(facts["endedBy"]).toBe(isTrained ? "epochs" : undefined);
      expect(facts["splitHash"]).toBe(problem.split.splitHash);
      expect(metrics["session-recall@10"]).toBeGreaterThan(0.1);
      expect(metrics["hit-u-among-all@10"]).toBeLessThanOrEqual(Number(metrics["hit-u@10"])); // there are more to beat
      const path = await store.verifiedFile({ config, metrics, facts, ...record }, "model.safetensors");
      const scores = await task.scores(await task.load(path), problem);
      for (const name of ["session-ndcg@10", "hit-u@10"])
        expect(parts.metrics[name].value?.({ ...problem, scores, retrained: null })).toBe(metrics[name]);
    }
    expect(records).toHaveLength(6);
    expect(summaryTable(summary, view, parts).toText()).toMatch(/GRU4Rec[^]*Markov chain/);
  });
});

const view: View = {
  name: "references",
  title: "References",
  metrics: [
    "session-recall@10",
    "hit-u@10",
    "unseen@10",
    "hit-gap@10",
    "drop@10",
    "u-score@10",
    "u-score-calibrated@10",
  ],
  timing: false,
  grids: {
    tiny: [
      {
        datasets: [{ name: "generated-sessions" }],
        backbones: [{ name: "markov-chain" }],
        methods: [{ name: "original" }, { name: "retrain" }, { name: "retrain-again" }],
        options: ["session-items", "whole-sessions"].map((kind) => ({ request: { kind } })),
        seeds: [1],
      },
    ],
    quick: [],
    full: [],
  },
};

describe("Original and Retrain of sessions", () => {
  it("are held against each other on every request", async () => {
    const { summary } = await computed(view);
    const [original, retrain, , wholeOriginal, wholeRetrain] = summary.rows.map(({ metrics }) =>
      Object.fromEntries(Object.entries(metrics).map(([name, { mean }]) => [name, mean])),
    );
    for (const [before, after] of [
      [original, retrain],
      [wholeOriginal, wholeRetrain],
    ]) {
      const kept = Number(after["session-recall@10"]) / Number(before["session-recall@10"]);
      expect(after["drop@10"]).toBeCloseTo(1 - kept, 12);
      expect(before["drop@10"]).toBe(0);
      expect(before["hit-gap@10"]).toBeCloseTo(Math.abs(Number(before["hit-u@10"]) - Number(after["hit-u@10"])), 12);
      expect(after["hit-gap@10"]).toBeNull();
      const [r, f] = [Math.min(1, kept), 1 - Number(after["hit-u@10"])];
      expect(after["u-score@10"]).toBeCloseTo((2 * r * f) / (r + f), 12);
      expect(before["hit-u@10"]).toBeGreaterThan(Number(after["hit-u@10"])); // it remembers
    }
    expect(wholeOriginal["session-recall@10"]).toBe(original["session-recall@10"]); // one model, looked at twice
    expect(wholeOriginal["hit-u@10"]).not.toBe(original["hit-u@10"]);
  });

  it("store the ranks that the models give", async () => {
    const problem = await problemFor({});
    const { train, forgetRows } = problem.request;
    const model = markovChain(withoutRows(train, forgetRows));
    const scores = await task.scores(model, problem);
    const ranks = await targetRanks(model, prefixSamples(problem.split.test));
    expect(Int32Array.from(scores["test"])).toEqual(ranks);
    const hits = ranks.reduce((count, rank) => count + Number(rank <= 10), 0);
    const recall = parts.metrics["session-recall@10"].value?.({ ...problem, scores, retrained: null });
    expect(recall).toBeCloseTo(hits / ranks.length, 12);
  });
});

describe("the statistics of datasets", () => {
  it("are counted over all three parts", async () => {
    const { summary } = await computed(viewNamed("cau-datasets"));
    const { split } = await problemFor({});
    const { interactions } = split;
    const [{ metrics }] = summary.rows;
    expect(metrics["interactions"].mean).toBe(interactions.item.length);
    expect(metrics["items"].mean).toBe(interactions.itemCount);
    expect(metrics["sessions"].mean).toBe(interactions.userCount);
    const parts = ["train-sessions", "validation-sessions", "test-sessions"].map((name) => Number(metrics[name].mean));
    expect(parts).toEqual([96, 12, 12]);
  });
});

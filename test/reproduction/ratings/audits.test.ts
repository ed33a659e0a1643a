import { describe, expect, it } from "vitest";
import { expandView, summariseRuns, type View } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { newStore } from "../../experiments/tiny";
import { configOf, recordOf } from "./generated";

const users = { kind: "users", share: 0.05 };

describe("a ranking audit", () => {
  it("finds that Original kept its ranks and Retrain lost them; the audited run is not computed again", async () => {
    const store = await newStore();
    const original = await recordOf({ ...configOf("original", {}, users), audit: "ranking" }, store);
    const retrain = await recordOf({ ...configOf("retrain", {}, users), audit: "ranking" }, store);
    expect(original.metrics["rank-drop"]).toBe(0);
    expect(Math.abs(retrain.metrics["rank-drop"] ?? 0)).toBeGreaterThan(0);
    for (const name of ["recall@10", "recall@20", "ndcg@10", "ndcg@20"]) {
      expect(original.metrics[name]).toBeGreaterThan(0);
      expect(original.metrics[name]).toBeLessThanOrEqual(1);
    }
    expect(original.metrics["exposure@10"]).toBeNull(); // nothing is to vanish
    expect(original.sampleTests["recall@20"].p).toBeLessThanOrEqual(1);
    expect(original.metrics["auc"]).toBeUndefined(); // a metric of the run itself
    const trainings = (await store.ids()).length;
    await recordOf(configOf("retrain", {}, users), store);
    expect((await store.ids()).length).toBe(trainings);
  });

  it("sees spam in recommendations", async () => {
    const spam = { kind: "spam", userShare: 0.1 };
    const record = await recordOf({ ...configOf("original", {}, spam), audit: "ranking" }, await newStore());
    expect(record.metrics["exposure@10"]).toBeGreaterThan(0);
  });
});

describe("a membership audit", () => {
  it("has shadows of its own, shared by all that are asked the same, and knows Original from Retrain", async () => {
    const store = await newStore();
    const trained = { embeddingSize: 8, learningRate: 0.01, initialDeviation: 0.1, epochs: 30 };
    const audit = async (method: string) =>
      recordOf({ ...configOf(method, {}, users, "mf", trained), audit: "membership" }, store);
    const [original, retrain] = [await audit("original"), await audit("retrain")];
    expect(original.metrics["membership-auc"]).toBeGreaterThan(0.6);
    expect(retrain.metrics["membership-auc"]).toBeGreaterThan(0.35);
    expect(retrain.metrics["membership-auc"]).toBeLessThan(0.65);
    const shadows = new Set<string>();
    for (const id of await store.ids()) {
      const state = await store.read(id);
      if (state.kind === "done" && state.record.config.method === "shadow") shadows.add(id);
    }
    expect(shadows.size).toBe(6);
  });
});

describe("neural MF", () => {
  it("has every measure of completeness that one run tells", async () => {
    const store = await newStore();
    const training = { embeddingSize: 4, hiddenSize: 4, epochs: 1 };
    const large = configOf("ifru", { damping: 1 }, { kind: "sensitive", itemShare: 0.2 }, "neural-mf", training);
    const data = { ...large.options.data, userCount: 40, itemCount: 30 };
    const config = { ...large, options: { ...large.options, data } };
    const measured: Record<string, number | null> = {};
    for (const audit of [undefined, "ranking", "membership"])
      Object.assign(measured, (await recordOf(audit === undefined ? config : { ...config, audit }, store)).metrics);
    const { metrics } = viewNamed("ifru-completeness");
    for (const name of metrics.filter((one) => one !== "distance-over-noise-floor"))
      expect([name, measured[name]]).toEqual([name, expect.any(Number)]);
  });
});

describe("a view", () => {
  const grid = {
    datasets: [{ name: "generated" }],
    backbones: [{ name: "mf", options: { embeddingSize: 4, epochs: 3, learningRate: 0.01, initialDeviation: 0.1 } }],
    methods: [{ name: "original" }, { name: "retrain" }, { name: "retrain-again" }],
    seeds: [1, 2],
  };
  const metrics = ["auc", "recall@10", "distance-to-retrain", "distance-over-noise-floor"];
  const view: View = { name: "v", title: "V", metrics, timing: false, grids: { tiny: [grid], quick: [], full: [] } };

  it("has its metrics' audits made, and rows that have both; the noise floor is 1 in its own units", async () => {
    const configs = expandView(view, { preset: "tiny" }, builtInParts);
    expect(configs.map(({ audit }) => audit)).toEqual(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? "ranking" : undefined)),
    );
    const store = await newStore();
    const records = [];
    for (const config of configs) records.push(await recordOf(config, store));
    const { rows, missing } = summariseRuns(view, "tiny", records, configs.length, builtInParts);
    expect(missing).toBe(0);
    expect(rows.map(({ method }) => method)).toEqual(["original", "retrain", "retrain-again"]);
    for (const row of rows) expect(row.metrics["recall@10"].n).toBe(2);
    const [original, retrain, again] = rows.map((row) => row.metrics["distance-over-noise-floor"]);
    expect([again.values, retrain.n]).toEqual([[1, 1], 0]);
    const distances = rows.map((row) => row.metrics["distance-to-retrain"].values);
    expect(original.values).toEqual([0, 1].map((k) => Number(distances[0][k]) / Number(distances[2][k])));
  });
});

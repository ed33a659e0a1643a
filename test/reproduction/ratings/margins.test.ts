import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Options, Prerequisite, RunConfig, RunStore } from "recsys-unlearning/experiments";
import { InteractionGraph, LightGcn } from "recsys-unlearning/models";
import { modelsIn, readModels } from "../../../lib/reproduction/ratings/margins/files";
import { pretenders } from "../../../lib/reproduction/ratings/margins/pretenders";
import { newStore } from "../../experiments/tiny";
import { temporaryFolder } from "../../temporary-folders";
import { configOf, recordOf } from "./generated";

const trained: Options = { embeddingSize: 8, learningRate: 0.01, initialDeviation: 0.1, epochs: 30 };
const margins = (by: string, request: Options = {}): RunConfig =>
  configOf("margins", { by, models: 8 }, request, "mf", trained);
const audited = (by: string, store: RunStore, request: Options = {}) =>
  recordOf({ ...margins(by, request), audit: "margins" }, store);

async function countOf(method: string, store: RunStore): Promise<number> {
  let count = 0;
  for (const id of await store.ids()) {
    const state = await store.read(id);
    if (state.kind === "done" && state.record.config.method === method) count++;
  }
  return count;
}

describe("an audit of margins", () => {
  const shared = newStore(); // of models that several tests look at
  it("has retrained against retrained as its floor, and knows Original and an output filter from them", async () => {
    const store = await shared;
    const again = await audited("retrain-again", store);
    expect(again.metrics["klom"]).toBe(again.metrics["klom-floor"]);
    expect(again.metrics["klom-over-floor"]).toBe(1);
    expect(again.metrics["klom-share-above"]).toBeLessThanOrEqual(0.05);
    expect(again.metrics["told-by-loss"]).toBeNull();
    const original = await audited("original", store);
    expect(original.metrics["klom-gaussian"]).toBeGreaterThan(2);
    expect(original.metrics["told-by-loss"]).toBe(1);
    const filter = await audited("output-filter", store);
    expect(filter.metrics["klom-gaussian"]).toBeGreaterThan(100);
    // what it hides is hidden on the forgotten rows alone
    expect(filter.metrics["klom-retained"]).toBe(original.metrics["klom-retained"]);
    expect(filter.metrics["told-by-klom"]).toBe(1);
  });

  it("trains the same models once, whoever asks; originals serve every request", async () => {
    const store = await newStore();
    await audited("original", store);
    expect(await countOf("margin-trainings", store)).toBe(3); // original, retrained, and retrained again
    await audited("ifru", store);
    expect(await countOf("margin-trainings", store)).toBe(3);
    await audited("original", store, { kind: "users" });
    expect(await countOf("margin-trainings", store)).toBe(5);
  });

  it("gives the same to the byte again", async () => {
    const [found, again] = [await audited("scif", await shared), await audited("scif", await newStore())];
    expect(again.metrics).toEqual(found.metrics);
    expect(again.files).toEqual(found.files);
  });

  it.each(["ifru-paper", "gradient-ascent", ...Object.keys(pretenders)])("looks at %s", async (by) => {
    const { metrics, facts } = await audited(by, await shared);
    expect(facts["models"]).toBe(8);
    expect(metrics["klom"]).toBeGreaterThan(0);
    expect(metrics["klom-worst"]).toBeGreaterThanOrEqual(metrics["klom-95"] ?? Infinity);
  });

  it("looks at LightGCN too: by methods and pretenders that work on it, from models that come back as they were", async () => {
    const store = await newStore();
    const onGraph = (by: string): RunConfig =>
      configOf("margins", { by, models: 8 }, {}, "lightgcn", { ...trained, epochs: 5 });
    const of = (by: string) => recordOf({ ...onGraph(by), audit: "margins" }, store);
    const [original, ifru, filter] = [await of("original"), await of("ifru"), await of("output-filter")];
    expect(original.metrics["klom-retained"]).toBe(filter.metrics["klom-retained"]);
    expect(new Set([original, ifru, filter].map(({ metrics }) => metrics["klom-gaussian"])).size).toBe(3);
    expect(() => onGraph("scif")).toThrow(/"scif"/);
    expect(() => onGraph("fine-tuning")).toThrow(/"fine-tuning"/);
  });

  it("keeps graph models with their graph", async () => {
    const graph = new InteractionGraph(3, 2, Int32Array.of(0, 1, 2), Int32Array.of(0, 1, 1));
    const models = [1, 2].map((seed) =>
      LightGcn.initialise({ graph, embeddingSize: 2, layerCount: 2, initialDeviation: 1, seed }),
    );
    const path = join(temporaryFolder("models-"), "models");
    await Object.values(modelsIn(models))[0](path);
    const read = await readModels({ file: async () => path } as unknown as Prerequisite);
    const [users, items] = [Int32Array.of(0, 1, 2), Int32Array.of(1, 0, 0)];
    expect(read.map((model) => [...model.score(users, items)])).toEqual(
      models.map((model) => [...model.score(users, items)]),
    );
  });
});

import { describe, expect, it } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import type { Options, RunStore } from "recsys-unlearning/experiments";
import { viewResult } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { newStore } from "../../experiments/tiny";
import { temporaryFolder } from "../../temporary-folders";
import { configOf, recordOf } from "./generated";

const trained: Options = { embeddingSize: 8, learningRate: 0.01, initialDeviation: 0.1, epochs: 30 };
const audited = (method: string, store: RunStore, own: Options = {}) =>
  recordOf({ ...configOf(method, own, {}, "mf", trained), audit: "after" }, store);

describe("an audit of what comes after forgetting", () => {
  it("has Retrain as its zero, and knows that Original needs no step to know the rows again", async () => {
    const store = await newStore();
    const { metrics: retrain } = await audited("retrain", store);
    expect(retrain["relearn-loss"]).toBe(0);
    expect(retrain["over-forgetting-item"]).toBe(0);
    expect(retrain["relearn-steps"]).toBeGreaterThan(3);
    const { metrics: original } = await audited("original", store);
    expect(original["relearn-steps"]).toBeLessThan(Number(retrain["relearn-steps"]));
    expect(original["relearn-loss"]).toBeLessThan(0);
    expect(original["relearn-loss-few"]).toBeLessThan(0);
  });

  it("finds a model that forgets everything to have forgotten more than was asked for", async () => {
    const store = await newStore();
    const given = { mode: "principled", learningRate: 0.3, steps: 500, lossRise: 20 };
    const { metrics } = await audited("gradient-ascent", store, given);
    expect(metrics["over-forgetting-user"]).toBeGreaterThan(0.02);
    expect(metrics["over-forgetting-item"]).toBeGreaterThan(0.02);
    expect(metrics["relearn-loss"]).toBeGreaterThan(0);
  });

  it("refuses models that are no matrix factorisation", async () => {
    const config = { ...configOf("original", {}, {}, "lightgcn"), audit: "after" };
    await expect(recordOf(config, await newStore())).rejects.toThrow(/matrix factorisation/);
  });
});

describe("fine-tuning alone", () => {
  it("is another model than Original and the same to the byte again; no epochs more than asked", async () => {
    const [first, again] = [await newStore(), await newStore()];
    const config = configOf("fine-tuning", { epochs: 2 }, {}, "mf", trained);
    const [found, same] = [await recordOf(config, first), await recordOf(config, again)];
    expect(same.files).toEqual(found.files);
    expect(found.facts["gradientRows"]).toBe(
      2 * Number((await recordOf(configOf("retrain", {}, {}, "mf", trained), first)).facts["rows"]),
    );
    const original = await recordOf(configOf("original", {}, {}, "mf", trained), first);
    expect(found.metrics["auc"]).not.toBe(original.metrics["auc"]);
  });
});

describe("ifru-after at its tiny preset", () => {
  it("has every metric but those of rows that are not there, and distances from Retrain's steps", async () => {
    const view = viewNamed("ifru-after");
    const options = { preset: "tiny", seeds: 1, store: temporaryFolder("after-"), compute: true } as const;
    const { summary, table } = await viewResult(view, builtInParts, engineName(), options);
    expect(summary.missing).toBe(0);
    for (const { metrics } of summary.rows)
      for (const name of ["relearn-loss", "relearn-loss-few", "over-forgetting-item"])
        expect(metrics[name].mean, name).not.toBeNull();
    expect(table().columns.map(({ key }) => key)).toContain("relearn-steps-minus-retrain");
  });
});

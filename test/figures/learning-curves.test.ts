import { expandView, type RunRecord, summariseRuns, summaryTable } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { learningCurves, summaryFigures } from "recsys-unlearning/figures";
import { describe, expect, it } from "vitest";

const view = viewNamed("cau-backbones");

/**
 * Made-up runs of two seeds: the networks validate at 0.1 x epoch + seed / 100 for two epochs, or three with seed 2.
 */
const records = expandView(view, { preset: "tiny", seeds: 2 }, builtInParts).map((config, i): RunRecord => {
  const { seed, backbone } = config;
  const epochs = backbone.endsWith("rec") ? [1, 2, 3].slice(0, seed + 1) : [];
  return {
    ...{ version: 1, id: `${i}`, config, dataHash: "d", engine: "wasm", sampleTests: {}, facts: {}, files: {} },
    metrics: { "session-ndcg@10": 0.1 + i / 100 },
    log: epochs.map((epoch) => ({ epoch, loss: 3 - epoch, validation: 0.1 * epoch + seed / 100 })),
    ...{ seconds: {}, codeVersion: "c", environment: {} as RunRecord["environment"] },
  };
});

describe("learning curves", () => {
  it("have a line for each model that is trained, the mean over the seeds that came so far", () => {
    const figures = learningCurves(records, builtInParts);
    expect([...figures.keys()]).toEqual(["curve-validation_generated-sessions", "curve-loss_generated-sessions"]);
    const { data } = figures.get("curve-validation_generated-sessions")!;
    expect([...new Set(data.map(({ series }) => series))]).toEqual(["GRU4Rec", "SASRec", "BERT4Rec"]);
    const gru = data.filter(({ series }) => series === "GRU4Rec").map(({ x, y }) => [x, Number(Number(y).toFixed(6))]);
    expect(gru).toEqual([
      [1, 0.115],
      [2, 0.215],
      [3, 0.32],
    ]);
  });

  it("are none where no record has a log", () => {
    expect(
      learningCurves(
        records.map(({ log: _log, ...record }) => record),
        builtInParts,
      ).size,
    ).toBe(0);
  });
});

describe("models before anything is forgotten", () => {
  it("stand below each other, without a Retrain to compare with", () => {
    const summary = summariseRuns(view, "tiny", records, records.length, builtInParts);
    const { data } = summaryFigures(summary, view, builtInParts).get("session-ndcg-at-10")!;
    expect(data.map(({ row }) => row)).toEqual([
      "GRU4Rec",
      "SASRec",
      "BERT4Rec",
      "popularity",
      "item-kNN",
      "Markov chain",
    ]);
    expect(summaryTable(summary, view, builtInParts).toText()).not.toMatch(/Retrain|Original/);
  });
});

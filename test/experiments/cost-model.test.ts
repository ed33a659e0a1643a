import { describe, expect, it } from "vitest";
import { estimateCost, type RunRecord, type RunConfig } from "recsys-unlearning/experiments";

const config = (method: string, dataset = "ml-100k", seed = 1): RunConfig => ({
  ...{ dataset, backbone: "mf", method, seed },
  options: { data: {}, training: {}, request: { kind: "flipped-labels" }, method: {} },
});

/** A record of a run that took `seconds` in its stages. */
function record(of: RunConfig, seconds: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{ version: 1, id: JSON.stringify(of), dataHash: "", engine: "wasm", config: of, metrics: {}, sampleTests: {} },
    ...{ facts: {}, files: {}, codeVersion: "", seconds: { training: seconds } },
    environment: {
      ...{ commit: null, dirty: null, lockfileSha256: null, node: "", platform: "", cpu: "Their CPU", cores: 2 },
    },
    ...more,
  };
}

const runs = (...configs: RunConfig[]) => configs.map((one) => ({ ...record(one, 0), config: one }));

describe("what runs cost", () => {
  it("is the median of records of their kind, whatever the seed; else of their method on other data", () => {
    const kept = [1, 2, 30].map((seconds, seed) => record(config("ifru", "ml-100k", seed), seconds));
    const asked = runs(config("ifru", "ml-100k", 9), config("ifru", "ml-1m"), config("sisa"));
    const { machines, ...found } = estimateCost(asked, [], kept);
    expect(found).toEqual({ seconds: 4, same: 1, alike: 1, unknown: 1, speed: null });
    expect(machines).toEqual(["Their CPU"]);
  });

  it("goes by what this machine took over what theirs did, on runs that are in both", () => {
    const kept = [record(config("retrain"), 10), record(config("original"), 4), record(config("scif"), 0.01)];
    const here = [record(config("original"), 6), record(config("scif"), 0.9)];
    const { seconds, speed } = estimateCost(runs(config("retrain", "ml-100k", 2)), here, kept);
    expect(speed).toBe(1.5);
    expect(seconds).toBe(15);
  });

  it("takes this machine's own records first, with all of a run's time", () => {
    const kept = [record(config("retrain"), 10)];
    const here = [record(config("retrain", "ml-100k", 3), 2, { wholeSeconds: 3 })];
    const { seconds, machines } = estimateCost(runs(config("retrain")), here, kept);
    expect(seconds).toBe(3);
    expect(machines).toEqual([]);
  });

  it("adds what runs here take beside their stages to records that do not say", () => {
    const here = [record(config("original"), 2, { wholeSeconds: 2.5 })];
    const kept = [record(config("retrain"), 10)];
    expect(estimateCost(runs(config("retrain")), here, kept).seconds).toBe(10.5);
    expect(estimateCost(runs(config("retrain")), here, [record(config("retrain"), 10, { wholeSeconds: 11 })]).seconds).toBe(11); // prettier-ignore
  });

  it("counts what was paid once, and a calibration where it is a run of its own", () => {
    const preparation = { indexing: 0.5, calibration: 7 };
    const kept = [record(config("ifru"), 1, { preparation })];
    expect(estimateCost(runs(config("ifru")), [], kept).seconds).toBe(1.5);
    expect(estimateCost(runs(config("ifru-calibration")), [], kept)).toMatchObject({ seconds: 7, same: 1, unknown: 0 });
    expect(estimateCost([], [], kept)).toMatchObject({ seconds: 0, machines: [] });
  });
});

import { describe, expect, it } from "vitest";
import {
  estimateCost,
  makespan,
  type PlannedRun,
  type Run,
  type RunConfig,
  type RunRecord,
} from "recsys-unlearning/experiments";

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

/** A config with other options than `config` has. */
const tuned = (method: string, epochs: number, seed = 1): RunConfig => {
  const plain = config(method, "ml-100k", seed);
  return { ...plain, options: { ...plain.options, training: { epochs } } };
};

const theirCpu = "Their CPU";
const ourCpu = { environment: { ...record(config("x"), 0).environment, cpu: "Our CPU" } };

describe("what runs cost", () => {
  it("is the median of records of their settings, whatever the seed", () => {
    const kept = [1, 2, 30].map((seconds, seed) => record(config("ifru", "ml-100k", seed), seconds));
    const found = estimateCost(runs(config("ifru", "ml-100k", 9), config("sisa")), [], kept, "Our CPU");
    expect(found).toMatchObject({ seconds: 2, exact: 1, same: 0, alike: 0, unknown: 1, byOthers: true });
    expect(found.machines).toEqual([{ cpu: theirCpu, seconds: 2, unknown: 1, ratio: null }]);
    expect([...found.byRun.values()]).toEqual([2]);
  });

  it("else of their kind with other options, else of their method on other data, as large as a training there", () => {
    const kept = [
      ...[record(tuned("ifru", 5), 3), record(tuned("ifru", 9), 5)],
      ...[record(config("original"), 10), record(config("original", "ml-1m"), 70)],
    ];
    const found = estimateCost(runs(tuned("ifru", 5, 2), tuned("ifru", 7), config("ifru", "ml-1m")), [], kept);
    expect([...found.byRun.values()]).toEqual([3, 4, 28]);
    expect(found).toMatchObject({ seconds: 35, exact: 1, same: 1, alike: 1, unknown: 0 });
    expect(estimateCost(runs(config("ifru", "own")), [], kept).seconds).toBe(4); // nothing was trained there
  });

  it("takes records of the same engine for the same", () => {
    const blas = { ...record(config("retrain"), 0), engine: "blas" };
    const kept = [record(config("retrain"), 10), record(config("retrain"), 4, { engine: "blas" })];
    expect(estimateCost([blas], [], kept).seconds).toBe(4);
    expect(estimateCost([blas], [], kept.slice(0, 1))).toMatchObject({ seconds: 0, unknown: 1 });
  });

  it("goes by what this machine took over what theirs did, on runs that are in both", () => {
    const kept = [record(config("retrain"), 10), record(config("original"), 4), record(config("scif"), 0.01)];
    const here = [record(config("original"), 6, ourCpu), record(config("scif"), 0.9, ourCpu)];
    const { seconds, machines } = estimateCost(runs(config("retrain", "ml-100k", 2)), here, kept, "Our CPU");
    expect(machines).toEqual([{ cpu: theirCpu, seconds: 10, unknown: 0, ratio: 1.5 }]);
    expect(seconds).toBe(15);
  });

  it("tells the machines of the kept records apart; one like this needs no ratio", () => {
    const kept = [record(config("retrain"), 10), record(config("retrain"), 7, ourCpu)];
    const { machines } = estimateCost(runs(config("retrain", "ml-100k", 2)), [], kept, "Our CPU");
    expect(machines).toEqual([
      { cpu: theirCpu, seconds: 10, unknown: 0, ratio: null },
      { cpu: "Our CPU", seconds: 7, unknown: 0, ratio: 1 },
    ]);
  });

  it("takes this machine's own records first, with all of a run's time", () => {
    const kept = [record(config("retrain"), 10)];
    const here = [record(config("retrain", "ml-100k", 3), 2, { wholeSeconds: 3 })];
    expect(estimateCost(runs(config("retrain")), here, kept)).toMatchObject({ seconds: 3, byOthers: false });
  });

  it("counts what the processor did, which other work on the machine does not lengthen", () => {
    const took = { wholeSeconds: 9, processorSeconds: 3 };
    const here = [record(config("retrain"), 6, took)];
    const asked = runs(config("retrain", "ml-100k", 4));
    expect(estimateCost(asked, here, []).seconds).toBe(3);
    const [machine] = estimateCost(asked, here, [record(config("retrain"), 4)]).machines;
    expect(machine.ratio).toBe(0.5); // a third of six seconds, where theirs took four
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
    expect(estimateCost(runs(config("ifru-calibration")), [], kept)).toMatchObject({
      seconds: 7,
      exact: 1,
      unknown: 0,
    });
    expect(estimateCost([], [], kept)).toMatchObject({ seconds: 0, byOthers: false });
  });
});

describe("how long several workers take", () => {
  const [original, retrain, ifru, done] = runs(config("original"), config("retrain"), config("ifru"), config("scif"));
  const planned = (run: Run, prerequisites: readonly string[] = [], compute = true): PlannedRun => ({
    ...{ run, compute, prerequisites, status: compute ? "missing" : "done", problem: null, asked: true },
  });
  const plan = [planned(done, [], false), planned(original), planned(retrain), planned(ifru, [original.id])];
  const seconds = new Map([
    [original.id, 4],
    [retrain.id, 3],
    [ifru.id, 2],
    [done.id, 100],
  ]);

  it("is the sum with one, and with more what waits for what", () => {
    expect(makespan(plan, seconds, 1)).toBe(9);
    expect(makespan(plan, seconds, 2)).toBe(6); // ifru begins when original has ended
    expect(makespan(plan, seconds, 9)).toBe(6);
    expect(makespan(plan.slice(0, 1), seconds, 2)).toBe(0);
  });

  it("does not count what is not known", () => {
    expect(makespan(plan, new Map([[retrain.id, 3]]), 2)).toBe(3);
  });
});

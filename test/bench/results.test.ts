import { describe, expect, it } from "vitest";
import type { Machine } from "../../bench/machine";
import { type KeptResults, type KeptRow, mergedResults } from "../../bench/results";

const machine: Machine = {
  ...{ cpu: "some", cores: 2, simdBits: 256, nodeMajor: 24 },
  ...{ memoryGb: 8, platform: "linux-x64", node: "v24.0.0" },
};

function row(name: string, ours: number): KeptRow {
  return {
    ...{ name, ours, unit: "ms", peer: 1, peerName: "PyTorch 2.0.0, 2 threads", ratio: ours },
    ...{ megabytes: null, peerMegabytes: null, limitShare: null, counts: {} },
    ...{ what: "of a test", date: "2026-01-01T00:00:00.000Z", commit: null },
  };
}

const results = (rows: KeptRow[], rest: Partial<KeptResults> = {}): KeptResults => ({
  ...{ machine, engine: "wasm", threads: 2, rows },
  ...rest,
});
const kept = (merged: KeptResults) => merged.rows.map(({ name, ours }) => [name, ours]);

describe("the results that are committed", () => {
  const before = results([row("adam", 1), row("spmm", 2)]);

  it("are all that was measured where there are none yet", () => {
    expect(kept(mergedResults(null, results([row("spmm", 2), row("adam", 1)])))).toEqual([
      ["adam", 1],
      ["spmm", 2],
    ]);
  });

  it("are replaced row by row", () => {
    expect(kept(mergedResults(before, results([row("spmm", 3), row("top-k", 4)])))).toEqual([
      ["adam", 1],
      ["spmm", 3],
      ["top-k", 4],
    ]);
  });

  it("never mix machines, releases of Node or numbers of threads", () => {
    const now = [row("spmm", 3)];
    for (const other of [
      results(now, { machine: { ...machine, cpu: "another" } }),
      results(now, { machine: { ...machine, nodeMajor: 26 } }),
      results(now, { threads: 1 }),
    ])
      expect(kept(mergedResults(before, other))).toEqual([["spmm", 3]]);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import type { Row } from "../../bench/benchmark";
import { chosenBenchmarks } from "../../bench/benchmarks";
import { holdToLimits, type Limits, releaseOf } from "../../bench/limits";
import { cpuName, type MachineKind, simdBits } from "../../bench/machine";

const here: MachineKind = { cpu: "Ours", cores: 2, simdBits: 512, nodeMajor: 20 };
const limits: Limits = {
  marginElsewhere: 1.5,
  kinds: [
    { kind: { ...here, cpu: "Other", cores: 8 }, peers: [], limits: { "adam / PyTorch": 9 } },
    {
      kind: here,
      peers: ["PyTorch 2.5.1"],
      limits: { "adam / PyTorch": 1, "adam / PyTorch, 2": 0.5, "user / Retrain": 0.1 },
    },
  ],
};

function row(name: string, peerName: string, ratio: number | null): Row {
  const peer = ratio === null ? null : 1;
  return {
    ...{ name, peerName, ratio, peer, ours: ratio ?? 1, unit: "ms", counts: {} },
    ...{ megabytes: null, peerMegabytes: null, limitShare: null },
  };
}
const failuresOf = (rows: readonly Row[], machine = here) => holdToLimits(rows, limits, machine).failures;

describe("holdToLimits", () => {
  it("names row, value, peer and limit of what is above", () => {
    expect(failuresOf([row("adam", "PyTorch 2.5.1, 1 thread", 1.2345)])).toEqual([
      "adam: 1.23 x PyTorch 2.5.1, 1 thread, limit 1",
    ]);
    expect(failuresOf([row("adam", "PyTorch 2.5.1, 1 thread", 1)])).toEqual([]);
  });

  it("takes the limit of a variant before that of all", () => {
    expect(failuresOf([row("adam", "PyTorch 2.5.1, 2 threads", 0.6)])).toHaveLength(1);
  });

  it("passes over the releases of a peer and of what it runs on", () => {
    const held = { ...limits, kinds: [{ ...limits.kinds[0], limits: { "epoch / RecBole on PyTorch": 2 } }] };
    const { notes, failures } = holdToLimits([row("epoch", "RecBole 1.2.1 on PyTorch 2.5.1, 1 thread", 9)], held, here);
    expect(notes).toContain("the limits were not measured with RecBole 1.2.1: times 1.5");
    expect(failures).toEqual(["epoch: 9 x RecBole 1.2.1 on PyTorch 2.5.1, 1 thread, limit 3"]);
  });

  it("says that a kind is unknown and holds the most similar one's with the margin", () => {
    const machine = { ...here, nodeMajor: 22 };
    const { notes, failures } = holdToLimits([row("user", "Retrain", 0.16)], limits, machine);
    expect(notes[0]).toMatch(/no limits of this kind.*Node 22.*those of Ours.*Node 20.*times 1\.5/);
    expect(failures).toEqual(["user: 0.16 x Retrain, limit 0.15"]);
    expect(failuresOf([row("user", "Retrain", 0.14)], machine)).toEqual([]);
  });

  it("says that a peer has another release and holds its rows alone with the margin", () => {
    const rows = [row("adam", "PyTorch 1.13.1, 1 thread", 1.4), row("user", "Retrain", 0.11)];
    const { notes, failures } = holdToLimits(rows, limits, here);
    expect(notes).toContain("the limits were not measured with PyTorch 1.13.1: times 1.5");
    expect(failures).toEqual(["user: 0.11 x Retrain, limit 0.1"]);
  });

  it("says which row has no limit, and passes over what has no ratio", () => {
    const { notes, failures } = holdToLimits([row("new", "Retrain", 7), row("adam", "PyTorch", null)], limits, here);
    expect(notes.slice(1)).toEqual(["new / Retrain has no limit: 7"]);
    expect(failures).toEqual([]);
  });
});

describe("releaseOf", () => {
  it("finds name and release, and none where there is none", () => {
    expect(releaseOf("PyTorch 2.5.1+cu124, 2 threads")).toBe("PyTorch 2.5.1+cu124");
    expect(releaseOf("pandas 3.1.1, ids as text")).toBe("pandas 3.1.1");
    expect(releaseOf("itself after 20 cells")).toBeNull();
    expect(releaseOf("50 ms")).toBeNull();
  });
});

describe("bench/limits.json", () => {
  const committed = JSON.parse(readFileSync(inRepository("bench", "limits.json"), "utf8")) as Limits;

  it("names only rows that there are", () => {
    const names = new Set(chosenBenchmarks(undefined).map(({ name }) => name));
    const keys = committed.kinds.flatMap((kind) => Object.keys(kind.limits));
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.map((key) => key.split(" / ")[0]).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe("the kind of a machine", () => {
  const info = "cpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nflags\t\t: sse2 avx2 avx512f\n";

  it("has the numbers that tell machines of one name apart", () => {
    expect(cpuName("AMD EPYC", info)).toBe("AMD EPYC (family 25, model 17)");
    expect(cpuName("Apple M2", "")).toBe("Apple M2");
  });

  it("has the widest vectors", () => {
    expect(simdBits(info, "x64")).toBe(512);
    expect(simdBits(info.replace(" avx512f", ""), "x64")).toBe(256);
    expect(simdBits("flags\t: sse2\n", "x64")).toBe(128);
    expect(simdBits("", "arm64")).toBe(128);
    expect(simdBits("", "x64")).toBeNull();
  });
});

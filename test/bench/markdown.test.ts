import { describe, expect, it } from "vitest";
import { rowsOf } from "../../bench/benchmark";
import { chosenBenchmarks, groupsOf, usesEngine } from "../../bench/benchmarks";
import { enginesAsMarkdown } from "../../bench/engines";
import { rowsAsMarkdown } from "../../bench/markdown";

const measured = (name: string, ours: number, peers: Record<string, number | null>) =>
  rowsOf({ name, unit: "ms" }, { ours, peers, megabytes: 100, peerMegabytes: { PyTorch: 400 } });
const rows = [...measured("fast", 1, { PyTorch: 4 }), ...measured("slow", 4, { PyTorch: 4, Retrain: 2, pandas: null })];

describe("rowsAsMarkdown", () => {
  const text = rowsAsMarkdown(rows);

  it("has the geometric mean over all rows beside the worst, and by peer", () => {
    expect(text).toContain("Geometric mean of 3 ratios: 0.794. Worst: slow, 2.00 x Retrain.");
    expect(text).toContain("By peer: 0.500 x PyTorch (2).");
  });

  it("has the memory of both, and a dash for what is not known", () => {
    expect(text).toContain("| fast | 1.00 | ms | PyTorch | 4.00 | 0.250 | 100 | 400 |");
    expect(text).toContain("| slow | 4.00 | ms | pandas | – | – | 100 | – |");
  });

  it("has in each row our counts and those of its own peer alone", () => {
    const peerCounts = { one: { epochs: 3 }, other: { epochs: 4 } };
    const counted = { ours: 1, peers: { one: 1, other: 1, third: 1 }, counts: { epochs: 2 }, peerCounts };
    const lines = rowsAsMarkdown(rowsOf({ name: "counted", unit: "s" }, counted)).split("\n");
    expect(lines.slice(2, 5).map((line) => line.split(" | ").at(-1))).toEqual([
      "2 epochs, 3 epochs of the peer |",
      "2 epochs, 4 epochs of the peer |",
      "2 epochs |",
    ]);
  });

  it("says so where no row has a ratio", () => {
    expect(rowsAsMarkdown(measured("alone", 1, { PyTorch: null }))).toContain("No row has a ratio.");
  });
});

describe("enginesAsMarkdown", () => {
  it("puts the engines side by side, each with its ratio", () => {
    const table = enginesAsMarkdown({
      engines: ["wasm", "cpu"],
      rows: rows
        .slice(0, 2)
        .flatMap((row) => [
          { engine: "wasm", row },
          ...(row.name === "fast" ? [{ engine: "cpu", row: { ...row, ours: 20, ratio: 5 } }] : []),
        ]),
      leftOut: [],
    });
    expect(table).toContain("| fast | 1.00 (0.250 x) | 20.0 (5.00 x) | ms | PyTorch | 4.00 |");
    expect(table).toContain("| slow | 4.00 (1.00 x) | – | ms | PyTorch | 4.00 |");
  });
});

describe("the rows", () => {
  it("are each in one group, with what they share", () => {
    const all = chosenBenchmarks(undefined);
    const groups = groupsOf(all);
    expect(
      groups
        .flat()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(all.map(({ name }) => name));
    const sizes = groups.find(([first]) => first.name === "ifru-data-size-interaction");
    expect(sizes).toHaveLength(3);
  });

  it("use an engine where they compute", () => {
    const [adam, parsing] = chosenBenchmarks("adam,parse-ml-1m");
    expect([adam, parsing].map(usesEngine)).toEqual([true, false]);
  });

  it("are named where one is asked for that there is not", () => {
    expect(() => chosenBenchmarks("adm")).toThrow(/no benchmark "adm"[^]*adam/);
  });
});

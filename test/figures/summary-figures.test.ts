import {
  codeOf,
  expandView,
  type RunRecord,
  summariseRuns,
  type ViewSummary,
  type View,
} from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { circumstancesOf, minusRetrain, summaryFigures } from "recsys-unlearning/figures";
import { describe, expect, it } from "vitest";

/** Made-up runs: Retrain's forget AUC is 0.7 + seed / 100, IFRU's less by its pruning ratio / 10, and so on. */
function summaryOf(view: View, seeds: number): ViewSummary {
  const values: Readonly<Record<string, number>> = { original: -0.2, retrain: 0, "retrain-again": 0.01, ifru: -0.001 };
  const records = expandView(view, { preset: "tiny", seeds }, builtInParts).map((config, i): RunRecord => {
    const { seed, method, options } = config;
    const noise = method === "retrain-again" && seed % 2 === 0 ? -0.02 : 0;
    const pruned = -Number(options.method["pruningRatio"] ?? 0) / 10;
    return {
      ...{ version: 1, id: `${i}`, config, dataHash: "d", engine: "wasm", sampleTests: {}, facts: {}, files: {} },
      metrics: { "forget-auc": 0.7 + seed / 100 + values[method] + noise + pruned, "distance-over-noise-floor": null },
      seconds: { training: method === "ifru" ? 0.01 * seed : 2 },
      ...{ codeVersion: codeOf(config, builtInParts).version, environment: {} as RunRecord["environment"] },
    };
  });
  return summariseRuns(view, "tiny", records, records.length, builtInParts);
}

describe("the figures of a sweep", () => {
  const view = viewNamed("ifru-pruning");
  const summary = summaryOf(view, 4);
  const figures = summaryFigures(summary, view, builtInParts);

  it("show differences from Retrain with the same seed, over the swept option", () => {
    const { data } = figures.get("forget-auc")!;
    const at = (series: string) => data.filter((datum) => datum["series"] === series);
    expect(at("IFRU (principled)").map(({ x }) => x)).toEqual([0, 20, 40, 60, 80, 90, 95]);
    expect(Number(at("IFRU (principled)")[1]["y"])).toBeCloseTo(-0.021, 6);
    expect(at("Original").map(({ x, y }) => [x, Number(y).toFixed(3)])).toEqual([
      [0, "-0.200"],
      [95, "-0.200"],
    ]);
    expect(data.some(({ series }) => String(series).includes("Retrain"))).toBe(false);
  });

  it("show the seconds beside Retrain's, and nothing of a metric that no run has", () => {
    const series = figures.get("seconds")!.data.map((datum) => datum["series"]);
    expect(new Set(series)).toEqual(new Set(["IFRU (principled)", "Retrain"]));
    expect([...figures.keys()]).toEqual(["forget-auc", "seconds"]);
  });

  it("have the noise floor's band: twice the spread of retrainings with another seed", () => {
    const svg = JSON.stringify(figures.get("forget-auc")!.spec("paper"));
    const sd = Math.sqrt((4 * 0.01 ** 2) / 3); // differences 0.01, -0.01, 0.01, -0.01
    expect(svg).toContain(`"datum":${(-2 * sd).toString().slice(0, 8)}`);
  });
});

describe("differences from Retrain", () => {
  it("pair seeds, and are as they are for a metric that Retrain does not have", () => {
    const summary = summaryOf(viewNamed("ifru-pruning"), 3);
    const [{ label, rows }] = circumstancesOf(summary, builtInParts);
    expect(label).toBe("MF");
    const original = rows.find(({ method }) => method === "original")!;
    const difference = minusRetrain(original, rows, "forget-auc")!;
    expect(difference.n).toBe(3);
    expect(difference.mean).toBeCloseTo(-0.2, 9);
    expect(difference.sd).toBeCloseTo(0, 9);
    const missing = { ...original, seeds: [2, 9, 1] };
    expect(minusRetrain(missing, rows, "forget-auc")!.n).toBe(2);
    expect(minusRetrain(original, rows, "distance-over-noise-floor")).toBeNull();
  });
});

describe("circumstances of data of several shapes", () => {
  it("are told apart by the first option that differs between all of them", () => {
    const view = viewNamed("ifru-pruning");
    const [grid] = view.grids.tiny;
    const shapes = [300, 600].map((userCount) => {
      return { ...grid, datasets: [{ name: "generated", options: { itemCount: 90, userCount } }] };
    });
    const summary = summaryOf({ ...view, grids: { ...view.grids, tiny: shapes } }, 1);
    const labels = circumstancesOf(summary, builtInParts).map(({ label }) => label);
    expect(labels).toEqual(["userCount 300", "userCount 600"]);
  });
});

describe("the level that figures are read against", () => {
  it("is 1 for what is over a floor, and left out where each request has a floor of its own", () => {
    const view = viewNamed("ifru-margins");
    const records = expandView(view, { preset: "quick" }, builtInParts).map((config, i): RunRecord => {
      const metrics = Object.fromEntries(view.metrics.map((name) => [name, config.audit === undefined ? null : 2 + i]));
      return {
        ...{ version: 1, id: `${i}`, config, dataHash: "d", engine: "wasm", sampleTests: {}, facts: {}, files: {} },
        ...{ metrics, seconds: {}, codeVersion: "", environment: {} as RunRecord["environment"] },
      };
    });
    const summary = summariseRuns(view, "quick", records, records.length, builtInParts);
    const figures = summaryFigures(summary, view, builtInParts);
    const levels = (name: string) =>
      (JSON.stringify(figures.get(name)!.spec("paper")).match(/"rule"[^]*?"datum":(\d+)/) ?? []).slice(1);
    expect(levels("klom-over-floor")).toEqual(["1"]);
    expect(levels("klom-worst")).toEqual([]);
  });
});

describe("the figures of many methods", () => {
  it("name methods by what they change, one below the other", () => {
    const view = viewNamed("ifru-ablation");
    const { data } = summaryFigures(summaryOf(view, 2), view, builtInParts).get("forget-auc")!;
    const rows = data.map(({ row }) => row);
    expect(rows.slice(0, 3)).toEqual(["Original", "IFRU (principled)", "spillover none"]);
    expect(rows).toContain("pruned 40 %, direct kept no");
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("put circumstances side by side, and split what is more than can be told apart", () => {
    const view = { ...viewNamed("ifru-completeness"), metrics: ["forget-auc"] };
    const summary = summaryOf(view, 2);
    const one = summaryFigures(summary, view, builtInParts).get("forget-auc")!;
    const series = [...new Set(one.data.map((datum) => datum["series"]))];
    expect(series).toEqual(["2 % mislabelled", "random users", "injected spam"]);
    const many = [1, 2].flatMap((k) =>
      summary.rows.map((row) => ({
        ...row,
        backbone: k % 2 === 0 ? "mf" : "lightgcn",
        options: { ...row.options, training: { k } },
      })),
    );
    const names = [...summaryFigures({ ...summary, rows: many }, view, builtInParts).keys()];
    expect(names).toEqual(["forget-auc_generated-lightgcn", "forget-auc_generated-mf"]);
  });
});

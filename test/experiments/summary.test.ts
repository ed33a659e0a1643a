import { describe, expect, it } from "vitest";
import {
  codeOf,
  expandView,
  type RunConfig,
  type RunRecord,
  summariseRuns,
  type ViewSummary,
  summaryTable,
} from "recsys-unlearning/experiments";
import { jupyterDisplay } from "recsys-unlearning/core";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { type Figure, summaryFigures } from "recsys-unlearning/figures";
import { hostileStrings } from "../fixtures/hostile/strings";
import { long } from "../long";

const view = viewNamed("ifru-accuracy");

/** Made-up records of the tiny grid with six seeds: values depend on method and seed in a known way. */
function records(seeds = 6, version?: string): RunRecord[] {
  return expandView(view, { preset: "tiny", seeds }, builtInParts).map((config, i) => {
    const better = config.method === "ifru" ? 0.01 : 0;
    const auc = 0.7 + 0.001 * config.seed + better + (better > 0 ? 0.0001 * config.seed : 0);
    return {
      version: 1,
      id: `${i}`,
      config,
      dataHash: "d",
      engine: "wasm",
      metrics: { auc, "auc-or": null, "forget-auc": 0.5 },
      sampleTests: sampleTestsOf(config, better),
      facts: {},
      files: {},
      seconds: { training: config.method === "ifru" ? 0.1 : 2, selection: 0 },
      codeVersion: version ?? codeOf(config, builtInParts).version,
      environment: {} as RunRecord["environment"],
    };
  });
}

function sampleTestsOf({ method, seed }: RunConfig, meanDifference: number): RunRecord["sampleTests"] {
  return method === "retrain" ? {} : { auc: { p: 0.01 * seed, meanDifference, n: 100 } };
}

const summarise = (found = records(), runs = found.length, parts = builtInParts): ViewSummary =>
  summariseRuns(view, "tiny", found, runs, parts);
const rowOf = (summary: ViewSummary, method: string) => summary.rows.find((row) => row.method === method)!;

describe("a solver that did not converge", () => {
  const withFacts = (facts: RunRecord["facts"]) =>
    summarise(records().map((record) => (record.config.method === "ifru" ? { ...record, facts } : record)));
  const formats = (summary: ViewSummary) => {
    const table = summaryTable(summary, view, builtInParts);
    return [table.toText(), table.toMarkdown(), table.toLatex(), table[jupyterDisplay]()["text/html"] as string];
  };

  it("is marked in its row and explained once, in every format", () => {
    for (const text of formats(withFacts({ converged: false, bestStep: null })))
      expect(text.match(/†|\\textdagger/g)!.length).toBeGreaterThan(1);
    expect(rowOf(withFacts({ converged: false }), "ifru").unconverged).toBe(6);
  });

  it.each<RunRecord["facts"]>([{}, { converged: true }, { converged: false, bestStep: 3 }])(
    "is not seen in %j",
    (facts) => {
      for (const text of formats(withFacts(facts))) expect(text).not.toMatch(/†|textdagger/);
      expect(rowOf(withFacts(facts), "ifru")).not.toHaveProperty("unconverged");
    },
  );
});

describe("a summary", () => {
  it("has the documented form: the stable interface of show --format json", () => {
    const summary = summarise(records(), 40);
    expect(Object.keys(summary)).toEqual([
      "version",
      "name",
      "preset",
      "runs",
      "missing",
      "stale",
      "rows",
      "noiseFloor",
    ]);
    expect(summary).toMatchObject({
      version: 1,
      name: "ifru-accuracy",
      preset: "tiny",
      runs: 40,
      missing: 10,
      stale: 0,
    });
    for (const row of summary.rows) {
      expect(Object.keys(row)).toEqual([
        "dataset",
        "backbone",
        "method",
        "options",
        "seeds",
        "stale",
        "metrics",
        "seconds",
        "preparation",
        "counts",
        "tests",
      ]);
      expect(Object.keys(row.metrics)).toEqual(view.metrics);
      expect(Object.keys(row.metrics["auc"])).toEqual(["mean", "sd", "n", "interval", "values"]);
      expect(Object.keys(row.seconds)).toEqual(["mean", "sd", "n", "interval", "values", "speedup"]);
      for (const test of row.tests)
        expect(Object.keys(test).sort()).toEqual(["against", "metric", "n", "over", "p", "pHolm", "statistic", "test"]);
    }
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it("has mean and spread over seeds, and nothing where a metric is undefined", () => {
    const { metrics, seconds, seeds } = rowOf(summarise(), "retrain");
    expect(seeds).toEqual([1, 2, 3, 4, 5, 6]);
    expect(metrics["auc"].mean).toBeCloseTo(0.7035, 12);
    expect(metrics["auc"].sd).toBeCloseTo(0.001 * Math.sqrt(3.5), 12);
    expect(metrics["auc-or"]).toEqual({ mean: null, sd: null, n: 0, interval: null, values: Array(6).fill(null) });
    expect(seconds.mean).toBe(2);
  });

  it("compares with Retrain seed by seed, corrected over the table", () => {
    const { tests, seconds } = rowOf(summarise(), "ifru");
    const auc = tests.filter(({ metric }) => metric === "auc");
    expect(auc.map(({ test, over, n }) => [test, over, n])).toEqual([
      ["wilcoxon", "seeds", 6],
      ["t-test", "seeds", 6],
      ["permutation", "rows", 100],
    ]);
    expect(auc[0].p).toBeCloseTo(0.03125, 10);
    expect(auc[0].pHolm).toBeGreaterThan(auc[0].p);
    expect(auc[1].pHolm).toBeLessThan(0.001);
    expect(auc[2].p).toBeCloseTo(0.035, 12);
    expect(seconds.speedup).toBeCloseTo(20, 12);
    expect(rowOf(summarise(), "retrain").tests).toEqual([]);
  });

  it("pairs by seed, so a missing one is left out on both sides", () => {
    const found = records().filter(({ config }) => !(config.method === "retrain" && config.seed === 3));
    const [test] = rowOf(summarise(found), "ifru").tests;
    expect(test.n).toBe(5);
  });

  it("has the noise floor apart, and counts what other code made", () => {
    const summary = summarise(records(6, "older"));
    expect(summary.noiseFloor).toHaveLength(1);
    expect(summary.noiseFloor?.[0].metrics["auc"].n).toBe(6);
    expect(summary.stale).toBe(30);
  });

  it("of nothing is empty", () => {
    expect(summarise([], 10)).toMatchObject({ runs: 10, missing: 10, rows: [], noiseFloor: null });
  });
});

describe("a view's table", () => {
  it("shows mean ± deviation, the best in bold, and a mark where the difference is significant", () => {
    const shown = summaryTable(summarise(), view, builtInParts);
    const rows = shown.toMarkdown().split("\n");
    const paper = rows.find((line) => line.includes("IFRU (paper)"))!;
    expect(paper).toMatch(/\*\*0\.713[89]\u00a0±\u00a00\.0021\\\*\*\*/);
    expect(rows.find((line) => line.includes("| Retrain |"))).toContain("<u>0.7035\u00a0±\u00a00.0019</u>");
    expect(shown.caption).toContain("over 6 seeds");
    expect(shown.toText()).not.toContain("fewer than 6");
    expect(summaryTable(summarise(records(5)), view, builtInParts).toText()).toContain("fewer than 6 seeds");
  });

  it("says under it that runs are of older code, in a terminal and a notebook, and in no exported format", () => {
    const shown = summaryTable(summarise(records(6, "older")), view, builtInParts);
    const note = `30 of 30 runs were made by older code; "npm run experiment -- status ifru-accuracy --preset tiny"`;
    expect(shown.toText()).toContain(note);
    expect(shown[jupyterDisplay]()["text/html"]).toContain("30 of 30 runs were made by older code");
    for (const text of [shown.toMarkdown(), shown.toLatex(), shown.toCsv(), shown.toHtml()])
      expect(text).not.toContain("older");
    expect(summaryTable(summarise(), view, builtInParts).toText()).not.toContain("older");
  });

  it("says how far from Retrain a measure of completeness is, seed by seed, and of none that more or less is better", () => {
    const completeness = viewNamed("ifru-completeness");
    const made = expandView(completeness, { preset: "tiny", seeds: 3 }, builtInParts).map((config, i): RunRecord => {
      const own = config.method === "retrain" ? 0 : 0.01 * config.seed;
      const all = completeness.metrics.map((name) => [name, config.audit === undefined ? null : 0.5 + own]);
      return { ...records(1)[0], id: `${i}`, config, metrics: Object.fromEntries(all), sampleTests: {} };
    });
    const summary = summariseRuns(completeness, "tiny", made, made.length, builtInParts);
    const shown = summaryTable(summary, completeness, builtInParts);
    const column = shown.columns.findIndex(({ key }) => key === "exposure@10-minus-retrain");
    expect(shown.columns[column - 1]).toMatchObject({ key: "exposure@10", better: "nearest" });
    const found = shown.rows.map((row) => row["exposure@10-minus-retrain"]);
    summary.rows.forEach(({ method }, r) => {
      if (method === "retrain") expect(found[r]).toBeNull();
      else expect(found[r]).toMatchObject({ mean: expect.closeTo(0.02, 12), sd: expect.closeTo(0.01, 12), n: 3 });
    });
    const directed = ["exposure@10", "rank-drop", "forget-auc", "membership-auc", "u-score@10", "u-score-absolute@10"];
    for (const name of directed) expect(builtInParts.metrics[name].better, name).toBeUndefined();
    expect(shown.toLatex().match(/exposure@10[^&]*/)?.[0]).not.toMatch(/arrow/);
  });

  it("of times has seconds and speed-up", () => {
    const timing = { ...view, timing: true };
    const shown = summaryTable(summariseRuns(timing, "tiny", records(), 30, builtInParts), timing, builtInParts);
    expect(shown.toText()).toMatch(/time \(s\) +speed-up \(×\)/);
    expect(shown.toText()).toMatch(/IFRU \(paper\).* 20 +–/);
  });
});

describe("names from outside", () => {
  it("counts the events that a method could not forget, where there are any", () => {
    const some = records().map((record) =>
      record.config.method === "ifru" ? { ...record, facts: { eventsNotForgotten: 10 + record.config.seed } } : record,
    );
    const summary = summariseRuns(view, "tiny", some, 30, builtInParts);
    expect(rowOf(summary, "ifru").eventsNotForgotten).toBe(16); // the most over six seeds
    expect(rowOf(summary, "retrain").eventsNotForgotten).toBeUndefined();
    expect(summaryTable(summary, view, builtInParts).toText()).toMatch(/events not forgotten[^]*IFRU[^\n]* 16/);
    const none = summaryTable(summariseRuns(view, "tiny", records(), 30, builtInParts), view, builtInParts);
    expect(none.columns.map(({ key }) => key)).not.toContain("eventsNotForgotten");
  });

  it("tells how long a request takes with shards in turn and at once, where there are shards", () => {
    const timing = viewNamed("ifru-time");
    const shards = records().map((record) =>
      record.config.method === "ifru" ? { ...record, parallelSeconds: { training: 0.02, selection: 0.005 } } : record,
    );
    const summary = summariseRuns(timing, "tiny", shards, 30, builtInParts);
    const { seconds, parallelSeconds } = rowOf(summary, "ifru");
    expect([seconds.mean, parallelSeconds?.mean]).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.025, 12)]);
    expect([seconds.speedup, parallelSeconds?.speedup]).toEqual([expect.closeTo(20, 9), expect.closeTo(80, 9)]);
    expect(rowOf(summary, "retrain").parallelSeconds).toBeUndefined();
    const { columns } = summaryTable(summary, timing, builtInParts);
    expect(columns.map(({ key }) => key)).toContain("parallelSeconds");
    const inTurn = summaryTable(summariseRuns(timing, "tiny", records(), 30, builtInParts), timing, builtInParts);
    expect(inTurn.columns.map(({ key }) => key)).not.toContain("parallelSeconds");
  });

  /** A figure's SVG, or the error of a name that no font writes. */
  function drawnOrRefused(figure: Figure): string {
    try {
      return figure.toSvg();
    } catch (error) {
      expect(String(error)).toMatch(/no font writes/);
      return "";
    }
  }

  long("stay text in every table and figure of a view", () => {
    for (const name of hostileStrings) {
      const found = records(2).map((record) => ({ ...record, config: { ...record.config, dataset: name } }));
      const more = [...found, ...records(2)];
      const odd = { ...view, title: name };
      const { generated } = builtInParts.datasets;
      const parts = { ...builtInParts, datasets: { generated, [name]: { ...generated, label: name } } };
      const summary = summarise(more, more.length, parts);
      const shown = summaryTable(summary, odd, parts, { provenance: [name] });
      expect(shown.toHtml().replace(/<!--[^>]*-->/g, "")).not.toMatch(
        /<(?!\/?(figure|figcaption|div|table|thead|tbody|tr|t[hd]|strong|u)\b)/,
      );
      expect(shown.toLatex().replace(/^%.*/, "")).not.toMatch(/\\(input|write|end\{tabular\}.*\\newpage)/);
      expect(shown.toText()).not.toContain("\u001b");
      for (const figure of [...summaryFigures(summary, odd, parts).values()].slice(0, 2))
        expect(drawnOrRefused(figure)).not.toMatch(/<(script|image|a|foreignObject)\b/);
    }
  });
});

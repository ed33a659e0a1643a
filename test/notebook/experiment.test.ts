import { type ExperimentResult, type ViewSummary, type SummaryRow } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { Experiment } from "recsys-unlearning/notebook";
import { summarise } from "recsys-unlearning/metrics";
import { describe, expect, it } from "vitest";

const row = (method: string, values: number[], speedup: number | null, options = {}): SummaryRow => {
  const measured = { ...summarise(values), values };
  return {
    ...{ dataset: "ml-100k", backbone: "mf", method, seeds: values.map((_, k) => k + 1), stale: 0, tests: [] },
    options: { data: { forgetFraction: 0.02 }, training: {}, request: { kind: "split" }, method: options },
    metrics: { auc: measured },
    seconds: { ...measured, speedup },
    preparation: measured,
    counts: {} as SummaryRow["counts"],
  };
};
const summary: ViewSummary = {
  ...{ version: 1, name: "ifru-accuracy", preset: "quick", runs: 5, missing: 1, stale: 0, noiseFloor: null },
  rows: [
    row("original", [0.5, 0.6, 0.7], null),
    row("retrain", [0.7, 0.8, 0.9], null),
    row("ifru", [0.701, 0.799, 0.9], 1234, { mode: "principled" }),
    row("ifru", [0.6, 0.7, 0.8], 0.5, { mode: "paper" }),
  ],
};
const view = { ...viewNamed("ifru-accuracy"), metrics: ["auc"] };
const result: ExperimentResult = {
  view,
  summary,
  found: { records: [], fromStore: 0, fromRecords: 0 },
  table: () => undefined!,
};
const opened = new Experiment(result);
const said = (tell: Parameters<Experiment["found"]>[1]) => opened.found("What was found.", tell).toText();

describe("an experiment's findings", () => {
  it("take their numbers from the records, paired by seed", () => {
    const text = said((of) => ({
      difference: of.difference(of.row("ifru"), "auc"),
      mean: of.mean(of.row("retrain"), "auc"),
    }));
    expect(text).toMatch(/What was found.[^]*difference +mean\n[^]* 0.000 \(−0.002 to \+0.002\) +0.800\n/);
    expect(said((of) => ({ paper: of.difference(of.row("ifru", { mode: "paper" }), "auc", 2) }))).toContain(
      "−0.10 (−0.10 to −0.10)",
    );
  });

  it("name the nearest to Retrain and those that cannot be told from it", () => {
    const text = said((of) => ({
      nearest: of.name(of.nearest("auc")!),
      "as near": of.names(of.untold("auc")),
      times: of.speedup(of.row("ifru")),
    }));
    expect(text).toMatch(/IFRU \(principled\) +IFRU \(principled\) +1,200/);
    const scattered = row("gradient-ascent", [0.9, 0.8, 0.7], 2); // right in the mean, and only there
    const [original, retrain, , paper] = summary.rows;
    const wider = new Experiment({ ...result, summary: { ...summary, rows: [original, retrain, paper, scattered] } });
    expect(wider.findings.map((of) => of.name(of.nearest("auc")!))).toEqual(["IFRU (paper)"]);
  });

  it("may be several rows of one circumstance, with columns of their own", () => {
    const { rows, columns } = opened.found("Both.", (of) => of.methods.map((row) => ({ method: of.name(row) })));
    expect(rows.map(({ method }) => method)).toEqual(["IFRU (principled)", "IFRU (paper)"]);
    expect(columns.map(({ align }) => align)).toEqual(["left", "left"]);
  });

  it("say what is missing, and a dash where there is nothing", () => {
    expect(said((of) => ({ sisa: of.difference(of.row("sisa"), "auc") }))).toMatch(/ –\n/);
    expect(said(() => null)).toContain("1 of 5 runs are missing.");
    expect(() => opened.show("aucc")).toThrow(/did you mean "auc"/);
    expect([...opened.figures.keys()]).toEqual(["auc"]);
    expect(builtInParts.metrics["auc"].label).toBe("AUC");
  });
});

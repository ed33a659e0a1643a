import { describe, expect, it } from "vitest";
import { type Table, table, toLatex } from "recsys-unlearning/tables";
import { hostileStrings } from "../fixtures/hostile/strings";
import { complaintsOf, documents, hasLatex } from "./latex-documents";

const full = process.env["RECSYS_TEST_FULL"] === "1";

function hostile(name: string, i: number): Table {
  return table({
    caption: name,
    label: `tab:${i}`,
    provenance: [name],
    legend: [name],
    columns: [{ key: "name", label: name, unit: name }, { key: "value", better: "higher" }, { key: "other" }],
    groupBy: ["name"],
    rows: [
      { name, value: { mean: 0.5, sd: 0.1, mark: "*" }, other: { mean: -1234567, sd: null, mark: name } },
      { name: "λ ± × ∞ – é Wałęsa Ħ", value: 0.25, other: name },
    ],
  });
}

describe.skipIf(!hasLatex("booktabs.sty"))("a real LaTeX", () => {
  it("compiles tables of every hostile name, without a single error", async () => {
    const errors = await complaintsOf(
      "\\documentclass{article}\\title{t}",
      hostileStrings.map((name, i) => toLatex(hostile(name, i))),
    );
    expect(errors.filter((line) => !line.startsWith("Overfull"))).toEqual([]);
  });

  it.skipIf(!full)("compiles them laid out in every way, and by siunitx", async () => {
    const { page } = documents["llncs"];
    const made = hostileStrings.flatMap((name, i) => [
      toLatex(hostile(name, i), { page, layout: "sub-tables", numbers: "siunitx" }),
      toLatex(hostile(name, i), { page, grouping: "multirow", booktabs: false }),
    ]);
    const errors = await complaintsOf("\\documentclass{article}\\title{t}", made);
    expect(errors.filter((line) => !line.startsWith("Overfull"))).toEqual([]);
  });
});

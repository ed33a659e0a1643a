import { describe, expect, it } from "vitest";
import { keptResult } from "recsys-unlearning/experiments";
import { builtInParts, views } from "recsys-unlearning/reproduction";
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
  it("compiles tables of every hostile name, without a single error", () => {
    const errors = complaintsOf(
      "\\documentclass{article}\\title{t}",
      hostileStrings.map((name, i) => toLatex(hostile(name, i))),
    ).filter((line) => !line.startsWith("Overfull"));
    expect(errors).toEqual([]);
  });

  it.skipIf(!full)("compiles them laid out in every way, and by siunitx", () => {
    const { page } = documents["llncs"];
    const made = hostileStrings.flatMap((name, i) => [
      toLatex(hostile(name, i), { page, layout: "sub-tables", numbers: "siunitx" }),
      toLatex(hostile(name, i), { page, grouping: "multirow", booktabs: false }),
    ]);
    const errors = complaintsOf("\\documentclass{article}\\title{t}", made);
    expect(errors.filter((line) => !line.startsWith("Overfull"))).toEqual([]);
  });
});

// Some minutes of LaTeX: with the long rounds.
describe.skipIf(!full).each(Object.entries(documents))("in %s", (_, { preamble, page, needs }) => {
  const spans = page.columnPt < page.textPt ? (["column", "text", "fit"] as const) : (["fit"] as const);
  const ways = spans.flatMap((span) => (["plain", "siunitx"] as const).map((numbers) => ({ span, numbers })));

  it.skipIf(!hasLatex(needs, "siunitx.sty")).each(ways)(
    "the table of every view fits: $span, $numbers",
    async (way) => {
      const made = [];
      for (const view of Object.values(views)) {
        const result = await keptResult(view, builtInParts);
        if (result !== null) made.push(toLatex(result.table({}), { page, ...way }));
      }
      expect(made.length).toBeGreaterThan(10);
      expect(complaintsOf(preamble, made)).toEqual([]);
    },
    600_000,
  );
});

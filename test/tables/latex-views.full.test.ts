// The table of every view, in the classes that papers are set in: one document a class, since LaTeX starts slowly.
import { beforeAll, expect, it } from "vitest";
import { type ExperimentResult, keptResult } from "recsys-unlearning/experiments";
import { builtInParts, views } from "recsys-unlearning/reproduction";
import { type LatexTable, toLatex } from "recsys-unlearning/tables";
import { complaintsOf, documents, hasLatex } from "./latex-documents";

const results: ExperimentResult[] = [];

beforeAll(async () => {
  for (const view of Object.values(views)) {
    const result = await keptResult(view, builtInParts);
    if (result !== null) results.push(result);
  }
}, 600_000);

it("has the tables of most views", () => expect(results.length).toBeGreaterThan(10));

it.concurrent.each(Object.entries(documents))(
  "the table of every view fits in %s, at every span and in both kinds of numbers",
  async (_, { preamble, page, needs }) => {
    if (!hasLatex(needs, "siunitx.sty")) return;
    const spans = page.columnPt < page.textPt ? (["column", "text", "fit"] as const) : (["fit"] as const);
    const made = new Map<string, [name: string, table: LatexTable]>(); // what fits best is often one of the others
    for (const { view, table } of results)
      for (const span of spans)
        for (const numbers of ["plain", "siunitx"] as const) {
          const latex = toLatex(table({}), { page, span, numbers });
          made.set(latex.latex, [`${view.name}, ${span}, ${numbers}`, latex]);
        }
    const [names, tables] = [0, 1].map((k) => [...made.values()].map((one) => one[k])) as [string[], LatexTable[]];
    expect(await complaintsOf(preamble, tables, names)).toEqual([]);
  },
  3_600_000,
);

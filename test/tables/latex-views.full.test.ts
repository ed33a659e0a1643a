// The table of every view, in the classes that papers are set in: one document a class, since to start LaTeX takes long.
import { beforeAll, describe, expect, it } from "vitest";
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

describe.each(Object.entries(documents))("in %s", (_, { preamble, page, needs }) => {
  const spans = page.columnPt < page.textPt ? (["column", "text", "fit"] as const) : (["fit"] as const);
  const ways = spans.flatMap((span) => (["plain", "siunitx"] as const).map((numbers) => ({ span, numbers })));

  it.skipIf(!hasLatex(needs, "siunitx.sty"))(
    "the table of every view fits, at every span and in both kinds of numbers",
    () => {
      const made: Record<string, LatexTable> = {};
      for (const result of results)
        for (const way of ways)
          made[`${result.view.name}, ${way.span}, ${way.numbers}`] = toLatex(result.table({}), { page, ...way });
      expect(complaintsOf(preamble, Object.values(made), Object.keys(made))).toEqual([]);
    },
  );
});

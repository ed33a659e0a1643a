// What README.md and papers show from figures/ is what the records beside it give, drawn again here.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRepository } from "../../lib/core";
import { builtInParts, readRecords, summariseRuns, summaryTable, views } from "../../lib/experiments";
import { summaryFigure } from "../../lib/figures";

describe.each(Object.entries(views))("the kept result of %s", (name, view) => {
  const kept = (file: string) => readFileSync(inRepository("figures", name, file), "utf8");

  it("is the table and the figure that its records give", async () => {
    const records = await readRecords(view, "quick");
    expect(records.length).toBeGreaterThan(0);
    const summary = summariseRuns(view, "quick", records, records.length, builtInParts);
    const provenance = [`npm run experiment -- keep ${name} --preset quick`];
    const table = summaryTable(summary, view, builtInParts, { provenance });
    expect(table.toMarkdown()).toBe(kept(`${name}-table.md`));
    expect(table.toLatex()).toBe(kept(`${name}-table.tex`));
    expect(table.toCsv()).toBe(kept(`${name}-table.csv`));
    expect(summaryFigure(summary, view, builtInParts).toSvg()).toBe(kept(`${name}-figure.svg`));
  });
});

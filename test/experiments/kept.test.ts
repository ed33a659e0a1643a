// What README.md and papers show from figures/ is what the records beside it give, drawn again here.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRepository } from "../../lib/core";
import { presets, readRecords, summariseRuns, summaryTable } from "../../lib/experiments";
import { builtInParts, views } from "../../lib/reproduction";
import { summaryFigures } from "../../lib/figures";

const keptFile = (name: string, file: string) => inRepository("figures", name, `${name}-${file}`);
const keptViews = Object.entries(views).filter(([name]) => existsSync(keptFile(name, "table.json")));

it("some results are kept", () => expect(keptViews.length).toBeGreaterThan(0));

describe.each(keptViews)("the kept result of %s", (name, view) => {
  const kept = (file: string) => readFileSync(keptFile(name, file), "utf8");

  it("is the table and the figures that its records give", async () => {
    const { record } = JSON.parse(kept("table.json")) as { record: string };
    const preset = presets.find((one) => record === `${name}-${one}`)!;
    const records = await readRecords(view, preset);
    expect(records.length).toBeGreaterThan(0);
    const summary = summariseRuns(view, preset, records, records.length, builtInParts);
    const provenance = [`npm run experiment -- keep ${name} --preset ${preset}`];
    const table = summaryTable(summary, view, builtInParts, { provenance });
    expect(table.toMarkdown()).toBe(kept("table.md"));
    expect(table.toLatex()).toBe(kept("table.tex"));
    expect(table.toCsv()).toBe(kept("table.csv"));
    for (const [what, figure] of summaryFigures(summary, view, builtInParts))
      expect(figure.toSvg()).toBe(kept(`${what}.svg`));
  });
});

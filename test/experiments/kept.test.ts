// What people read in figures/ is what the records beside it give, drawn again here: tables, and figures of every kind.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, inRepository, sha256 } from "../../lib/core";
import { type ExperimentResult, keptResult } from "../../lib/experiments";
import {
  type Figure,
  learningCurves,
  type Sidecar,
  summaryFigures,
  tradeOffFigures,
  trajectories,
  viewFigures,
} from "../../lib/figures";
import { builtInParts, views } from "../../lib/reproduction";
import { keptFiles } from "./kept-files";

const keptFile = (name: string, file: string) => inRepository("figures", name, `${name}-${file}`);
const keptViews = Object.entries(views).filter(([name]) => existsSync(keptFile(name, "table.json")));

it("some results are kept", () => expect(keptViews.length).toBeGreaterThan(0));

it("what is kept is below 21 MB in all", () => {
  const folder = inRepository("figures");
  const isMade = /[/\\](local|made)([/\\]|$)/;
  const isByProduct = /\.(pdf|html|aux|bbl|blg|log|out)$/;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !isMade.test(entry.parentPath) && !isByProduct.test(entry.name),
  );
  const bytes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(21e6);
});

/** The kinds of figures, each by what draws it. */
const kinds: Record<string, (result: ExperimentResult) => ReadonlyMap<string, Figure>> = {
  summary: ({ summary, view }) => summaryFigures(summary, view, builtInParts),
  "trade-off": ({ summary, view }) => tradeOffFigures(summary, view, builtInParts),
  trajectory: (result) => trajectories(result, builtInParts),
  curve: ({ found }) => learningCurves(found.records, builtInParts),
};
const drawn: Record<string, number> = {};
const full = process.env["RECSYS_TEST_FULL"] === "1";

describe.each(keptViews)("the kept result of %s", (name, view) => {
  const kept = (file: string) => readFileSync(keptFile(name, file), "utf8");
  const sidecarOf = (what: string) => JSON.parse(kept(`${what}.json`)) as Sidecar;
  let result: ExperimentResult;
  let record: string;
  beforeAll(async () => {
    const found = await keptResult(view, builtInParts);
    result = found!;
    record = `${name}-${found?.preset}`;
  });

  it("is the table that its records give", () => {
    const { command, ...sidecar } = sidecarOf("table");
    expect(sidecar.record).toBe(record);
    expect(command).toMatch(`npm run experiment -- keep ${name} --preset ${record.slice(name.length + 1)}`);
    const table = result.table({ provenance: [command] });
    expect(table.toMarkdown()).toBe(kept("table.md"));
    expect(table.toLatex()).toBe(kept("table.tex"));
    expect(table.toCsv()).toBe(kept("table.csv"));
    expect(sha256(table.toCsv())).toBe(sidecar.dataSha256);
  });

  // The looks of all figures in the long rounds; else those of the first of a view, and of the first of each kind.
  it("is the figures that its records give: the same names, data, looks and bytes", () => {
    const figures = viewFigures(result, builtInParts);
    const names = keptFiles(name).filter((file) => file.endsWith(".svg"));
    expect([...figures.keys()].map((what) => `${name}-${what}.svg`).sort()).toEqual(names.sort());
    const firsts = new Set([...figures.keys()].slice(0, 1));
    for (const [kind, draw] of Object.entries(kinds)) {
      const ofKind = [...draw(result).keys()].filter((what) => figures.has(what));
      if (ofKind.length > 0 && !(drawn[kind] > 0)) firsts.add(ofKind[0]);
      drawn[kind] = (drawn[kind] ?? 0) + ofKind.length;
    }
    for (const [what, figure] of figures) {
      const { specSha256, dataSha256, files } = sidecarOf(what);
      expect({ what, dataSha256 }).toEqual({ what, dataSha256: sha256(canonicalJson({ values: figure.data })) });
      const svg = kept(`${what}.svg`);
      if (full || firsts.has(what)) {
        expect({ what, specSha256 }).toEqual({ what, specSha256: figure.hashes().specSha256 });
        expect(figure.toSvg()).toBe(svg);
      }
      expect(files[`${name}-${what}.svg`]).toBe(sha256(svg));
    }
  });
});

it("figures of every kind are among them", () => {
  for (const kind of Object.keys(kinds)) expect({ kind, figures: drawn[kind] > 0 }).toEqual({ kind, figures: true });
});

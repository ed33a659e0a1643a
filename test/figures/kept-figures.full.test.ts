// Every kept figure, drawn again: nothing of it is cut, and it looks as it is kept. What differs is kept for review in
// figures/local/compared: old, new and difference side by side. In greys any two of its series are told apart.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { drawnFaults, svgToPng, viewFigures } from "recsys-unlearning/figures";
import { builtInParts, experimentResult } from "recsys-unlearning/reproduction";
import { comparePictures } from "./compare-pictures";
import { greyFaults, legendSymbols } from "./grey-series";

const views = readdirSync(inRepository("figures"), { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && existsSync(inRepository(join("figures", entry.name, `${entry.name}-table.csv`))),
  )
  .map(({ name }) => name);

it("has views to look at", () => expect(views.length).toBeGreaterThan(10));

it.each(views)("the figures of %s are whole, and look as they are kept", async (view) => {
  const result = await experimentResult(view, { preset: "full", compute: false });
  const differing: string[] = [];
  const legends = new Set<string>(); // charts of one kind and as many series have the same signs
  for (const [name, figure] of viewFigures(result, builtInParts)) {
    const picture = figure.drawnPicture();
    expect(drawnFaults(picture), name).toEqual([]);
    expect(
      picture.items.filter(({ text }) => /^-\d/.test(text ?? "")),
      name,
    ).toEqual([]);
    const legend = [legendSymbols(figure).length, ...new Set(picture.items.map(({ mark }) => mark))].join();
    if (!legends.has(legend)) expect(greyFaults(figure), name).toEqual([]);
    legends.add(legend);
    const kept = inRepository(join("figures", view, `${view}-${name}.svg`));
    if (!existsSync(kept)) continue;
    const path = inRepository(join("figures", "local", "compared", `${view}-${name}.png`));
    const { isSame } = comparePictures(svgToPng(readFileSync(kept, "utf8"), 2), figure.toPng(144), path);
    if (!isSame) differing.push(path);
  }
  expect(differing).toEqual([]);
});

// The corpus' expectations against plotly.js itself, in a browser of this machine.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { plotlyFigure } from "recsys-unlearning/figures";
import { runFigures } from "../../lib/commands/figure-flags";
import { localBrowser } from "../../lib/figures/plotly/browser";
import { drawnCases } from "./plotly-corpus/drawn";
import { refusedCases } from "./plotly-corpus/refused";

let browser: string | undefined;
try {
  browser = localBrowser();
} catch {
  console.log("skipped: plotly's own positions need Chromium (apt-get install chromium, or its path in CHROMIUM)");
}

interface PlotlysOwn {
  readonly points: [number, number][];
  readonly bars: [number, number, number, number][];
  readonly lines: number[];
  readonly xLabels: string[];
}

/** Asks plotly where it draws what, in the coordinates of the axes. */
async function askPlotly(): Promise<PlotlysOwn[]> {
  const figures = drawnCases.map(({ data, layout = {}, name }) => plotlyFigure({ data, layout, caption: name }).spec());
  const ask = `(async () => {
    const all = [];
    for (const { data, layout } of JSON.parse(document.getElementById("figures").textContent)) {
      const node = document.createElement("div");
      document.body.append(node);
      await Plotly.newPlot(node, data, { ...layout, width: 700, height: 450 }, { staticPlot: true });
      const { xaxis, yaxis } = node._fullLayout;
      const number = (axis, p) => axis.type === "date" || axis.type === "category" || axis.type === "multicategory" ? axis.p2l(p) : axis.p2d(p);
      const at = (path) => { const m = /translate\\(([-\\d.e]+)[, ]([-\\d.e]+)\\)/.exec(path.getAttribute("transform")); return [number(xaxis, +m[1]), number(yaxis, +m[2])]; };
      const boxes = [...node.querySelectorAll(".barlayer .point path")].filter((path) => path.getAttribute("d") !== "M0,0Z").map((path) => {
        const [x1, y1, y2, x2] = path.getAttribute("d").match(/[-\\d.e]+/g).map(Number);
        return [number(xaxis, x1), number(xaxis, x2), number(yaxis, y1), number(yaxis, y2)];
      });
      all.push({
        points: [...node.querySelectorAll(".scatterlayer .point, .boxlayer .point")].map(at),
        bars: boxes,
        lines: [...node.querySelectorAll(".scatterlayer .js-line")].map((path) => path.getAttribute("d").split("M").length - 1),
        xLabels: [...node.querySelectorAll(".xtick text")].map((text) => text.textContent),
      });
      Plotly.purge(node); node.remove();
    }
    document.body.dataset.told = JSON.stringify(all);
  })().catch((error) => (document.body.dataset.told = JSON.stringify(String(error))));`;
  const folder = await mkdtemp(join(tmpdir(), "plotly-itself-"));
  const library = createRequire(import.meta.url).resolve("plotly.js-dist/plotly.js");
  const json = JSON.stringify(figures).replaceAll("<", "\\u003c");
  const page = `<!doctype html><meta charset="utf-8"><script src="file://${library}"></script><body><script id="figures" type="application/json">${json}</script><script>${ask}</script>`;
  await writeFile(join(folder, "ask.html"), page);
  const options = ["--headless", "--disable-gpu", "--no-sandbox", "--virtual-time-budget=60000", "--dump-dom"];
  const { stdout } = await promisify(execFile)(browser as string, [...options, `file://${folder}/ask.html`], {
    maxBuffer: 2 ** 28,
  });
  const told = /data-told="([^"]*)"/.exec(stdout)?.[1] ?? '"nothing"';
  return JSON.parse(
    told.replaceAll("&quot;", '"').replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">"),
  ) as PlotlysOwn[];
}

describe.skipIf(browser === undefined)("plotly itself", () => {
  it("puts marks, bars and lines where the corpus says", async () => {
    const told = await askPlotly();
    expect(told).toHaveLength(drawnCases.length);
    drawnCases.forEach((one, i) => {
      const { points, bars, lines, xLabels } = told[i];
      const reach = one.layout?.["xaxis"] as { range?: unknown } | undefined;
      const categories = [one.xLabels ?? [], one.yLabels ?? []];
      const number = (value: number | string, axis: number) =>
        typeof value === "string" ? categories[axis].indexOf(value) : value;
      if (one.points !== undefined && reach?.range === undefined) {
        const expected = one.points.map(([x, y]) => [number(x, 0), number(y, 1)]);
        expect(points.length, one.name).toBe(expected.length);
        points.forEach((place, k) =>
          place.forEach((value, axis) => {
            const scale = Math.max(...expected.map((other) => Math.abs(other[axis])), 1e-9);
            if (!(one.log?.includes(axis === 0 ? "x" : "y") ?? false))
              expect(Math.abs(value - expected[k][axis]) / scale, one.name).toBeLessThan(0.02);
            else expect(Math.log10(value), one.name).toBeCloseTo(Math.log10(expected[k][axis]), 1);
          }),
        );
      }
      if (one.bars !== undefined && bars.length > 0) {
        const sorted = ([a, b, c, d]: readonly number[]) => [
          Math.min(a, b),
          Math.max(a, b),
          Math.min(c, d),
          Math.max(c, d),
        ];
        expect(bars.length, one.name).toBe(one.bars.length);
        bars.map(sorted).forEach((bar, k) => bar.forEach((value, j) => expect(Math.abs(value - sorted((one.bars ?? [])[k])[j]), one.name).toBeLessThan(0.12))); // prettier-ignore
      }
      if (one.lines !== undefined)
        expect(
          lines.reduce((a, b) => a + b, 0),
          one.name,
        ).toBe(one.lines.length);
      // plotly's axis ends at the last category that has a value
      if (one.xLabels?.includes("a") === true) expect(one.xLabels.slice(-xLabels.length), one.name).toEqual(xLabels);
    });
  });

  it("draws what we refuse, by the command and by save", async () => {
    const folder = await mkdtemp(join(tmpdir(), "plotly-browser-"));
    const path = join(folder, "violin.json");
    const [{ data }] = refusedCases;
    await writeFile(path, JSON.stringify({ data, layout: { title: { text: "A violin" } } }));
    await runFigures([path], { list: false, browser: true, format: "svg,pdf,png", outputDir: join(folder, "out") });
    const [svg, pdf, png] = await Promise.all(
      ["svg", "pdf", "png"].map((format) => readFile(join(folder, "out", `violin.${format}`))),
    );
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(1400);
    expect(svg.toString()).toContain("A violin");
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(
      pdf
        .toString("latin1")
        .match(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/)
        ?.slice(1)
        .map(Number),
    ).toEqual([expect.closeTo(525, 0), expect.closeTo(337.5, 0)]);
    expect(pdf.toString("latin1").match(/\/Type ?\/Page\b/g)).toHaveLength(1);
    await plotlyFigure({ data, caption: "violin" }).save(join(folder, "again.svg"), { browser: true });
    expect(await readFile(join(folder, "again.svg"), "utf8")).toContain("violinlayer");
    await rm(folder, { recursive: true });
  });
});

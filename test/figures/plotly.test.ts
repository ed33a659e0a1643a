import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { displayBundle, jupyterDisplay } from "recsys-unlearning/core";
import { exportInteractiveHtml, plotlyFigure, type PlotlyTrace, scatterChart } from "recsys-unlearning/figures";
import { interactiveHtml } from "../../lib/figures/interactive";
import { project } from "../../lib/figures/space-chart";
import { hostileStrings } from "../fixtures/hostile/strings";

const mime = "application/vnd.plotly.v1+json";
const caption = "embeddings";

describe("a plotly figure", () => {
  it.each<[string, PlotlyTrace]>([
    ["lines", { x: [1, 2], y: new Float32Array([3, 4]) }],
    ["points", { mode: "markers", x: [1, 2], y: [3, NaN] }],
    ["bars", { type: "bar", x: ["a", "b"], y: [3, 4] }],
    ["points in space", { type: "scatter3d", mode: "markers", x: [1, 2], y: [3, 4], z: [5, 6] }],
  ])("of %s is one message: plotly's JSON, a picture of the same data, text", (_, trace) => {
    const bundle = displayBundle(plotlyFigure({ data: [trace], caption }));
    expect(Object.keys(bundle?.data ?? {})).toEqual([mime, "image/png", "text/plain"]);
    const spec = bundle?.data[mime];
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(JSON.stringify(spec)).not.toMatch(/<|script/);
    expect(
      Buffer.from(bundle?.data["image/png"] as string, "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect(bundle?.metadata).toHaveProperty(["image/png", "width"]);
  });

  it("says why it has no picture where none can be drawn, and takes the one it is given", () => {
    const data: PlotlyTrace[] = [{ type: "heatmap", z: [1] }];
    expect(plotlyFigure({ data, caption }).picture).toBeUndefined();
    expect(plotlyFigure({ data, caption })[jupyterDisplay]()["text/plain"]).toMatch(/No still picture: .*type heatmap/);
    const picture = scatterChart([{ series: "a", x: 1, y: 1 }], { caption, xTitle: "x", yTitle: "y" });
    expect(plotlyFigure({ data, caption, picture })[jupyterDisplay]()["image/png"]).toBe(
      picture[jupyterDisplay]()["image/png"],
    );
  });

  it("refuses what is not data", () => {
    expect(() => plotlyFigure({ data: [{ x: [1], y: [1], text: () => "x" }], caption })).toThrow(
      /cannot hold a function/,
    );
  });

  it("escapes every text of its traces, which plotly would read as markup", () => {
    for (const name of hostileStrings) {
      const { data } = plotlyFigure({ data: [{ name, text: [name], x: [1], y: [2], mode: "markers" }], caption: name });
      expect(JSON.stringify(data)).not.toMatch(/[<>]/);
    }
  });
});

describe("the interactive page", () => {
  it("holds its library once and cannot be broken out of", () => {
    const name = "</script><script>alert(1)</script><!--";
    const figure = plotlyFigure({ data: [{ name, x: [1], y: [2] }], layout: { title: name }, caption: name });
    const page = interactiveHtml(figure, 'var s = "</script><!--<script>";');
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script/g)).toHaveLength(3);
    expect(page).toContain('var s = "\\x3C/script>\\x3C!--\\x3Cscript>";');
    expect(page).not.toMatch(/(src|href)=/);
    const json = /type="application\/json">(.*)<\/script>/.exec(page)?.[1] ?? "";
    expect((JSON.parse(json) as { layout: { title: string } }).layout.title).toBe(name);
  });

  it("of a chart holds vega and the chart's own values, and cannot be broken out of", () => {
    const series = "</script><script>alert(1)</script><!--";
    const figure = scatterChart([{ series, x: 1, y: 2 }], { caption: series, xTitle: "x", yTitle: "y" });
    const page = interactiveHtml(figure);
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script/g)).toHaveLength(3);
    const json = /type="application\/json">(.*)<\/script>/.exec(page)?.[1] ?? "";
    expect(JSON.parse(json)).toHaveProperty("$schema", expect.stringContaining("/vega/"));
    expect(json).toContain("tooltip");
  });

  it("is written whole, with the library in it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "interactive-"));
    const path = join(folder, "figure.html");
    await exportInteractiveHtml(plotlyFigure({ data: [{ x: [1], y: [2] }], caption }), path);
    expect((await stat(path)).size).toBeGreaterThan(1_000_000);
    expect((await readFile(path, "utf8")).endsWith("</html>\n")).toBe(true);
    await rm(folder, { recursive: true });
  });
});

describe("the projection of space", () => {
  it("is orthographic: it keeps distances across the line of sight and loses those along it", () => {
    const axes = [project([1, 0, 0]), project([0, 1, 0]), project([0, 0, 1])];
    for (const { right, up, back } of axes) expect(right ** 2 + up ** 2 + back ** 2).toBeCloseTo(1, 12);
    const dot = (a: (typeof axes)[0], b: (typeof axes)[0]) => a.right * b.right + a.up * b.up + a.back * b.back;
    expect(dot(axes[0], axes[1])).toBeCloseTo(0, 12);
    expect(dot(axes[0], axes[2])).toBeCloseTo(0, 12);
    expect(dot(axes[1], axes[2])).toBeCloseTo(0, 12);
  });

  it("shows height upwards, and the near corner in front", () => {
    expect(project([0, 0, 1]).up).toBeGreaterThan(0);
    expect(project([0.5, 0.5, 0.5]).back).toBeLessThan(project([-0.5, -0.5, -0.5]).back);
  });
});

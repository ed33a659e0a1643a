import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { compile } from "vega-lite";
import * as vega from "vega";
import { afterAll, describe, expect, it } from "vitest";
import { jupyterDisplay, jupyterMetadata, sha256, visibleText } from "recsys-unlearning/core";
import {
  barChart,
  distributionChart,
  dotChart,
  exportFigure,
  exportTable,
  type Figure,
  forestChart,
  lineChart,
  scatterChart,
  type Sidecar,
  spaceChart,
  vegaLiteFigure,
} from "recsys-unlearning/figures";
import { table } from "recsys-unlearning/tables";
import { fontFiles, fontOf } from "../../lib/figures/fonts";
import { hostileStrings } from "../fixtures/hostile/strings";

const full = process.env["RECSYS_TEST_FULL"] === "1";

/** One figure of each kind, every name in it from outside. */
function figures(series: readonly string[] = ["ifru-principled", "retrain"]): Record<string, Figure> {
  const [name] = series;
  const grouped = series.flatMap((s, i) =>
    series.map((group) => ({ group, series: s, value: 0.5 + i / 10, low: 0.4, high: 0.8 })),
  );
  const titles = { xTitle: name, yTitle: name };
  const cloud = series.flatMap((s, i) => [1, 2, 3].map((x) => ({ series: s, x, y: x * x + i, z: -x })));
  const samples = series.map((s, i) => ({
    series: s,
    values: Float32Array.from({ length: 99 }, (_, k) => Math.sin(k) + i),
  }));
  const reference = { value: 0.5, label: name };
  return {
    bar: barChart(grouped, { caption: name, valueTitle: name, groupTitle: name, reference }),
    dot: dotChart(grouped, { caption: name, valueTitle: name, scale: "log" }),
    line: lineChart(cloud, { caption: name, ...titles, xScale: "log", yScale: "log" }),
    distribution: distributionChart(samples, { caption: name, valueTitle: name, bins: 10 }),
    scatter: scatterChart(cloud, { caption: name, ...titles, diagonal: name }),
    sweep: lineChart(
      cloud.map((point) => ({ ...point, low: point.y - 1, high: point.y + 1 })),
      {
        caption: name,
        ...titles,
        intervals: "bands",
        references: [{ ...reference, low: 0, high: 1 }],
        xValues: [1, 3],
      },
    ),
    forest: forestChart(
      grouped.map((one) => ({ ...one, row: one.group })),
      { caption: name, valueTitle: name, reference: { value: 0.5, low: 0.4, high: 0.6 } },
    ),
    space: spaceChart(cloud, { caption: name, titles: [name, name, name] }),
  };
}

const kinds = Object.keys(figures());

/** Whether the figures' own font has every sign of a text; others are refused by name. */
const isWritable = (text: string) => [...visibleText(text)].every((character) => fontOf(character) !== undefined);

describe.each(kinds)("a %s chart", (kind) => {
  const figure = figures()[kind];

  it("is drawn without waiting as vega draws it itself", async () => {
    const spoken = / role="img" aria-label="[^"]*"><title>[^<]*<\/title>/;
    const hatches =
      /<defs><pattern.*?<\/pattern><\/defs>|<path[^>]*fill="url\(#hatch\d+\)"[^>]*><\/path>|<path[^>]*fill="url\(#hatch\d+\)"[^>]*\/>/g;
    const svg = figure.toSvg().replace(spoken, ">").replace(hatches, "");
    const { spec } = compile(structuredClone(figure.spec("paper")) as never);
    (vega as typeof vega & { resetSVGDefIds(): void }).resetSVGDefIds();
    expect(svg).toBe(await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG());
  });

  it("is the same bytes every time, in every format", async () => {
    const again = figures()[kind];
    expect(again.toSvg()).toBe(figure.toSvg());
    expect(again.toPng().equals(figure.toPng())).toBe(true);
    expect((await again.toPdf()).equals(await figure.toPdf())).toBe(true);
    expect(JSON.stringify(again[jupyterDisplay]())).toBe(JSON.stringify(figure[jupyterDisplay]()));
  });

  it("is exactly as wide as the column of a paper", async () => {
    expect(figure.toSvg()).toMatch(/<svg[^>]* width="237.6" /);
    expect((await figure.toPdf()).toString("latin1")).toContain("/MediaBox [0 0 237.6");
    const png = figure.toPng(300);
    expect(png.readUInt32BE(16)).toBe(990);
  });

  it("has text of eight points in one font, whose embedded glyphs are all the PDF needs", async () => {
    const svg = figure.toSvg();
    expect(new Set(svg.match(/font-size="[^"]*"/g))).toEqual(new Set(['font-size="8px"']));
    expect(new Set(svg.match(/font-family="[^"]*"/g))).toEqual(new Set(['font-family="DejaVu Sans"']));
    const pdf = (await figure.toPdf()).toString("latin1");
    expect(pdf.startsWith("%PDF-1.")).toBe(true);
    expect(pdf.trimEnd().endsWith("%%EOF")).toBe(true);
    const fonts = pdf.match(/\/FontName \/[A-Z]{6}\+DejaVuSans/g) ?? [];
    expect(fonts.length).toBeGreaterThan(0);
    expect(pdf.match(/\/FontFile2 /g)).toHaveLength(fonts.length);
    expect(pdf).not.toMatch(/\/BaseFont \/(?![A-Z]{6}\+)/);
  });

  it("keeps its labels inside the picture", () => {
    const { width, height } = new Resvg(figure.toSvg());
    const box = new Resvg(
      figure.toSvg().replace(/<rect [^>]*fill="white"[^>]*><\/rect>|<rect [^>]*fill="white"[^>]*\/>/, ""),
      {
        font: { loadSystemFonts: false, fontFiles: fontFiles() },
      },
    ).getBBox();
    expect(box?.x).toBeGreaterThanOrEqual(-0.5);
    expect(box?.y).toBeGreaterThanOrEqual(-0.5);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width + 0.5);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height + 0.5);
  });

  it("shows itself as one message: specification, picture at twice the density, text", () => {
    const data = figure[jupyterDisplay]();
    expect(Object.keys(data)).toEqual(["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
    const spec = data["application/vnd.vegalite.v5+json"] as { $schema: string };
    expect(spec.$schema).toBe("https://vega.github.io/schema/vega-lite/v5.json");
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    const png = Buffer.from(data["image/png"] as string, "base64");
    const { width } = figure[jupyterMetadata]()["image/png"] as { width: number };
    expect(Math.abs(png.readUInt32BE(16) - 2 * width)).toBeLessThanOrEqual(1);
  });
});

/** Checks that whatever the data says, a picture holds drawing and text, and nothing that acts or points elsewhere. */
function expectHarmless(svg: string): void {
  const elements = new Set((svg.match(/<[A-Za-z!?][\w:]*/g) ?? []).map((tag) => tag.slice(1)));
  const known = ["svg", "g", "rect", "path", "line", "text", "tspan", "defs", "clipPath", "pattern", "title"];
  expect([...elements].filter((element) => !known.includes(element))).toEqual([]);
  for (const [tag] of svg.matchAll(/<\w[^>]*>/g))
    expect(tag.replace(/"[^"]*"/g, "")).not.toMatch(/\s(on\w+|href|xlink:href)=/);
  // eslint-disable-next-line no-control-regex
  expect(svg).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\uffff]/);
  expect(() => new Resvg(svg)).not.toThrow();
}

describe("names of all kinds", () => {
  it.each(hostileStrings.map((name) => [JSON.stringify(name), name]))(
    "%s is only text, as title and as series",
    (_, name) => {
      const points = [name, "other"].map((series, x) => ({ series, x, y: x }));
      const figure = scatterChart(points, { caption: name, xTitle: name, yTitle: name });
      if (isWritable(name)) expectHarmless(figure.toSvg());
      else expect(() => figure.toSvg()).toThrow(/no font writes/);
    },
  );

  // Some of them in each kind of chart, and all in every kind in the long rounds.
  const series = Array.from({ length: Math.ceil(hostileStrings.length / 8) }, (_, i) =>
    hostileStrings.slice(8 * i, 8 * i + 8),
  );
  it.each(kinds)("are only text in a %s chart", (kind) => {
    const first = kinds.indexOf(kind) % series.length;
    for (const names of full ? series : series.slice(first, first + 1))
      expectHarmless(figures(names.filter(isWritable))[kind].toSvg());
  });
});

describe("a chart", () => {
  it("refuses more series than can be told apart", () => {
    const rows = Array.from({ length: 65 }, (_, i) => ({ group: "a", series: `s${i}`, value: 1 }));
    expect(() => barChart(rows, { caption: "x", valueTitle: "y" }).toSvg()).toThrow(/65 series.*\n.*64 at most/);
  });

  it("refuses a logarithmic axis for what has no place on it", () => {
    const point = { series: "a", x: 1, y: 0 };
    expect(() => lineChart([point], { caption: "x", xTitle: "x", yTitle: "y", yScale: "log" })).toThrow(
      /logarithmic axis "y"/,
    );
    expect(() => barChart([], { caption: "x", valueTitle: "y", scale: "log" })).toThrow(/dotChart/);
  });

  it("of a distribution has area 1 for each series", () => {
    const { data } = distributionChart([{ series: "a", values: [1, 2, 2, NaN, 7] }], {
      caption: "x",
      valueTitle: "y",
      bins: 3,
    });
    expect(data.slice(0, -1).reduce((sum, { density }) => sum + 2 * Number(density), 0)).toBeCloseTo(1, 12);
    expect(data.map(({ density }) => density)).toEqual([3 / 8, 0, 1 / 8, 1 / 8]);
  });

  it("without a finite value says so", () => {
    expect(() => distributionChart([{ series: "a", values: [NaN] }], { caption: "x", valueTitle: "y" })).toThrow(
      /no value to show/,
    );
  });

  it.each([
    ["data", { mark: "point", data: { url: "https://example.invalid/data.json" } }],
    ["a link", { mark: "point", encoding: { href: { field: "x" } } }],
    ["a link in a layer", { layer: [{ mark: { type: "point", href: "https://example.invalid" } }] }],
    ["an image", { mark: { type: "image" }, encoding: {} }],
    ["an image by its short form", { mark: "image" }],
  ])("of one's own may not point outside itself by %s", (_, spec) => {
    expect(() => vegaLiteFigure(spec, [], { caption: "x" }).toSvg()).toThrow(/outside itself/);
  });

  it("of one's own that vega cannot draw says so", () => {
    const spec = { mark: "point", transform: [{ filter: "datum.a >" }] };
    expect(() => vegaLiteFigure(spec, [{ a: 1 }], { caption: "x" }).toSvg()).toThrow(
      /cannot draw this figure: Unexpected end of input/,
    );
  });
});

describe("an export", async () => {
  const folder = await mkdtemp(join(tmpdir(), "figures-"));
  afterAll(() => rm(folder, { recursive: true }));
  const how = { command: "npm run demo", record: "00-start-here" };

  it("of a figure writes the files its sidecar names", async () => {
    const figure = figures()["line"];
    const paths = await exportFigure(figure, folder, "speed-up", how);
    const sidecar = JSON.parse(await readFile(join(folder, "speed-up.json"), "utf8")) as Sidecar;
    expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
      ...Object.keys(sidecar.files),
      "speed-up.json",
    ]);
    for (const [file, hash] of Object.entries(sidecar.files))
      expect(sha256(await readFile(join(folder, file)))).toBe(hash);
    expect(sidecar).toMatchObject({
      name: "speed-up",
      kind: "figure",
      caption: figure.caption,
      ...how,
      ...figure.hashes(),
    });
    expect(sidecar.provenance.node).toBe(process.version);
  });

  it("of a table writes the files its sidecar names", async () => {
    const paths = await exportTable(table({ rows: [{ a: 1 }], caption: "one" }), folder, "one", how);
    expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
      "one.tex",
      "one.csv",
      "one.md",
      "one.html",
      "one.json",
    ]);
    const sidecar = JSON.parse(await readFile(join(folder, "one.json"), "utf8")) as Sidecar;
    expect(sidecar.dataSha256).toBe(sha256("a\r\n1\r\n"));
  });

  it.each(["../x", "a/b", "", ".hidden", "Ü"])("refuses the name %j", async (name) => {
    await expect(exportTable(table({ rows: [] }), folder, name, how)).rejects.toThrow(/cannot name/);
  });

  it("tells data and look apart in its hashes", () => {
    const chart = (y: number, yTitle: string) =>
      lineChart([{ series: "a", x: 1, y }], { caption: "x", xTitle: "x", yTitle }).hashes();
    expect(chart(1, "y").dataSha256).not.toBe(chart(2, "y").dataSha256);
    expect(chart(1, "y").specSha256).toBe(chart(2, "y").specSha256);
    expect(chart(1, "y").specSha256).not.toBe(chart(1, "z").specSha256);
  });
});

// Faults of charts by kind, each asserted from what is drawn.
import { describe, expect, it } from "vitest";
import { jupyterMetadata } from "recsys-unlearning/core";
import {
  addFont,
  barChart,
  distributionChart,
  dotChart,
  drawnFaults,
  type Figure,
  forestChart,
  lineChart,
  palette,
  pathChart,
  scatterChart,
  spaceChart,
  vegaLiteFigure,
} from "recsys-unlearning/figures";
import { fontFile } from "../../lib/figures/fonts";
import { logTicks } from "../../lib/figures/log-ticks";
import { runsInSeenOrder } from "../../lib/figures/text-runs";
import { colourOf, signOf } from "../../lib/figures/series";
import { shapes } from "../../lib/figures/theme";

const caption = "made up";
const titles = { caption, xTitle: "x", yTitle: "y" };
const marks = (figure: Figure, mark: string) =>
  figure.drawnPicture().items.filter((item) => item.mark === mark && item.role === "mark");
const texts = (figure: Figure, role: string, orient?: string) =>
  figure
    .drawnPicture()
    .items.filter((item) => item.role === role && (orient === undefined || item.orient === orient))
    .map(({ text }) => text);

describe("the name of a level", () => {
  const lines = (ys: readonly number[], value: number) =>
    lineChart(ys.map((y, k) => ({ series: "s", x: k, y })), { ...titles, references: [{ value, label: "noise floor" }] }); // prettier-ignore
  const nameIn = (figure: Figure) => marks(figure, "text").filter(({ text }) => text === "noise floor")[0].box;
  const covers = (figure: Figure) => {
    const { x1, x2, y1, y2 } = nameIn(figure);
    const isCovered = ({ box }: { readonly box: ReturnType<typeof nameIn> }) =>
      box.x1 < x2 && box.x2 > x1 && box.y1 < y2 && box.y2 > y1;
    return marks(figure, "symbol").filter(isCovered).length;
  };
  const middle = (figure: Figure) => (nameIn(figure).x1 + nameIn(figure).x2) / 2;

  it("stands above the right end where nothing is, and elsewhere where marks are", () => {
    const [free, right, both] = [lines([9, 8, 7, 6, 5, 9], 1), lines([9, 8, 7, 2, 1.2, 1.3], 1), lines([3.2, 0, 9, 9, 3.2, 3.3], 3)]; // prettier-ignore
    expect([free, right, both].map(covers)).toEqual([0, 0, 0]);
    expect(middle(free)).toBeGreaterThan(middle(right) + 50);
    expect(middle(both)).toBeCloseTo(middle(free), 0);
  });
});

describe("names of any length", () => {
  const films = [
    "Star Wars: Episode IV - A New Hope (1977)",
    "Dr. Strangelove or: How I Learned to Stop Worrying",
    "The Lord of the Rings: The Fellowship of the Ring (2001)",
    "Se7en",
  ];
  const many = Array.from({ length: 30 }, (_, i) => `item ${i}`);
  const long = ["Massachusetts_Institute_of", "b", "c", "d"];
  const endless = ["x".repeat(200), "y"];

  it.each([films, many, long, endless])("of groups are whole beside bars that are seen: %s, …", (...groups) => {
    const figure = barChart(groups.map((group, i) => ({ group, series: "s", value: i + 1 })), { caption, valueTitle: "v" }); // prettier-ignore
    expect(drawnFaults(figure.drawnPicture())).toEqual([]);
    const bars = marks(figure, "rect");
    expect(bars).toHaveLength(groups.length);
    expect(Math.max(...bars.map(({ box }) => box.x2 - box.x1))).toBeGreaterThan(60);
    expect(texts(figure, "axis-label", "left").map((text) => text?.replace(/\s/g, ""))).toEqual(groups.map((group) => group.replace(/\s/g, ""))); // prettier-ignore
  });

  it("of series are whole in a legend, on several lines", () => {
    const name = "GRU4Rec + CAU, calibrated, 2 % of sessions, the authors' own recipe";
    const figure = lineChart([name, "Retrain"].flatMap((series) => [1, 2].map((x) => ({ series, x, y: x }))), titles); // prettier-ignore
    expect(texts(figure, "legend-label").map((text) => text?.replace("\n", " "))).toEqual([name, "Retrain"]);
    expect(drawnFaults(figure.drawnPicture())).toEqual([]);
  });

  it("of a chart of one's own are all in its legend", () => {
    const names = ["Retrain", "Original", "IFRU (principled)", "RecEraser", "Gradient ascent", "SISA"];
    const field = (name: string, type: string) => ({ field: name, type });
    const encoding = { x: field("a", "quantitative"), y: field("a", "quantitative"), color: field("g", "nominal") };
    const figure = vegaLiteFigure({ mark: "point", encoding }, names.map((g, a) => ({ g, a })), { caption }); // prettier-ignore
    expect(texts(figure, "legend-label")).toHaveLength(6);
    expect(drawnFaults(figure.drawnPicture())).toEqual([]);
  });
});

describe("several values of one series at one place", () => {
  const seeds = [0.71, 0.73, 0.75].map((value) => ({ group: "IFRU", series: "AUC", value }));
  it("are refused by name in every chart that would draw one over another", () => {
    const told = /"AUC" has 3 values at/;
    expect(() => barChart(seeds, { caption, valueTitle: "AUC" })).toThrow(told);
    expect(() => dotChart(seeds, { caption, valueTitle: "AUC" })).toThrow(told);
    expect(() => forestChart(seeds.map((one) => ({ ...one, row: "IFRU" })), { caption, valueTitle: "AUC" })).toThrow(told); // prettier-ignore
    expect(() => lineChart(seeds.map(({ series, value: y }) => ({ series, x: 1, y })), titles)).toThrow(told); // prettier-ignore
  });

  it("are drawn as their mean with its interval where that is asked for", () => {
    const [one] = barChart(seeds, { caption, valueTitle: "AUC", repeats: "mean" }).data as { value: number; low: number; high: number }[]; // prettier-ignore
    expect(one.value).toBeCloseTo(0.73, 12);
    expect(one.high - one.value).toBeCloseTo((4.302652729696 * 0.02) / Math.sqrt(3), 6); // t(2), 97.5 %
  });
});

describe("a series", () => {
  it.each(["", " ", "a\nb", "constructor", "tab\there"])("called %j is drawn as it stands in the legend", (name) => {
    const points = [name, "other"].flatMap((series) => [1, 2, 3].map((x) => ({ series, x, y: x })));
    const figure = lineChart(points, titles);
    expect(marks(figure, "line").map(({ places }) => places.length)).toEqual([3, 3]);
    expect(marks(figure, "symbol")).toHaveLength(6);
    expect(texts(figure, "legend-label")).toHaveLength(2);
    expect(texts(figure, "legend-label")[0]?.trim()).not.toBe("");
  });

  it("is refused where another would be shown by its name", () => {
    expect(() => scatterChart(["", " "].map((series) => ({ series, x: 1, y: 1 })), titles)).toThrow(/two series/); // prettier-ignore
  });

  it("beyond eight has a colour and a sign that no other has at once", () => {
    const signs = Array.from({ length: 64 }, (_, i) => `${palette[i % 8]} ${signOf(shapes, i)}`);
    expect(new Set(signs).size).toBe(64);
    expect(new Set(Array.from({ length: 64 }, (_, i) => colourOf(i))).size).toBe(64);
    const points = Array.from({ length: 12 }, (_, i) => ({ series: `m ${i}`, x: 1, y: i }));
    expect(drawnFaults(scatterChart(points, titles).drawnPicture())).toEqual([]);
    const bars = points.map(({ series, y }) => ({ series, group: "g", value: y + 1 }));
    const svg = barChart(bars, { caption, valueTitle: "v" }).toSvg();
    expect(svg.match(/<pattern /g)).toHaveLength(11); // all but the first series' bars are hatched
  });
});

describe("axes", () => {
  it("that are logarithmic have labels of one kind", () => {
    const labels = (low: number, high: number) => JSON.parse(String(logTicks(low, high)["labelExpr"]).replace(/\]\[.*/, "]")) as string[]; // prettier-ignore
    expect(labels(1e-7, 1e-3)).toEqual(["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"]);
    expect(labels(0.5, 2000)).toEqual(["1", "10", "100", "1,000"]);
    expect(labels(150, 800)).toEqual(["200", "500"]);
    expect(labels(1.2e7, 1.4e7).every((label) => /×10⁷$/.test(label))).toBe(true);
  });

  it.each([lineChart, scatterChart, pathChart])("are clear of the marks", (chart) => {
    const figure = chart([0, 1].map((v) => ({ series: "s", x: v, y: v })), titles); // prettier-ignore
    const { items } = figure.drawnPicture();
    const [left, bottom] = ["left", "bottom"].map((side) => items.find(({ role, orient }) => role === "axis-domain" && orient === side)); // prettier-ignore
    for (const { box } of marks(figure, "symbol")) {
      expect(box.x1).toBeGreaterThan((left?.box.x2 ?? NaN) - 0.5);
      expect(box.y2).toBeLessThan((bottom?.box.y1 ?? NaN) + 0.5);
    }
  });

  it("have labels that do not touch, and a real minus sign", () => {
    const values = Float64Array.from({ length: 500 }, (_, k) => 1e5 * Math.sin(k));
    const distribution = distributionChart([{ series: "s", values }], { caption, valueTitle: "v" });
    const line = lineChart([-3, -1, 2].map((x) => ({ series: "s", x, y: x })), { ...titles, xValues: [-3, -1, 2] }); // prettier-ignore
    const space = spaceChart([{ series: "s", x: -1, y: -2, z: -3 }], { caption, titles: ["x", "y", "z"] });
    for (const figure of [distribution, line, space])
      for (const medium of ["paper", "screen"] as const) {
        const picture = figure.drawnPicture(medium);
        expect(drawnFaults(picture)).toEqual([]);
        const written = picture.items.map(({ text }) => text ?? "");
        expect(written.filter((text) => /^-\d/.test(text))).toEqual([]);
        expect(written.some((text) => /^−\d/.test(text))).toBe(true);
      }
  });

  it("refuse what has no place on them", () => {
    const value = { group: "g", series: "s", value: 1, low: -1, high: 2 };
    expect(() => dotChart([value], { caption, valueTitle: "v", scale: "log" })).toThrow(/-1 has no place/);
    expect(() => scatterChart([{ series: "s", x: Infinity, y: 1 }], titles)).toThrow(/Infinity has no place/);
  });
});

it.each([0, NaN, -1, 0.01, Infinity])("a height of %d inches is refused", (height) => {
  expect(() => lineChart([{ series: "s", x: 1, y: 1 }], { ...titles, height })).toThrow(/figure height/);
});

describe("text", () => {
  const named = (group: string) => barChart([{ group, series: "s", value: 1 }], { caption, valueTitle: "v" });

  it.each([
    ["中文", "Han"],
    ["カタカナ", "Katakana"],
    ["हिन्दी", "Devanagari"],
    ["한국어", "Hangul"],
    ["🎉", "U+1F389"],
  ])(
    // prettier-ignore
    "that no font writes is refused by name: %s",
    (text, script) =>
      expect(() => named(text).toSvg()).toThrow(new RegExp(`no font writes.*${script.replace("+", "\\+")}`)),
  );

  it("of other scripts is drawn, from right to left in its order", () => {
    expect(named("Ελληνικά Русский עברית العربية").toSvg()).toContain("Русский");
    expect(runsInSeenOrder("אבג דהו").map((run) => run.trim())).toEqual(["דהו", "אבג"]);
    expect(runsInSeenOrder("abc אבג דהו def").join("|")).toBe("abc| דהו| אבג| def");
  });

  it("is drawn in a font of one's own, embedded", async () => {
    const text = "\u{1D400}\u{1D401}";
    expect(() => named(text).toSvg()).toThrow(/no font writes/);
    addFont(fontFile(false, false).replace("DejaVuSans.ttf", "DejaVuMathTeXGyre.ttf"));
    const pdf = (await named(text).toPdf()).toString("latin1");
    expect(pdf).toMatch(/\/FontName \/[A-Z]{6}\+DejaVuMathTeXGyre/);
    expect(() => addFont("no/such.ttf")).toThrow(/no font no\/such\.ttf/);
  });

  it("says what a figure shows to those who do not see it", async () => {
    const figure = named("a");
    expect(figure.toSvg()).toContain(`role="img" aria-label="${caption}"><title>${caption}</title>`);
    expect(figure[jupyterMetadata]()).toHaveProperty(["image/png", "alt"], caption);
    expect((await figure.toPdf()).toString("latin1")).toContain(`/Alt (${caption})`);
    const [first] = figure.drawnPicture("screen").items.filter(({ role }) => role === "title-text");
    expect(first.text).toBe(caption);
    expect(first.box.y2).toBeLessThan(20);
  });
});

describe("colours", () => {
  /** Machado, Oliveira and Fernandes 2009, severity 1: linear RGB as people without one kind of cone see it. */
  const simulations = {
    protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
  };
  const linear = (hex: string) =>
    [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); // prettier-ignore
  const lab = ([r, g, b]: number[]) => {
    const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116); // prettier-ignore
    const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };

  it.each(Object.entries(simulations))("are told apart with %s", (_, m) => {
    const seen = palette.map((hex) => {
      const rgb = linear(hex);
      return lab([0, 3, 6].map((row) => rgb.reduce((sum, v, i) => sum + m[row + i] * v, 0)));
    });
    for (let i = 0; i < seen.length; i++)
      for (let j = 0; j < i; j++) expect(Math.hypot(...seen[i].map((v, k) => v - seen[j][k]))).toBeGreaterThan(8);
  });
});

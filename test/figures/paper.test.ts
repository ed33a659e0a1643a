import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, inRepository } from "../../lib/core";
import { keptResult } from "../../lib/experiments";
import {
  exportNames,
  type Figure,
  paperOptions,
  paperSet,
  paperView,
  textPoints,
  venueOf,
  venues,
} from "../../lib/figures";
import { mergePatch } from "../../lib/figures/merge-patch";
import { builtInParts, views } from "../../lib/reproduction";

const mine = { name: "mine", columnPt: 200, textPt: 420, heightPt: 600, bodyPt: 9, captionPt: 8, smallestPt: 6 };

describe("venues", () => {
  it("have a column that is no wider than the text, sizes in order, and a source", () => {
    for (const { columnPt, textPt, bodyPt, captionPt, smallestPt, source } of Object.values(venues)) {
      expect(columnPt).toBeLessThanOrEqual(textPt);
      expect([smallestPt <= captionPt, captionPt <= bodyPt, source.length > 10]).toEqual([true, true, true]);
    }
  });

  it("are all named by --help", () => {
    const help = readFileSync(inRepository("lib", "commands", "figures.ts"), "utf8");
    expect(Object.keys(venues).filter((name) => !new RegExp(`[ "]${name}[ ,"]`).test(help))).toEqual([]);
  });

  it.each([
    [{ ...mine, columnPt: 500 }, /at mine: columnPt[^]*at most textPt/],
    [{ ...mine, bodyPt: "9" }, /"9"[^]*at mine: bodyPt[^]*TeX points/],
    [{ ...mine, colPt: 1 }, /no key "colPt"[^]*columnPt/],
    ["icmll", /no venue "icmll"[^]*did you mean "icml"/],
    ["ACM", /no venue "ACM"[^]*did you mean "acm-sigconf" or "acm-small"\?/],
    ["neurips2024", /no venue "neurips2024"[^]*did you mean "neurips"\?/],
  ])("refuses %j with the place and the remedy", (venue, message) => {
    expect(() => venueOf(venue as never, "mine")).toThrow(message);
    expect(() => venueOf(venue as never, "mine")).toThrow(InvalidArgumentError);
  });
});

describe("options", () => {
  it.each([
    [{ widht: 3 }, /no key "widht"[^]*did you mean "width"/],
    [{ width: "page" }, /"page"[^]*here: width[^]*"column", "text" or inches/],
    [{ palette: ["red"] }, /here: palette\[0\][^]*#rrggbb/],
    [{ marker: { A: "blob" } }, /here: marker\.A[^]*give one of circle/],
    [{ format: ["gif"] }, /here: format\[0\][^]*give some of svg/],
  ])("refuses %j", (options, message) => {
    expect(() => paperOptions(options, "here")).toThrow(message);
  });

  it("of a file hold for every entry, which may have its own", () => {
    const text = '{"version":1,"venue":"icml","make":[{"name":"a"},{"venue":"ieee"}]}';
    expect(paperSet(text, "f").make).toEqual([{ venue: "icml", name: "a" }, { venue: "ieee" }]);
    expect(() => paperSet('{"version":1,"make":[{"nam":"a"}]}', "f")).toThrow(
      /no key "nam"[^]*at f: make\[0\][^]*name/,
    );
    expect(() => paperSet("{", "f")).toThrow(/no JSON[^]*at f/);
  });

  it("merge patches as RFC 7386 has it", () => {
    expect(mergePatch({ a: "b", c: { d: "e", f: "g" } }, { a: "z", c: { f: null } })).toEqual({
      a: "z",
      c: { d: "e" },
    });
    expect(mergePatch({ a: [{ b: "c" }] }, { a: [1] })).toEqual({ a: [1] });
    expect(mergePatch({}, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
    const patched = mergePatch({}, JSON.parse('{"__proto__":{"x":1}}')) as { x?: number };
    expect(patched.x).toBeUndefined();
  });
});

describe("a view for a paper", async () => {
  const kept = await keptResult(views["ifru-time"], builtInParts);
  const paper = (options: Parameters<typeof paperView>[2]) => paperView(kept!, builtInParts, options);
  const only = (options: Parameters<typeof paperView>[2]): Figure =>
    [...paper({ dataset: "ml-100k", backbone: "mf", metric: "auc", ...options }).figures.values()][0];
  const widthOf = (svg: string) => Number(/ width="([\d.]+)"/.exec(svg)?.[1]);

  it.each(["acm-sigconf", "ieee", "neurips"])("is as wide as %s asks for, with text of its size", (name) => {
    const venue = venueOf(name);
    const figure = only({ venue: name, width: "column" });
    const svg = figure.toSvg();
    expect(widthOf(svg)).toBeCloseTo((venue.columnPt * 72) / 72.27, 2);
    const drawn = Number(/viewBox="0 0 ([\d.]+)/.exec(svg)?.[1]);
    const sizes = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size));
    const points = (Math.min(...sizes) * widthOf(svg) * 72.27) / 72 / drawn;
    expect(points).toBeGreaterThan(textPoints(venue) - 0.05);
    expect(points).toBeGreaterThanOrEqual(venue.smallestPt - 0.05);
  });

  it("has greys only, or a palette, a marker and a patch of one's own", () => {
    const colours = (svg: string) => new Set([...svg.matchAll(/(?:fill|stroke)="#([\da-f]{6})"/gi)].map(([, c]) => c));
    const isGrey = (hex: string) => hex.slice(0, 2) === hex.slice(2, 4) && hex.slice(2, 4) === hex.slice(4);
    expect([...colours(only({ grey: true }).toSvg())].filter((hex) => !isGrey(hex))).toEqual([]);
    expect([...colours(only({}).toSvg())].some((hex) => !isGrey(hex))).toBe(true);
    const series = "one user";
    const own = only({ palette: { [series]: "#123456" }, marker: { [series]: "cross" } });
    expect(colours(own.toSvg())).toContain("123456");
    expect(JSON.stringify(own.spec())).toContain('"cross"');
    expect(only({ patch: { config: { axis: { gridColor: "#abcdef" } } } }).toSvg()).toContain("#abcdef");
    expect(only({ theme: "transparent" }).toSvg()).not.toMatch(/<rect [^>]*fill="white"/);
    expect(() => only({ patch: { data: { url: "http://x" } } })).toThrow(/may not point outside/);
  });

  it("has panels with letters, one legend and the venue's width", () => {
    const [figure] = paper({ metric: "auc", dataset: "ml-100k", facet: "backbone", venue: "neurips" }).figures.values();
    const svg = figure.toSvg();
    expect(svg).toMatch(/\(a\) MF[^]*\(b\) LightGCN|\(a\) LightGCN[^]*\(b\) MF/);
    expect(svg.match(/role-legend-entry/g)).toHaveLength(1);
    expect(widthOf(svg)).toBeCloseTo(396, 1);
  });

  it("is called as --list calls it in the whole, and so is its caption", () => {
    const names = (options: Parameters<typeof paperView>[2]) => exportNames(paper({ metric: "auc", ...options }));
    const captionOf = (options: Parameters<typeof paperView>[2]) => only({ metric: "auc", ...options }).caption;
    expect(names({})[0]).toBe("ifru-time-table");
    for (const name of names({ dataset: "ml-100k", backbone: "mf" })) expect(name).toMatch(/_ml-100k-mf/);
    const [, ...figures] = names({ dataset: "ml-100k" });
    expect(names({})).toEqual(expect.arrayContaining(figures));
    expect(names({ dataset: "ml-100k" })[0]).toBe("ifru-time-table_ml-100k");
    expect(captionOf({})).toMatch(/ML-100K, MF/);
  });

  it("shows what is selected, as the whole has it, under new labels and in another order", () => {
    const method = ["IFRU (principled)", "retrain"];
    const options = { dataset: "ml-100k", backbone: "mf", metric: "auc", method, order: ["ifru"], label: { MF: "M" } };
    const { result, table } = paper(options);
    expect(new Set(result.summary.rows.map((row) => row.method))).toEqual(new Set(["ifru", "retrain"]));
    expect(result.summary.rows[0].method).toBe("ifru");
    const [row] = result.summary.rows;
    expect(kept!.summary.rows).toContain(row); // the very numbers and tests
    expect(table(["how"]).toLatex()).toContain("% how");
    expect([...paper({ label: { MF: "Factors" } }).figures.keys()].join()).toContain("factors");
  });

  it.each([
    [{ dataset: "ml-100" }, /the dataset "ml-100"[^]*did you mean "ml-100k"/],
    [{ method: "rtrain" }, /the method "rtrain"[^]*did you mean "retrain"/i],
    [{ metric: "auk" }, /the metric "auk"[^]*did you mean "auc"/i],
    [{ seeds: [77] }, /the seed 77[^]*use some of/],
    [{ label: { MFF: "x" } }, /labelled "MFF"[^]*did you mean "MF"/],
    [{ order: ["Retrian"] }, /"Retrian"[^]*did you mean "retrain"/],
    [{ width: "column" as const }, /none is given[^]*name a venue/],
  ])("refuses %j, naming the nearest", (options, message) => {
    expect(() => paper(options)).toThrow(message);
  });
});

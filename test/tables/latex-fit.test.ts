import { describe, expect, it } from "vitest";
import { type LatexOptions, type LatexPage, type Table, table, toLatex } from "recsys-unlearning/tables";

const page: LatexPage = { columnPt: 240, textPt: 500, heightPt: 600, bodyPt: 10, smallestPt: 7, family: "times" };

/** Sets, each with methods; so many metrics, with spreads of several sizes. */
function made({ sets = 2, methods = 3, metrics = 4 } = {}): Table {
  const keys = Array.from({ length: metrics }, (_, k) => `metric${k}@10`);
  const row = (s: number, m: number) => ({
    set: `set${s}`,
    method: `method-${m}`,
    ...Object.fromEntries(
      keys.map((key, k) => [key, { mean: 0.1 * s - 0.01 * m + 0.3, sd: 0.0123 / 10 ** (k % 3), n: 6 }]),
    ),
  });
  return table({
    caption: "Made up",
    columns: [{ key: "set" }, { key: "method" }, ...keys.map((key) => ({ key, better: "higher" as const }))],
    groupBy: ["set"],
    compareWithin: ["set"],
    rows: Array.from({ length: sets * methods }, (_, r) => row(Math.floor(r / methods), r % methods)),
  });
}

const inOneBlock = ({ notices }: ReturnType<typeof toLatex>) => notices.length === 0;
const bodyOf = (latex: string) => latex.split("\n").filter((line) => line.endsWith("\\\\"));

describe("fitting a page", () => {
  const shapes = [1, 3, 5, 8, 12].flatMap((metrics) => [2, 20].map((methods) => ({ metrics, methods })));

  it.each(shapes)("is the first way in the documented order that fits: $metrics metrics, $methods methods", (shape) => {
    const shown = made(shape);
    const ways = (["separate", "parentheses"] as const).flatMap((spread) =>
      (["column", "text"] as const).flatMap((span) =>
        (["rows", "sub-tables", "transposed"] as const).flatMap((layout) =>
          [10, 9, 8, 7].map((size) => ({ spread, span, layout, page: { ...page, bodyPt: size, smallestPt: size } })),
        ),
      ),
    );
    const oracle = ways.map((way) => toLatex(shown, way)).find(inOneBlock);
    const found = toLatex(shown, { page });
    expect(inOneBlock(found)).toBe(oracle !== undefined);
    if (oracle !== undefined) expect(found).toEqual(oracle);
  });

  it.each(shapes)("never takes more than there is, in type that is not too small: $metrics, $methods", (shape) => {
    for (const numbers of ["plain", "siunitx"] as const)
      for (const span of ["column", "text"] as const) {
        const found = toLatex(made(shape), { page, span, numbers });
        expect(found.widthPt).toBeLessThanOrEqual(span === "column" ? page.columnPt : page.textPt);
        expect(found.heightPt).toBeLessThanOrEqual(page.heightPt);
        expect(found.sizePt).toBeGreaterThanOrEqual(page.smallestPt);
      }
  });

  it("says what to drop where it does not fit, and that is enough", () => {
    const shown = made({ metrics: 14 });
    const [notice] = toLatex(shown, { page, layout: "rows" }).notices;
    expect(notice).toMatch(/at least [\d.]+ pt wide, and the text is 500 pt, so it is set in 2 blocks/);
    const dropped = [...notice.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    const metrics = shown.columns.slice(2).flatMap(({ key }) => (dropped.includes(key) ? [] : key));
    expect(metrics.length).toBeLessThan(14);
    expect(toLatex(shown, { page, layout: "rows", metrics }).notices).toEqual([]);
  });

  it("splits what is too high into floats of one number, and loses no row", () => {
    const { latex, notices, fits } = toLatex(made({ sets: 4, methods: 30 }), { page, layout: "rows" });
    expect(fits).toBe(false);
    expect(notices[0]).toMatch(/too high for a page of 600 pt.*drop \d+ of its rows/);
    const floats = latex.split("\\end{table").length - 1;
    expect(floats).toBeGreaterThan(1);
    expect(latex.match(/\\addtocounter\{table\}\{-1\}/g)).toHaveLength(floats - 1);
    for (let m = 0; m < 30; m++) expect(latex.split(`method-${m} &`).length - 1).toBe(4);
  });

  it("breaks the names of rows where these leave no room", () => {
    const rows = [{ name: "a name of very many words, longer than any column is wide", v: 0.5 }];
    const { latex, fits } = toLatex(table({ rows }), {
      page: { ...page, columnPt: 120, textPt: 120 },
      layout: "rows",
    });
    expect(fits).toBe(true);
    expect(latex).toContain("\\begin{tabular}[t]{@{}l@{}}a name");
  });

  it("says where nothing fits", () => {
    const { fits, notices } = toLatex(table({ rows: [{ name: "w".repeat(200), v: 1 }] }), { page, layout: "rows" });
    expect(fits).toBe(false);
    expect(notices[0]).toMatch(/not split.*Shorten the texts/);
  });
});

describe("layouts", () => {
  const shown = made({ metrics: 2, methods: 2 });
  const bodies = (options: LatexOptions) => bodyOf(toLatex(shown, { spread: "none", arrows: false, ...options }).latex);

  it("write what rows share once, over a rule", () => {
    const { latex, packages } = toLatex(shown);
    expect(latex).toMatch(/set0 & method-0.*\n.* {4}& method-1.*\n {4}\\midrule\n {4}set1 & method-0/);
    expect(packages).toEqual(["\\usepackage{booktabs}"]);
    const spanning = toLatex(shown, { grouping: "multirow", booktabs: false });
    expect(spanning.latex).toContain("\\multirow[t]{2}{*}{set0} & method-0");
    expect(spanning.packages).toEqual(["\\usepackage{multirow}"]);
    expect(spanning.latex).not.toMatch(/rule/);
  });

  it("have a sub-table for each value of the first grouped column", () => {
    expect(bodies({ layout: "sub-tables" }).map((line) => line.trim().split(" &")[0])).toEqual([
      "method",
      "\\multicolumn{3}{@{}l@{}}{\\textit{(a) set0}} \\\\",
      "method-0",
      "method-1",
      "\\multicolumn{3}{@{}l@{}}{\\textit{(b) set1}} \\\\",
      "method-0",
      "method-1",
    ]);
  });

  it("are transposed to a column for each method and a row for each metric", () => {
    expect(bodies({ layout: "transposed", decimals: 2 }).map((line) => line.trim())).toEqual([
      "set &  & method-0 & method-1 \\\\",
      "set0 & metric0@10 & \\textbf{0.30} & \\underline{\\smash{0.29}} \\\\",
      " & metric1@10 & \\textbf{0.30} & \\underline{\\smash{0.29}} \\\\".trim(),
      "set1 & metric0@10 & \\textbf{0.40} & \\underline{\\smash{0.39}} \\\\",
      "& metric1@10 & \\textbf{0.40} & \\underline{\\smash{0.39}} \\\\",
    ]);
  });

  it("are refused where a table has nothing for them, as are metrics that it has not", () => {
    const plain = table({
      rows: [
        { a: "x", v: 1 },
        { a: "x", v: 2 },
      ],
    });
    expect(() => toLatex(plain, { layout: "sub-tables" })).toThrow(/sub-tables.*groupBy/s);
    expect(() => toLatex(plain, { layout: "transposed" })).toThrow(/transposed.*same name/s);
    expect(() => toLatex(shown, { metrics: ["metric9@10"] })).toThrow(/no column "metric9@10".*did you mean/s);
    expect(toLatex(shown, { metrics: ["metric1@10"] }).latex).not.toContain("metric0");
  });
});

describe("numbers", () => {
  const one = (v: object | number, options: LatexOptions = {}) =>
    bodyOf(toLatex(table({ columns: [{ key: "v" }], rows: [{ v: v as number }] }), options).latex)[1].trim();

  it.each([
    [{ mean: 0.60934, sd: 0.0361 }, "0.609\\,$\\pm$\\,0.036"],
    [{ mean: 0.60934, sd: 0.0996 }, "0.61\\,$\\pm$\\,0.10"],
    [{ mean: 12.3456, sd: 1.234 }, "12.3\\,$\\pm$\\,1.2"],
    [{ mean: 1234.4, sd: 123 }, "1234\\,$\\pm$\\,123"],
    [{ mean: -0.25, sd: 0.01 }, "$-$0.250\\,$\\pm$\\,0.010"],
    [-3, "$-$3"],
    [{ mean: 0.5, sd: 0 }, "0.5000\\,$\\pm$\\,0.0000"],
  ])("%j has two digits of its noise and a real minus", (value, text) => {
    expect(one(value)).toBe(`${text} \\\\`);
  });

  it("are in parentheses or in siunitx's columns where that is asked for", () => {
    expect(one({ mean: -0.25, sd: 0.0123 }, { spread: "parentheses" })).toBe("$-$0.250(12) \\\\");
    expect(one({ mean: -0.25, sd: 0.0123 }, { numbers: "siunitx" })).toBe("-0.250(12) \\\\");
    const { latex, packages } = toLatex(made(), { numbers: "siunitx" });
    expect(latex).toMatch(/S\[table-format=1\.\d\(2\)\]/);
    expect(packages).toEqual(["\\usepackage{booktabs}", "\\usepackage{siunitx}"]);
  });

  it("name the font encoding that their names need", () => {
    expect(toLatex(table({ rows: [{ a: "Wałęsa", v: 1 }] })).packages[0]).toBe("\\usepackage[T1]{fontenc}");
  });
});

import { describe, expect, it } from "vitest";
import { type Table, table } from "recsys-unlearning/tables";
import { jupyterDisplay } from "recsys-unlearning/core";

function methods(): Table {
  return table({
    caption: "Accuracy & forgetting",
    label: "tab:accuracy",
    provenance: ["record ifru-accuracy, commit abc"],
    columns: [
      { key: "method", label: "Method" },
      { key: "auc", label: "AUC", better: "higher", format: { decimals: 3 } },
      { key: "seconds", label: "Time", unit: "s", better: "lower", format: { significant: 3 } },
    ],
    rows: [
      { method: "Original", auc: 0.77101, seconds: null },
      { method: "Retrain", auc: { mean: 0.7736, sd: 0.0011, n: 6 }, seconds: 2.512 },
      { method: "IFRU", auc: { mean: 0.7741, sd: 0.0009, n: 6, mark: "*" }, seconds: 0.39049 },
    ],
  });
}

/** Two sets, the first with two models. */
function grouped(values: readonly string[] = ["v"]): Table {
  const of = (set: string, on: string, m: string, v: number) => ({ set, on, m, v, w: v });
  return table({
    columns: [{ key: "set" }, { key: "on" }, { key: "m" }, ...values.map((key) => ({ key, format: { decimals: 1 } }))],
    groupBy: ["set", "on"],
    rows: [of("A", "MF", "x", 0.1), of("A", "MF", "y", 0.2), of("A", "GN", "x", 0.3), of("B", "GN", "x", 0.4)],
  });
}

describe("a table", () => {
  it("aligns its text", () => {
    expect(methods().toText()).toBe(
      [
        "Accuracy & forgetting",
        "",
        "Method               AUC  Time (s)",
        "──────────────────────────────────",
        "Original           0.771         –",
        "Retrain    0.774 ± 0.001      2.51",
        "IFRU      0.774 ± 0.001*     0.390",
        "",
      ].join("\n"),
    );
  });

  it("has no wide and no combining character before the first that is looked at one by one", () => {
    const before = Array.from({ length: 0x300 }, (_, code) => String.fromCodePoint(code)).join("");
    expect(before).not.toMatch(/[\p{M}\p{Emoji_Presentation}]/u);
  });

  it("aligns wide and combining characters by the columns they take", () => {
    const lines = table({
      rows: [
        { a: "中文", b: "x" },
        { a: "e\u0301", b: "x" },
      ],
    })
      .toText()
      .split("\n");
    expect(lines.slice(2, 4)).toEqual(["中文  x", "e\u0301     x"]);
  });

  it("styles best and second best on a terminal, and only there", () => {
    expect(methods().toText(true)).toContain("\u001b[1m0.390\u001b[0m");
    expect(methods().toText(true)).toContain("\u001b[4m2.51\u001b[0m");
    expect(methods().toText()).not.toContain("\u001b");
  });

  it("writes Markdown", () => {
    const noBreak = (line: string) => line.replace(/ ± /g, "\u00a0±\u00a0");
    expect(methods().toMarkdown().split("\n").slice(2)).toEqual([
      "| Method | AUC | Time (s) |",
      "| :--- | ---: | ---: |",
      "| Original | <u>0.771</u> | – |",
      noBreak("| Retrain | **0.774 ± 0.001** | <u>2.51</u> |"),
      noBreak("| IFRU | **0.774 ± 0.001\\*** | **0.390** |"),
      "",
      "<!-- record ifru-accuracy, commit abc -->",
      "",
    ]);
  });

  it("writes CSV unrounded, with spread and count as columns of their own", () => {
    expect(methods().toCsv().split("\r\n")).toEqual([
      "Method,AUC,AUC sd,AUC n,AUC mark,Time (s)",
      "Original,0.77101,,,,",
      "Retrain,0.7736,0.0011,6,,2.512",
      "IFRU,0.7741,0.0009,6,*,0.39049",
      "",
    ]);
  });

  it("writes LaTeX with booktabs", () => {
    expect(methods().toLatex()).toBe(`% record ifru-accuracy, commit abc
\\begin{table}
  \\centering
  \\caption{Accuracy \\& forgetting}
  \\label{tab:accuracy}
  \\begin{tabular}{@{}lrr@{}}
    \\toprule
    Method & AUC\\,\\ensuremath{\\uparrow} & \\begin{tabular}[b]{@{}r@{}}Time\\\\(s)\\,\\ensuremath{\\downarrow}\\end{tabular} \\\\
    \\midrule
    Original & 0.7710\\phantom{0\\,$\\pm$\\,.000000} & \\textendash{} \\\\
    Retrain & \\underline{\\smash{0.7736\\,$\\pm$\\,0.0011}}\\phantom{00} & \\underline{\\smash{2.51}}\\phantom{0} \\\\
    IFRU & \\textbf{0.77410\\,$\\pm$\\,0.00090}\\rlap{$^{*}$} & \\textbf{0.390} \\\\
    \\bottomrule
  \\end{tabular}
  \\par\\smallskip\\parbox{\\linewidth}{\\raggedright Best in bold, second best underlined.}
\\end{table}
`);
  });

  it("shows itself in a notebook, without what differs from commit to commit", () => {
    const shown = methods()[jupyterDisplay]();
    expect(Object.keys(shown)).toEqual(["text/html", "text/plain"]);
    expect(shown["text/html"]).toContain("<strong>0.390</strong>");
    expect(shown["text/html"]).not.toContain("commit abc");
    expect(methods().toHtml()).toContain("<!-- record ifru-accuracy, commit abc -->");
  });

  it("writes what rows share once, over the rows that it stands for", () => {
    const shown = grouped();
    expect(shown.toText().split("\n").slice(2, 6)).toEqual([
      "A    MF  x  0.1",
      "         y  0.2",
      "     GN  x  0.3",
      "B    GN  x  0.4",
    ]);
    expect(shown.toHtml()).toContain(
      '<th scope="rowgroup" rowspan="3" style="text-align: left; vertical-align: top">A',
    );
    expect(shown.toHtml().match(/<td/g)).toHaveLength(4 * 4 - 3 - 2);
    expect(shown.toCsv()).toContain("A,MF,y,0.2");
  });

  it("is split into blocks that fit the window, each with what names the rows", () => {
    const lines = grouped(["v", "w"]).toText(false, 16).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16);
    expect(lines.filter((line) => line.startsWith("set"))).toEqual(["set  on  m    v", "set  on  m    w"]);
    expect(lines.filter((line) => line.startsWith("A"))).toHaveLength(2);
  });

  it("has a head that stays and scrolls in itself, and no line ends at ±", () => {
    const html = methods().toHtml();
    expect(html).toMatch(/<div style="max-width: 100%;[^"]*overflow: auto">\n<table/);
    expect(html).toMatch(/<thead style="position: sticky; top: 0;/);
    expect(html).toContain("0.774\u00a0±\u00a00.001");
    expect(html).not.toContain(" ± ");
  });

  it("refuses two columns of one key", () => {
    expect(() => table({ columns: [{ key: "a" }, { key: "a" }], rows: [] })).toThrow(/two columns.*"a"/);
  });

  it("is empty without rows", () => {
    expect(table({ columns: [{ key: "a" }], rows: [] }).toText()).toBe("a\n─\n");
  });
});

describe("best and second best", () => {
  const ranked = (options: Omit<Parameters<typeof table>[0], "columns">) =>
    table({ columns: [{ key: "set" }, { key: "v", better: "higher", format: { decimals: 1 } }], ...options })
      .toMarkdown()
      .split("\n")
      .slice(2, -1)
      .map((line) => line.split("|")[2].trim());

  it("are shared by values that print alike", () => {
    const rows = [0.31, 0.29, 0.1, 0.2].map((v) => ({ set: "a", v }));
    expect(ranked({ rows })).toEqual(["**0.3**", "**0.3**", "0.1", "<u>0.2</u>"]);
  });

  it("are looked for within groups, and not among rows that are not compared", () => {
    const rows = [
      { set: "a", v: 9 },
      { set: "a", v: 2 },
      { set: "a", v: 1 },
      { set: "b", v: 1 },
      { set: "b", v: 0 },
    ];
    expect(ranked({ rows, compareWithin: ["set"], uncompared: [0] })).toEqual([
      "9.0",
      "**2.0**",
      "<u>1.0</u>",
      "**1.0**",
      "<u>0.0</u>",
    ]);
  });

  it("are those nearest to a reference, which is not among them", () => {
    const rows = [0.5, 0.9, 0.55, 0.2].map((v) => ({ set: "a", v }));
    const columns = [{ key: "set" }, { key: "v", better: "nearest" as const, format: { decimals: 2 } }];
    const shown = (references: number[]) =>
      table({ columns, rows, references })
        .toMarkdown()
        .match(/\*\*|<u>0.\d+/g);
    expect(table({ columns, rows, references: [0] }).toMarkdown()).toMatch(/\*\*0\.55\*\*[^]*<u>0\.20/);
    expect(shown([])).toBeNull();
  });

  it("do not exist where all values are alike", () => {
    expect(
      ranked({
        rows: [
          { set: "a", v: 1 },
          { set: "a", v: 1 },
        ],
      }),
    ).toEqual(["1.0", "1.0"]);
  });
});

describe("a number", () => {
  const shown = (v: number, format?: Parameters<typeof table>[0]["columns"]) =>
    table({ columns: format ?? [{ key: "v" }], rows: [{ v }] })
      .toText()
      .split("\n")[2]
      .trim();

  it.each([
    [0, "0"],
    [1234, "1234"],
    [12345, "12,345"],
    [-1234567, "-1,234,567"],
    [0.123456, "0.1235"],
    [9.99996, "10.00"],
    [1234.56789, "1235"],
    [123456.789, "123,500"],
    [0.0000123, "1.230e-5"],
    [NaN, "–"],
    [-Infinity, "-∞"],
  ])("%d is written %s without a format", (value, text) => expect(shown(value)).toBe(text));

  it("follows its column's format", () => {
    expect(shown(0.12345, [{ key: "v", format: { percent: 1 } }])).toBe("12.3 %");
    expect(shown(12345.678, [{ key: "v", format: { decimals: 2 } }])).toBe("12,345.68");
    expect(shown(2847.1, [{ key: "v", format: { significant: 2 } }])).toBe("2800");
    expect(shown(-0.00001, [{ key: "v", format: { decimals: 4 } }])).toBe("0.0000"); // what rounds to zero has no sign
    expect(shown(-0.06, [{ key: "v", format: { decimals: 1 } }])).toBe("-0.1");
  });
});

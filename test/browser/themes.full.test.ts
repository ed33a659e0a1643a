// Figures, tables and controls in JupyterLab's dark theme: all text stands out from what is behind it.
import { beforeAll, expect, test } from "vitest";
import { describeInLab } from "./lab";
import type { NotebookPage } from "./notebook-page";
import { expectScreenshot } from "./screenshots";

const cells = {
  chart: `import { dotChart, lineChart } from "recsys-unlearning/figures";
import { display, interact, intSlider } from "recsys-unlearning/notebook";
import { table } from "recsys-unlearning/tables";
dotChart(["Original", "Retrain", "IFRU"].map((group, i) => ({ group, series: "forget AUC", value: 0.3 + 0.2 * i })),
  { valueTitle: "AUC", caption: "made-up values, on dark" })`,
  lines: `lineChart([1, 2, 3, 4].flatMap((x) => ["one", "two"].map((series, k) => ({ series, x, y: x * (k + 1) }))),
  { xTitle: "step", yTitle: "loss", references: [{ value: 5, label: "unseen" }], caption: "made-up lines, on dark" })`,
  table:
    'table({ rows: [{ model: "MF", AUC: 0.71 }, { model: "LightGCN", AUC: 0.73 }], caption: "made-up table, on dark" })',
  interact: `interact({ user: intSlider(1, 20, { value: 3 }) }, ({ user }) => {
  console.log("computed for", user);
  if (user > 19) throw new RangeError("too many");
  return table({ rows: [{ user, square: user * user }] });
})`,
} as const;

describeInLab(
  "JupyterLab's dark theme",
  (lab) => {
    let notebook: NotebookPage<keyof typeof cells>;
    beforeAll(async () => {
      notebook = await lab.create("dark.ipynb", cells);
    }, 240_000);

    /** The least contrast of any text that the outputs of a cell have as HTML (WCAG 2.2, 1.4.3). */
    const leastContrast = (cell: keyof typeof cells) => notebook.cell(cell).locator(".jp-Cell-outputArea").evaluate(contrastOfText); // prettier-ignore

    test("is on", async () => {
      await notebook.runAll();
      expect(await notebook.page.evaluate(() => document.body.dataset["jpThemeLight"])).toBe("false");
    });

    for (const name of ["chart", "lines"] as const)
      test(`a figure (${name}) keeps its own light ground`, async () => {
        await notebook.cell(name).locator(".vega-embed canvas").first().waitFor({ timeout: 20_000 });
        await expectScreenshot(`dark-${name}`, notebook, name);
      });

    test("tables, and what interact shows, are legible", async () => {
      expect(await leastContrast("table")).toBeGreaterThan(4.5);
      expect(await leastContrast("interact")).toBeGreaterThan(4.5);
      await expectScreenshot("dark-table", notebook, "table");
    });

    test("so is an error in the place of a result", async () => {
      await notebook.cell("interact").locator(".noUi-handle").click();
      await notebook.page.keyboard.press("End");
      await notebook.shows("interact", /RangeError: too many/);
      expect(await leastContrast("interact")).toBeGreaterThan(4.5);
      await expectScreenshot("dark-interact", notebook, "interact");
    });
  },
  "dark",
);

/** Runs in the page. Text of the page itself; what a chart draws is a picture. */
function contrastOfText(area: Element): number {
  type Colour = readonly [number, number, number, number];
  const parse = (css: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const luminance = ([r, g, b]: Colour) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element: Element): Colour => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.9) return colour;
    }
    return [255, 255, 255, 1];
  };
  let least = 21;
  const walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent === null || (node.nodeValue ?? "").trim() === "" || parent.closest("style, script, .vega-embed") !== null || parent.getClientRects().length === 0) continue; // prettier-ignore
    const [a, b] = [luminance(parse(getComputedStyle(parent).color)), luminance(groundOf(parent))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
}

// What a person sees: JupyterLab as `npm run lab` starts it, in a real browser. The screenshots in
// figures/local/browser are to be looked at; what can be told without eyes is asserted.
import { beforeAll, expect, test } from "vitest";
import { describeInLab } from "./lab";
import { inLocal, type NotebookPage } from "./notebook-page";
import { expectScreenshot } from "./screenshots";

/** Names of the screenshots, and the cells they show. */
const cells = {
  chart:
    'import { dotChart } from "recsys-unlearning/figures";\n' +
    "dotChart(\n" +
    '  [\n    { group: "Original", series: "forget AUC", value: 0.27 },\n    { group: "Retrain", series: "forget AUC", value: 0.71 },\n' +
    '    { group: "IFRU", series: "forget AUC", value: 0.7 },\n  ],\n  { valueTitle: "AUC", caption: "made-up values, to see a chart" },\n);',
  table:
    'import { table } from "recsys-unlearning/tables";\n' +
    'table({ columns: [{ key: "model" }, { key: "auc", label: "AUC", format: { decimals: 3 } }], ' +
    'rows: [{ model: "<b>MF</b>", auc: 0.7123 }, { model: "LightGCN", auc: 0.7301 }], caption: "made-up values, to see a table" });',
  plotly:
    'import { plotlyFigure } from "recsys-unlearning/figures";\n' +
    'plotlyFigure({ data: [{ type: "scatter", mode: "markers", name: "dots", x: [1, 2, 3], y: [2, 1, 3] }], layout: { height: 320 }, caption: "dots" });',
  progress:
    'import { ProgressTask } from "recsys-unlearning/core";\nconst task = new ProgressTask("training mf", 40, "epochs");\n' +
    "for (let epoch = 1; epoch <= 40; epoch++) {\n  await new Promise((done) => setTimeout(done, 100));\n  task.update(epoch, `AUC ${(0.5 + epoch / 200).toFixed(3)}`);\n}\ntask.finish();",
  "type-error": "const epochs: number = 10;\nconst label: string = epochs;\nconsole.log(label);",
  exception:
    "function divide(a: number, b: number): number {\n  if (b === 0) throw new RangeError('division by zero');\n  return a / b;\n}\ndivide(1, 0);",
  interrupted: "await new Promise((done) => setTimeout(done, 10));\nfor (;;);",
} as const;

describeInLab("JupyterLab in a browser", (lab) => {
  let notebook: NotebookPage<keyof typeof cells>;
  beforeAll(async () => {
    notebook = await lab.create("seen.ipynb", cells);
  }, 150_000);

  test("a chart is drawn by JupyterLab's vega", async () => {
    await notebook.run("chart");
    await notebook.cell("chart").locator(".vega-embed canvas").first().waitFor({ timeout: 20_000 });
    await expectScreenshot("chart", notebook, "chart");
  });

  test("a table is a table, with what the data holds as text", async () => {
    await notebook.run("table");
    await notebook.cell("table").locator("table").waitFor();
    expect(await notebook.text("table")).toContain("<b>MF</b>");
    await expectScreenshot("table", notebook, "table");
  });

  test("a plotly figure can be explored", async () => {
    await notebook.run("plotly");
    // The renderer shows the static picture until the mouse comes.
    await notebook.cell("plotly").locator("img.plot-img").dispatchEvent("mouseenter");
    await notebook.cell("plotly").locator(".js-plotly-plot .main-svg").first().waitFor({ timeout: 30_000 });
    await notebook.picture("plotly", "plotly");
  });

  test("progress moves in place and is gone at the end", async () => {
    await notebook.start("progress");
    await notebook.cell("progress").locator("progress").waitFor({ timeout: 20_000 });
    await notebook.page.waitForTimeout(1000);
    await notebook.picture("progress", "progress");
    expect(await notebook.text("progress")).toMatch(/training mf: \d+ of 40 epochs/);
    await notebook.ended("progress");
    expect((await notebook.text("progress")).trim()).toBe("");
    await notebook.picture("progress-ended", "progress");
  });

  test("a type error marks its line", async () => {
    await notebook.run("type-error");
    expect(await notebook.text("type-error")).toMatch(/TS2322[^]*> 2 \| const label/);
    await expectScreenshot("type-error", notebook, "type-error");
  });

  test("an exception points at the cell and its line", async () => {
    await notebook.run("exception");
    expect(await notebook.text("exception")).toMatch(/RangeError: division by zero[^]*> 2 \|/);
    await expectScreenshot("exception", notebook, "exception");
  });

  test("an interrupted cell fails by name, and the kernel is idle again", async () => {
    await notebook.start("interrupted");
    await notebook.page.waitForTimeout(1500);
    await notebook.interrupt();
    await notebook.ended("interrupted");
    expect(await notebook.text("interrupted")).toContain("Interrupted: the cell was interrupted");
    await notebook.idle(10_000);
    await notebook.picture("interrupted", "interrupted");
  });

  test("hovering help shows types and doc comments", async () => {
    const editor = notebook.cell("chart").locator(".cm-content");
    await editor.getByText("dotChart").first().click();
    await notebook.page.keyboard.press("Shift+Tab");
    await notebook.page.locator(".jp-Tooltip", { hasText: "dotChart" }).waitFor({ timeout: 10_000 });
    await notebook.page.screenshot({ path: inLocal("help.png") });
  });
});

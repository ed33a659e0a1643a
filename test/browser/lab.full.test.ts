// What a person sees: JupyterLab as `npm run lab` starts it, in a real browser. The screenshots in
// figures/local/browser are to be looked at; what can be told without eyes is asserted.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type NotebookCell, writeNotebook } from "recsys-unlearning-kernel";
import { peerPython } from "../../bench/peers";
import { LabServer } from "../kernel/lab-server";

const browserPath = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);
const missing = [
  ...(peerPython() === null ? ["JupyterLab (npm run peers)"] : []),
  ...(browserPath === undefined ? ["Chromium (apt-get install chromium, or its path in CHROMIUM)"] : []),
];
if (missing.length > 0) console.log(`skipped: the browser tests need ${missing.join(" and ")}`);

const folder = join("figures", "local", "browser");

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
type CellName = keyof typeof cells;

describe.skipIf(missing.length > 0)("JupyterLab in a browser", () => {
  let server: LabServer;
  let browser: Browser;
  let page: Page;
  const names = Object.keys(cells) as CellName[];

  beforeAll(async () => {
    mkdirSync(inRepository(folder), { recursive: true });
    const notebook = names.map((name): NotebookCell => {
      return { cell_type: "code", id: name, metadata: {}, source: cells[name], outputs: [], execution_count: null };
    });
    const kernelspec = {
      name: "recsys-unlearning",
      display_name: "TypeScript (recsys-unlearning)",
      language: "typescript",
    };
    const path = join(folder, "seen.ipynb");
    await writeNotebook(inRepository(path), {
      cells: notebook,
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5,
    });
    server = await LabServer.start();
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--use-gl=swiftshader"] });
    page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
    await page.goto(`${server.baseUrl}/lab/tree/${path}?reset&token=${server.token}`);
    await page
      .locator(".jp-Notebook .jp-CodeCell")
      .nth(names.length - 1)
      .waitFor({ timeout: 60_000 });
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    server?.stop();
  });

  const cell = (name: CellName) => page.locator(".jp-Notebook .jp-CodeCell").nth(names.indexOf(name));
  const output = (name: CellName) => cell(name).locator(".jp-OutputArea-output");
  const text = async (name: CellName) => (await output(name).allInnerTexts()).join("\n");

  /** Runs one cell without waiting for its end. */
  async function start(name: CellName): Promise<void> {
    await cell(name).locator(".jp-InputArea-editor").click();
    await page.keyboard.press("Control+Enter");
  }

  async function ended(name: CellName): Promise<void> {
    await cell(name)
      .locator(".jp-InputPrompt", { hasText: /\[\d+\]/ })
      .waitFor({ timeout: 60_000 });
  }

  async function picture(name: string, of: CellName): Promise<void> {
    await cell(of).scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await cell(of).screenshot({ path: inRepository(folder, `${name}.png`) });
  }

  test("a chart is drawn by JupyterLab's vega", async () => {
    await start("chart");
    await ended("chart");
    await cell("chart").locator(".vega-embed canvas, .vega-embed svg").first().waitFor({ timeout: 20_000 });
    await picture("chart", "chart");
  });

  test("a table is a table, with what the data holds as text", async () => {
    await start("table");
    await ended("table");
    await cell("table").locator("table").waitFor();
    expect(await text("table")).toContain("<b>MF</b>");
    await picture("table", "table");
  });

  test("a plotly figure can be explored", async () => {
    await start("plotly");
    await ended("plotly");
    // The renderer shows the static picture until the mouse comes.
    await cell("plotly").locator("img.plot-img").dispatchEvent("mouseenter");
    await cell("plotly").locator(".js-plotly-plot .main-svg").first().waitFor({ timeout: 30_000 });
    await picture("plotly", "plotly");
  });

  test("progress moves in place and is gone at the end", async () => {
    await start("progress");
    await cell("progress").locator("progress").waitFor({ timeout: 20_000 });
    await page.waitForTimeout(1000);
    await picture("progress", "progress");
    expect(await text("progress")).toMatch(/training mf: \d+ of 40 epochs/);
    await ended("progress");
    expect((await text("progress")).trim()).toBe("");
    await picture("progress-ended", "progress");
  });

  test("a type error marks its line", async () => {
    await start("type-error");
    await ended("type-error");
    expect(await text("type-error")).toMatch(/TS2322[^]*> 2 \| const label/);
    await picture("type-error", "type-error");
  });

  test("an exception points at the cell and its line", async () => {
    await start("exception");
    await ended("exception");
    expect(await text("exception")).toMatch(/RangeError: division by zero[^]*> 2 \|/);
    await picture("exception", "exception");
  });

  test("an interrupted cell fails by name, and the kernel is idle again", async () => {
    await start("interrupted");
    await page.waitForTimeout(1500);
    await page.keyboard.press("Escape");
    await page.keyboard.press("i");
    await page.keyboard.press("i");
    await ended("interrupted");
    expect(await text("interrupted")).toContain("Interrupted: the cell was interrupted");
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 10_000 });
    await picture("interrupted", "interrupted");
  });

  test("hovering help shows types and doc comments", async () => {
    const editor = cell("chart").locator(".cm-content");
    await editor.getByText("dotChart").first().click();
    await page.keyboard.press("Shift+Tab");
    await page.locator(".jp-Tooltip", { hasText: "dotChart" }).waitFor({ timeout: 10_000 });
    await page.screenshot({ path: inRepository(folder, "help.png") });
  });
});

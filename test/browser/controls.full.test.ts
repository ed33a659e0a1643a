// Controls as a person sees them: JupyterLab with jupyterlab_widgets and anywidget, in a real browser. The screenshots
// in figures/local/browser are to be looked at.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type NotebookCell, readNotebook, writeNotebook } from "recsys-unlearning-kernel";
import { peerPython } from "../../bench/peers";
import { LabServer } from "../kernel/lab-server";

const browserPath = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);
const missing = [
  ...(peerPython() === null ? ["JupyterLab (npm run peers)"] : []),
  ...(browserPath === undefined ? ["Chromium (apt-get install chromium, or its path in CHROMIUM)"] : []),
];
if (missing.length > 0) console.log(`skipped: the browser tests of controls need ${missing.join(" and ")}`);

const folder = join("figures", "local", "browser");
const path = join(folder, "controls.ipynb");

const cells = {
  controls: `import * as nb from "recsys-unlearning/notebook";
nb.vbox([nb.slider(0, 1, { label: "number" }), nb.dropdown(["a", "b"], { label: "choice" }), nb.text({ label: "words" }),
  nb.button("Forget", { icon: "trash", colour: "danger" }), nb.tabs({ first: nb.checkbox(), second: nb.output() })])`,
  interact: `import { table } from "recsys-unlearning/tables";
nb.interact({ user: nb.intSlider(1, 20, { value: 3 }), wrong: nb.checkbox() }, ({ user, wrong }) => {
  if (wrong) throw new RangeError("wrong was ticked");
  console.log("computed for", user);
  return table({ rows: [{ user, square: user * user }] });
})`,
  any: `const counter = nb.anyControl({ esm: \`export default { render({ model, el }) {
  const button = document.createElement("button");
  const show = () => (button.textContent = "count " + model.get("count"));
  button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
  model.on("change:count", show); show(); el.append(button);
} }\`, state: { count: 0 } });
counter.onChange(({ count }) => { if (count === 2) counter.update({ count: 10 }); });
counter`,
} as const;
type CellName = keyof typeof cells;
const names = Object.keys(cells) as CellName[];

describe.skipIf(missing.length > 0)("controls in JupyterLab", () => {
  let server: LabServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(inRepository(folder), { recursive: true });
    const notebook = names.map((name): NotebookCell => {
      return { cell_type: "code", id: name, metadata: {}, source: cells[name], outputs: [], execution_count: null };
    });
    const kernelspec = { name: "recsys-unlearning", display_name: "TypeScript", language: "typescript" };
    await writeNotebook(inRepository(path), {
      cells: notebook,
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5,
    });
    server = await LabServer.start();
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
    await open();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    server?.stop();
  });

  const cell = (name: CellName) => page.locator(".jp-Notebook .jp-CodeCell").nth(names.indexOf(name));
  const text = async (name: CellName) =>
    (await cell(name).locator(".jp-OutputArea-output").allInnerTexts()).join("\n").replace(/\s+/g, " ");

  async function open(): Promise<void> {
    await page.goto(`${server.baseUrl}/lab/tree/${path}?reset&token=${server.token}`);
    await page.locator(".jp-Notebook .jp-CodeCell").nth(names.length - 1).waitFor({ timeout: 90_000 }); // prettier-ignore
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 90_000 });
  }

  async function run(name: CellName): Promise<void> {
    await cell(name).locator(".jp-InputArea-editor").click();
    await page.keyboard.press("Control+Enter");
    await cell(name).locator(".jp-InputPrompt", { hasText: /\[\d+\]/ }).waitFor({ timeout: 90_000 }); // prettier-ignore
  }

  async function picture(name: string, of: CellName): Promise<void> {
    await cell(of).scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await cell(of).screenshot({ path: inRepository(folder, `${name}.png`) });
  }

  const shows = (name: CellName, wanted: RegExp) => expect.poll(() => text(name), { timeout: 20_000 }).toMatch(wanted);
  const slider = () => cell("interact").locator(".noUi-handle").first();

  test("are drawn", async () => {
    await run("controls");
    await cell("controls").locator(".noUi-handle").waitFor({ timeout: 30_000 });
    await picture("controls", "controls");
    await shows("controls", /number.*0\.50.*choice.*words.*Forget.*first.*second/);
  });

  test("a slider's value replaces the result in place; 200 quick ones leave the last", async () => {
    await run("interact");
    await shows("interact", /computed for 3 user square 3 9$/);
    const at = (await slider().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let i = 0; i < 200; i++) await page.mouse.move(x + (i % 2 === 0 ? 60 : -60), y);
    await page.mouse.move(x + 1000, y);
    await page.mouse.up();
    await shows("interact", /user: 20 · wrong: no computed for 20 user square 20 400$/);
    await picture("interact", "interact");
  });

  test("an error stands in the place of the result, until the next value", async () => {
    await cell("interact").locator("input[type=checkbox]").click();
    await shows("interact", /RangeError: wrong was ticked/);
    await picture("interact-error", "interact");
    await cell("interact").locator("input[type=checkbox]").click();
    await shows("interact", /20 400$/);
  });

  test("a front end of one's own speaks with the kernel", async () => {
    await run("any");
    const button = cell("any").locator(".jp-OutputArea-output button");
    await button.waitFor({ timeout: 30_000 });
    for (let i = 0; i < 2; i++) await button.click();
    await expect.poll(() => button.innerText(), { timeout: 20_000 }).toBe("count 10");
    await picture("any-control", "any");
  });

  test("a saved notebook has the last result; a page that is loaded again goes on", async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+s");
    const saved = async () => JSON.stringify((await readNotebook(inRepository(path))).cells[1].outputs);
    await expect.poll(saved, { timeout: 20_000 }).toMatch(/20 +400/);
    await open();
    await slider().waitFor({ timeout: 30_000 });
    await slider().click();
    await page.keyboard.press("ArrowLeft");
    await shows("interact", /loaded after the cell ran.*computed for 19 user square 19 361/);
    await picture("interact-reloaded", "interact");
  });
});

// Writing in a notebook, as a person does: code is typed, completed, looked up, changed, saved and opened again.
import { beforeAll, expect, test } from "vitest";
import { describeInLab } from "./lab";
import { inLocal, type NotebookPage } from "./notebook-page";

const cells = {
  module: "",
  names: "",
  member: "",
  edited: "const answer = 6 * 7;\nanswer",
  chart: `import { barChart } from "recsys-unlearning/figures";
barChart([{ group: "a", value: 1 }, { group: "b", value: 3 }].map((one) => ({ series: "made up", ...one })),
  { valueTitle: "value", caption: "made-up bars" })`,
} as const;

describeInLab("writing in JupyterLab", (lab) => {
  let notebook: NotebookPage<keyof typeof cells>;
  beforeAll(async () => {
    notebook = await lab.create("editing.ipynb", cells);
  }, 240_000);

  const completer = () => notebook.page.locator(".jp-Completer:not(.lm-mod-hidden)");
  const offered = async () =>
    (await completer().locator(".jp-Completer-match").allInnerTexts()).map((text) => text.trim());

  /**
   * Asks by Tab, as often as a person would. JupyterLab drops what comes after a second. The first completion on a busy
   * machine does: it reads the types of a library.
   */
  async function tabUntil(holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 1; tries <= 5; tries++) {
      await notebook.page.keyboard.press("Tab");
      for (let waited = 0; waited < 5000; waited += 200) {
        if (await holds()) return;
        await notebook.page.waitForTimeout(200);
      }
      console.log(`no completion in 5 s upon Tab ${tries}`);
    }
    expect(await holds(), "nothing was completed upon 5 Tabs").toBe(true);
  }

  /** Types code and asks for what may follow. @param wanted what must be offered; it is taken */
  async function complete(cell: keyof typeof cells, code: string, wanted: string): Promise<string[]> {
    await notebook.write(cell, code);
    await tabUntil(() => completer().isVisible());
    const all = await offered();
    await completer().locator(".jp-Completer-item").filter({ hasText: wanted }).first().click();
    return all;
  }

  const code = async (cell: keyof typeof cells) =>
    (await notebook.cell(cell).locator(".jp-InputArea-editor .cm-line").allInnerTexts()).join("\n");

  test("paths of modules are completed inside the quotes", async () => {
    const all = await complete("module", 'import { table } from "recsys-unlearning/', "tables");
    expect(all.join(" ")).toMatch(/cau.*figures.*ifru.*tables/);
    expect(await code("module")).toMatch(/^import \{ table \} from "recsys-unlearning\/tables"?$/);
    if (!(await code("module")).endsWith('tables"')) await notebook.page.keyboard.type('";');
    await notebook.run("module");
    expect(await notebook.text("module")).toBe("");
  });

  test("what a module exports is completed, and what a variable has", async () => {
    // One way to go on is taken at once.
    await notebook.write("names", 'import * as figures from "recsys-unlearning/figures";\nfigures.dotC');
    await tabUntil(async () => (await code("names")).includes("figures.dotChart"));
    const all = await complete("member", "const rows = [3, 1, 2];\nrows.fl", "flatMap");
    expect(all).toEqual(expect.arrayContaining(["flat", "flatMap"]));
    expect(await code("member")).toMatch(/rows\.flatMap$/);
  });

  test("help shows types and doc comments", async () => {
    await notebook.edit("chart");
    await notebook.cell("chart").locator(".cm-content").getByText("barChart").first().click();
    await notebook.page.keyboard.press("Shift+Tab");
    const help = notebook.page.locator(".jp-Tooltip");
    await help.waitFor({ timeout: 20_000 });
    expect(await help.innerText()).toMatch(/barChart\([^]*Figure[^]*@param|barChart[^]*Bars?/);
    await notebook.page.screenshot({ path: inLocal("help-of-a-chart.png") });
    await notebook.page.keyboard.press("Escape");
  });

  test("a cell that is changed gives the new result", async () => {
    await notebook.run("edited");
    expect(await notebook.text("edited")).toBe("42");
    await notebook.write("edited", "const answer = 6 * 8;\nanswer");
    await notebook.start("edited");
    await notebook.shows("edited", /^48$/);
  });

  test("what was saved is there when the notebook is opened again without its kernel", async () => {
    await notebook.run("chart");
    await notebook.cell("chart").locator(".vega-embed").first().waitFor({ timeout: 20_000 });
    await notebook.save();
    await expect.poll(async () => JSON.stringify((await notebook.saved()).cells[4].outputs)).toContain("image/png");
    await notebook.menu("Kernel", "Shut Down Kernel");
    await notebook.page.reload();
    await notebook.cell("chart").locator(".vega-embed canvas").first().waitFor({ timeout: 60_000 });
    expect(await notebook.text("edited")).toBe("48");
    await notebook.picture("opened-again", "chart");
  });
});

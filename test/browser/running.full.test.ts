// Running, failing, interrupting and restarting, by menus and keys; two notebooks beside each other.
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { describeInLab, localFolder } from "./lab";
import type { NotebookPage } from "./notebook-page";

const cells = {
  first: "let runs = 0;\nconst kept = 7;",
  count: "runs++;\nruns",
  data: `import { generateInteractions, ifruSplit } from "recsys-unlearning/data";
import { fitMf } from "recsys-unlearning/training";
const { train, valid } = ifruSplit(generateInteractions({ seed: 1 }));
train.user.length > 100`,
  training: `const fit = await fitMf(train, valid, { seed: 1, epochs: 100000, patience: 100000 });
"trained to the end"`,
  loop: "for (;;);",
  after: "kept * 6",
} as const;

const failing = {
  before: '"before"',
  fails: 'const price: number = Number("x");\nif (Number.isNaN(price)) throw new RangeError("no price");\nprice',
  behind: '"behind"',
} as const;

const shared = { sets: 'const mine = "of the first";', says: "mine" } as const;

describeInLab("running in JupyterLab", (lab) => {
  let notebook: NotebookPage<keyof typeof cells>;
  beforeAll(async () => {
    notebook = await lab.create("running.ipynb", cells);
  }, 240_000);

  test("an interrupt ends a training and keeps the variables", async () => {
    for (const name of ["first", "count", "data"] as const) await notebook.run(name);
    await notebook.start("training");
    await notebook.cell("training").locator("progress").waitFor({ timeout: 30_000 });
    await notebook.interrupt();
    await notebook.ended("training", 10_000);
    expect(await notebook.text("training")).toMatch(/interrupted/i);
    await notebook.run("after");
    expect(await notebook.text("after")).toBe("42");
  });

  test("an interrupt by the button of the toolbar ends a loop and keeps the variables", async () => {
    await notebook.start("loop");
    await notebook.prompt("loop").filter({ hasText: "*" }).waitFor({ timeout: 10_000 }); // prettier-ignore
    await notebook.page.waitForTimeout(700);
    await notebook.panel.locator('[data-jp-item-name="interrupt"]').click();
    await notebook.ended("loop", 10_000);
    expect(await notebook.text("loop")).toMatch(/interrupted/i);
    await notebook.run("count");
    expect(await notebook.text("count")).toBe("2");
  });

  test("Restart and Run All begins anew", async () => {
    await notebook.write("training", '"no training"');
    await notebook.write("loop", '"no loop"');
    await notebook.menu("Kernel", "Restart Kernel and Run All Cells…");
    await notebook.answer("Restart");
    await notebook.shows("after", /^42$/, 60_000);
    await notebook.allEnded();
    expect(await notebook.prompts()).toEqual(["[1]:", "[2]:", "[3]:", "[4]:", "[5]:", "[6]:"]);
    expect(await notebook.text("count")).toBe("1");
    await notebook.close();
  });

  test("a failing cell stops Run All by its error; mended, all of it runs", async () => {
    const other = await lab.create("failing.ipynb", failing);
    await other.runAll();
    expect(await other.text("before")).toBe("before");
    expect(await other.text("fails")).toMatch(/RangeError: no price.*> 2 \|/);
    expect([await other.text("behind"), (await other.prompts())[2]]).toEqual(["", "[ ]:"]);
    await other.write("fails", "const price: number = 5;\nprice");
    await other.runAll();
    expect([await other.text("fails"), await other.text("behind")]).toEqual(["5", "behind"]);
    await other.close();
  });

  test("two notebooks have a kernel each, and variables of their own", async () => {
    const second = await lab.create("second.ipynb", { sets: 'const mine = "of the second";', says: "mine" });
    await second.close();
    const first = await lab.create("first.ipynb", shared);
    await first.runAll();
    await first.shows("says", /^of the first$/);
    await first.menu("File", "Open from Path…");
    await first.page.locator(".jp-Dialog input").fill(join(localFolder, "second.ipynb"));
    await first.answer("Open");
    await first.page.locator(".lm-TabBar-tab.lm-mod-current", { hasText: "second.ipynb" }).waitFor({ timeout: 20_000 });
    await first.opened();
    await first.start("says");
    await first.shows("says", /TS2304|Cannot find name 'mine'/);
    // What comes right after an error counts as queued behind it, and is aborted.
    await first.page.waitForTimeout(500);
    await first.runAll();
    await first.shows("says", /^of the second$/);
    // While one computes, the other answers.
    await first.write("sets", "await new Promise((done) => setTimeout(done, 5000));");
    await first.start("sets");
    await first.page.locator(".lm-DockPanel .lm-TabBar-tab", { hasText: "first.ipynb" }).click();
    await first.write("says", "mine + '!'");
    await first.start("says");
    await first.shows("says", /^of the first!$/, 4000);
    await first.close();
  });
});

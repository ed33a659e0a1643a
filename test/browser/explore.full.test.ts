// The notebooks of explore/, whose controls are used while one looks: run, dragged back and forth, and left.
import { afterEach, expect, test } from "vitest";
import { hasMovieLens } from "./data";
import { openAndRun } from "./explore";
import { describeInLab } from "./lab";
import type { NotebookPage } from "./notebook-page";
import { expectScreenshot } from "./screenshots";

const hasData = await hasMovieLens("the notebooks that answer");

describeInLab("notebooks that answer", (lab) => {
  let notebook: NotebookPage<string>;
  afterEach(() => notebook.close());

  test.skipIf(!hasData)("pruning-and-damping: two sliders", async () => {
    notebook = await openAndRun(lab, "pruning-and-damping");
    const cell = notebook.names[notebook.names.length - 1];
    const before = await notebook.chartPicture(cell);
    await notebook.drag(cell, 0, "last");
    await notebook.shows(cell, /pruning: 0\.95 · λ: /);
    await notebook.settled(cell);
    const pruned = await notebook.chartPicture(cell);
    expect(pruned).not.toBe(before);
    await notebook.drag(cell, 1, "last");
    await notebook.shows(cell, /pruning: 0\.95 · λ: 0?\.?0?1/);
    await notebook.settled(cell);
    expect([(await notebook.chartPicture(cell)) === pruned, await notebook.charts(cell)]).toEqual([false, 1]);
    expect(await notebook.text(cell)).not.toMatch(/Cancelled|Interrupted|Error/);
    await expectScreenshot("pruning-and-damping", notebook, cell);
  });

  test.skipIf(!hasData)("why: another film", async () => {
    notebook = await openAndRun(lab, "why");
    const cell = notebook.names[notebook.names.length - 1];
    const select = notebook.cell(cell).locator("select");
    const films = (await select.locator("option").allInnerTexts()).map((film) => film.replace(/\s+/g, " "));
    const before = await notebook.chartPicture(cell);
    for (const film of [...films.slice(1), ...films.slice(1, 4)])
      await select.selectOption({ index: films.indexOf(film) });
    await notebook.shows(cell, new RegExp("film: " + films[3].replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    await notebook.settled(cell);
    expect([(await notebook.chartPicture(cell)) === before, await notebook.charts(cell)]).toEqual([false, 1]);
    await expectScreenshot("why", notebook, cell);
  });

  test.skipIf(!hasData)("forget-me: one field above two results", async () => {
    notebook = await openAndRun(lab, "forget-me");
    const [first, last] = notebook.names.slice(-2);
    const field = notebook.cell(last).locator('input[type="text"]');
    const choose = async (name: string) => {
      await field.fill(name);
      await field.press("Enter");
    };
    const before = await notebook.chartPicture(last);
    for (const name of ["user 1", "user 2", "user 13", "user 7", "film 50: Star Wars (1977)", "user 22"])
      await choose(name);
    for (const cell of [first, last]) await notebook.shows(cell, /forget: user 22\b/, 60_000);
    await notebook.settled(last);
    await notebook.shows(last, /After retraining: AUC/, 60_000);
    for (const cell of [first, last]) {
      expect(await notebook.text(cell)).toMatch(/What user 22 would be recommended first/);
      expect(await notebook.text(cell)).not.toMatch(/Cancelled|Interrupted|Error/);
    }
    expect(await notebook.chartPicture(last)).not.toBe(before);
    await expectScreenshot("forget-me", notebook, first);
    await choose("nobody");
    for (const cell of [first, last]) await notebook.shows(cell, /"nobody" is no person or film/, 60_000);
    // In the first field, the other way: both follow again.
    await notebook.cell(first).locator('input[type="text"]').fill("film 50: Star Wars (1977)");
    await notebook.cell(first).locator('input[type="text"]').press("Enter");
    for (const cell of [first, last]) await notebook.shows(cell, /forget: film 50: Star Wars/, 60_000);
    await notebook.shows(last, /After retraining: AUC/, 60_000);
  });
});

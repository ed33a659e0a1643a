// The live notebook in three pictures: before, while a person writes, and after. Left in figures/local/browser; with
// RECSYS_KEEP_SCREENSHOTS=1 it becomes docs/live-notebook.png, which notebooks/README.md shows.
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { hasMovieLens } from "./data";
import { describeInLab } from "./lab";
import { inLocal, type NotebookPage } from "./notebook-page";
import { smaller } from "./screenshots";

const hasData = await hasMovieLens("the film strip");

describeInLab("a film strip of the live notebook", (lab) => {
  test.skipIf(!hasData)("before, while writing, after", async () => {
    const notebook = await lab.copy("notebooks/explore/forget-me.ipynb");
    await notebook.runAll(400_000);
    const cell = notebook.names[notebook.names.length - 2];
    const field = notebook.cell(cell).locator('input[type="text"]');
    const frames = [["user 405 asks to be forgotten", await frame(notebook, cell)]];
    await field.click();
    await field.press("Control+a");
    await field.pressSequentially("user 2");
    frames.push(["another number is being written", await frame(notebook, cell)]);
    await field.pressSequentially("2");
    await field.press("Enter");
    await notebook.shows(cell, /forget: user 22\b/);
    await notebook.page.mouse.click(600, 5); // the list of suggestions closes
    await notebook.settled(cell);
    frames.push(["user 22 is forgotten, in the time that it says", await frame(notebook, cell)]);
    expect(new Set(frames.map(([, png]) => png)).size).toBe(3);
    await notebook.close();

    const page = await lab.browser.newPage({ viewport: { width: 1500, height: 700 } });
    const figures = frames.map(([caption, png], i) => `<figure><figcaption>${i + 1}. ${caption}</figcaption><img src="data:image/png;base64,${png}"></figure>`); // prettier-ignore
    await page.setContent(`<style>body { margin: 8px; width: 1484px; font: 17px "DejaVu Sans", sans-serif; background: white }
      main { display: flex; gap: 12px } figure { flex: 1; margin: 0; border: 1px solid #bbb; padding: 8px }
      figcaption { padding-bottom: 8px } img { width: 100% }</style><main>${figures.join("")}</main>`);
    const strip = smaller(await page.locator("main").screenshot());
    writeFileSync(inLocal("live-notebook.png"), strip);
    if (process.env["RECSYS_KEEP_SCREENSHOTS"] === "1") writeFileSync(inRepository("docs", "live-notebook.png"), strip);
    expect(strip.length).toBeLessThan(250_000);
  });
});

/** What the cell shows now, as base64. */
async function frame(notebook: NotebookPage<string>, cell: string): Promise<string> {
  const outputs = notebook.cell(cell).locator(".jp-Cell-outputWrapper");
  await outputs.scrollIntoViewIfNeeded();
  await notebook.page.waitForTimeout(500);
  return (await outputs.screenshot()).toString("base64");
}

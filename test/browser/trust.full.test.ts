// A notebook that somebody else made: its pictures are seen, and what stands in it does not run.
import { join } from "node:path";
import { expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { readNotebook, writeNotebook } from "recsys-unlearning-kernel";
import { describeInLab, localFolder } from "./lab";

const hostile = `<p id="plain">a table may stand here</p>
<script>window.ran = "script";</script>
<img src="missing.png" onerror="window.ran = 'handler'">
<iframe srcdoc="<script>parent.ran = 'frame'</script>"></iframe>`;

const path = join(localFolder, "untrusted.ipynb");

/** The kept outputs of a notebook of ours with controls, and one cell of markup that wants to run. */
async function makeUntrusted(): Promise<string[]> {
  const notebook = await readNotebook(inRepository("notebooks", "explore", "forget-me.ipynb"));
  const output = {
    output_type: "display_data" as const,
    data: { "text/html": hostile, "text/plain": "" },
    metadata: {},
  };
  notebook.cells.unshift(
    { cell_type: "code", id: "hostile", metadata: {}, source: '"hostile"', outputs: [output], execution_count: 1 }, // prettier-ignore
  );
  await writeNotebook(inRepository(path), notebook);
  return notebook.cells.filter(({ cell_type: type }) => type === "code").map(({ id }) => id);
}

describeInLab("a notebook that is not trusted", (lab) => {
  test("shows its pictures and runs nothing, until it is trusted", async () => {
    const names = await makeUntrusted();
    const notebook = await lab.open(path, names);
    const ran = () => notebook.page.evaluate(() => (window as { ran?: string }).ran);
    await notebook.cell("hostile").locator("#plain, p").getByText("a table may stand here").waitFor();
    expect(await notebook.cell("hostile").locator("script, iframe, [onerror]").count()).toBe(0);

    // Tables and the last chart, static: no control is alive, because no kernel has made one.
    const last = names[names.length - 1];
    await notebook.cell(last).scrollIntoViewIfNeeded();
    await notebook.cell(last).locator("table").first().waitFor({ timeout: 20_000 });
    const chart = notebook.cell(last).locator(".vega-embed canvas, .jp-RenderedImage img").first();
    await chart.waitFor({ timeout: 20_000 });
    const { width, height } = (await chart.boundingBox()) ?? { width: 0, height: 0 };
    expect(Math.min(width, height)).toBeGreaterThan(100);
    await notebook.view("untrusted", last);
    expect(await ran()).toBeUndefined();

    // The same markup does run where the person trusts it: the test can fail.
    await notebook.page.keyboard.press("Control+Shift+c");
    await notebook.page
      .locator(".lm-CommandPalette-input, .jp-ModalCommandPalette input")
      .last()
      .fill("Trust Notebook");
    await notebook.page.locator(".lm-CommandPalette-item", { hasText: "Trust Notebook" }).first().click();
    await notebook.answer("Trust");
    await expect.poll(ran, { timeout: 20_000 }).toBeDefined();
    await notebook.close();
  });
});

// One notebook of each kind, opened and run from top to bottom as a reader does. Those of explore/ are in a file of
// their own, where their controls are used.
import { expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { readNotebook } from "recsys-unlearning-kernel";
import { hasMovieLens } from "./data";
import { describeInLab } from "./lab";

const kinds = {
  "notebooks/ifru/damping.ipynb": { needsData: false },
  "notebooks/cau/main.ipynb": { needsData: false },
  "notebooks/00-start-here.ipynb": { needsData: true },
} as const;

const hasData = await hasMovieLens("some notebooks in a browser");

describeInLab("notebooks in JupyterLab", (lab) => {
  for (const [path, { needsData }] of Object.entries(kinds))
    test.skipIf(needsData && !hasData)(`${path} runs to its end and shows all that it is stored with`, async () => {
      const notebook = await lab.copy(path);
      await notebook.runAll(300_000);
      expect(await notebook.errors()).toEqual([]);
      const stored = (await readNotebook(inRepository(path))).cells.filter(({ cell_type: type }) => type === "code");
      for (const cell of stored) {
        const count = (mime: string) => cell.outputs?.filter((one) => "data" in one && mime in one.data).length ?? 0;
        const charts = count("application/vnd.vegalite.v5+json");
        await notebook.cell(cell.id).scrollIntoViewIfNeeded();
        const drawn = () => notebook.cell(cell.id).locator(".vega-embed canvas").count();
        await expect.poll(drawn, { timeout: 20_000, message: `charts of ${cell.id}` }).toBe(charts);
        if (count("text/html") > 0 && charts === 0) expect(await notebook.text(cell.id), cell.id).not.toBe("");
      }
      await notebook.view(path.replaceAll("/", "-").replace(".ipynb", "-end"), stored[stored.length - 1].id);
      await notebook.close();
    });
});

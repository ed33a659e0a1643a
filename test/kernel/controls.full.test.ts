// What takes long of controls: many updates without a leak, and others' clients on a notebook with controls.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import {
  executeNotebook,
  KernelClient,
  type Notebook,
  type NotebookCell,
  writeNotebook,
} from "recsys-unlearning-kernel";
import { peerPython, peersBin } from "../../bench/peers";
import { cleanedOutputs } from "../../kernel/notebook/clean-outputs";
import { ControlsPage } from "./controls-page";
import { resultText } from "./scenario";

const folder = mkdtempSync(join(tmpdir(), "controls-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const chart = `import { dotChart } from "recsys-unlearning/figures";
import { interact, slider } from "recsys-unlearning/notebook";
interact({ share: slider(0, 1, { value: 0.5, step: 0.0001 }) }, async ({ share }) =>
  dotChart([{ group: "a", series: "s", value: share }], { valueTitle: "value", caption: \`share \${share}\` }))`;

test("1,000 updates leave no comm and no memory behind", async () => {
  const kernel = await KernelClient.start();
  try {
    const page = new ControlsPage(kernel);
    expect((await kernel.execute(chart)).status).toBe("ok");
    const model = page.model("share");
    const shown = () => [...page.displays.values()].map((data) => String(data["text/plain"]));
    const heap = async () => {
      const code =
        "const vm = process.getBuiltinModule('node:v8'); vm.setFlagsFromString('--expose-gc'); " +
        "process.getBuiltinModule('node:vm').runInNewContext('gc')(); process.memoryUsage().heapUsed";
      return Number(resultText(await kernel.execute(code))) / 1e6;
    };
    const rounds: number[] = [];
    for (let round = 0; round < 11; round++) {
      for (let k = 1; k <= 100; k++) {
        const value = (round * 100 + k) / 10_000;
        page.messages.length = 0;
        await page.update(model, { value });
        await page.until(() => shown().includes(`[figure] share ${value}`));
      }
      rounds.push(await heap());
    }
    const { comms } = (await kernel.request("shell", "comm_info_request")).content as { comms: object };
    console.log(`heap after each 100 updates, MB: ${rounds.map((mb) => mb.toFixed(1)).join(" ")}`);
    expect(Object.keys(comms)).toHaveLength(page.models.size);
    expect(page.models.size).toBeLessThan(10);
    // The first hundred fill caches of vega's. A chart that stayed would be some 10 kB, with its picture 50.
    expect((rounds[10] - rounds[1]) / 900).toBeLessThan(0.006);
  } finally {
    await kernel.shutdown();
  }
});

const cell = (id: string, source: string): NotebookCell => {
  return { cell_type: "code", id, metadata: {}, source, outputs: [], execution_count: null };
};

const notebook = (): Notebook => {
  const kernelspec = { name: "recsys-unlearning", display_name: "TypeScript", language: "typescript" };
  return { cells: [cell("chart", chart)], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
};

test("what is stored has the static pictures alone, the same bytes each time", async () => {
  const stored = async () => {
    const { notebook: executed, failure } = await executeNotebook(notebook());
    expect(failure).toBeUndefined();
    return executed.cells.map(({ outputs }) => cleanedOutputs(outputs ?? []));
  };
  const [once, again] = [await stored(), await stored()];
  expect(JSON.stringify(once)).not.toContain("widget-view");
  const texts = once[0].map((output) => ("data" in output ? output.data["text/plain"] : output.output_type));
  // Between them stands what drawing the chart said, if it said something.
  expect([texts[0], texts.at(-1)]).toEqual(["share: 0.5000", "[figure] share 0.5"]);
  expect(again).toEqual(once);
});

describe.skipIf(peerPython() === null)("independent clients", () => {
  test("nbclient and nbconvert keep the states of controls, and show the first picture", async () => {
    const path = join(folder, "controls.ipynb");
    await writeNotebook(path, notebook());
    const env = { ...process.env, JUPYTER_PATH: inRepository("kernel", "share", "jupyter") };
    await promisify(execFile)(join(peersBin, "jupyter"), ["nbconvert", "--to", "html", "--execute", path], { env });
    const html = readFileSync(path.replace(".ipynb", ".html"), "utf8");
    // nbclient heard the comms, and saved their states.
    expect(html).toMatch(/widget-state\+json[^]*"_model_name": "FloatSliderModel"[^]*"value": 0.5/);
    expect(html).toMatch(/<img[^>]*src="data:image\/png;base64/);
  });
});

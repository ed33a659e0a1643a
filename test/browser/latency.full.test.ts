// How long a person waits: a slider is released until the new chart of an IFRU request on ml-100k is on the screen. The
// machine may be shared: the least and the median are printed beside its load. The least is held to the goal where the
// load says that others have left something of the machine.
import { cpus, loadavg } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { median } from "recsys-unlearning/metrics";
import { hasMovieLens } from "./data";
import { describeInLab, localFolder } from "./lab";
import type { NotebookPage } from "./notebook-page";
import { momentsOf, untilSeen, watch } from "./watch";

const people = 943;
const drags = 40;
/** Updates before memory is looked at first, and from then until it is looked at again. */
const [warmUp, measured] = [100, 1000];
const goalMs = 150;

const cells = {
  model: `import { ifruSplit, loadDataset, userRows } from "recsys-unlearning/data";
import { applyUpdate, fitMf, refitMf } from "recsys-unlearning/training";
import { ifru } from "recsys-unlearning/ifru";
import { dotChart } from "recsys-unlearning/figures";
import { interact, intSlider } from "recsys-unlearning/notebook";
const { train, valid } = ifruSplit((await loadDataset("ml-100k")).interactions, { positiveAbove: 3 });
const fit = await fitMf(train, valid, { seed: 1 });
const prepared = await ifru.prepare(fit.model, train, { retrain: (rows) => refitMf(fit, rows) });
const computed: number[] = [];`,
  live: `interact({ user: intSlider(0, train.userCount - 1, { value: 0, layout: { width: "900px" } }) }, async ({ user }) => {
  const start = performance.now();
  const forgetRows = userRows(train, user);
  const answer = await ifru.unlearn(fit.model, { name: "", train, forgetRows }, {}, prepared);
  const after = applyUpdate(fit.model, answer.update);
  const items = forgetRows.map((row) => train.item[row]).slice(0, 20);
  const users = items.map(() => user);
  const chart = dotChart(
    ([["before", fit.model], ["after", after]] as const).flatMap(([series, model]) =>
      Array.from(model.score(users, items), (value, k) => ({ group: String(items[k]), series, value }))),
    { valueTitle: "score", caption: \`person \${user}\` });
  computed.push(performance.now() - start);
  return chart;
})`,
  computed: "JSON.stringify(computed)",
  heap: `import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
for (let i = 0; i < 3; i++) { collect(); await new Promise((done) => setTimeout(done, 50)); }
(process.memoryUsage().heapUsed + process.memoryUsage().external) / 2 ** 20`,
} as const;

const hasData = await hasMovieLens("latencies in a browser");

describeInLab("a slider that answers", (lab) => {
  let notebook: NotebookPage<keyof typeof cells>;
  beforeAll(async () => {
    if (!hasData) return;
    notebook = await lab.create("latency.ipynb", cells);
    await watch(notebook.page, "person ");
    await notebook.open();
    for (const name of ["model", "live"] as const) await notebook.run(name, 200_000);
    await untilSeen(notebook.page, "person 0");
  }, 400_000);
  afterAll(() => console.log(`notebook: ${localFolder}/latency.ipynb`));

  const cell = () => notebook.cell("live");
  const value = async () => Number(await cell().locator(".widget-readout").first().innerText());
  const handle = async () => {
    const at = (await cell().locator(".noUi-handle").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { x: at.x + at.width / 2, y: at.y + at.height / 2 };
  };

  /** Drags the handle by some pixels. @returns the value that the slider then has */
  async function dragBy(pixels: number): Promise<number> {
    const { x, y } = await handle();
    await notebook.page.mouse.move(x, y);
    await notebook.page.mouse.down();
    await notebook.page.mouse.move(x + pixels, y);
    await notebook.page.mouse.up();
    return value();
  }

  test.skipIf(!hasData)(`released until seen, ${drags} times`, async () => {
    const waits = { total: [] as number[], released: [] as number[], kernel: [] as number[], page: [] as number[] };
    for (let i = -5; i < drags; i++) {
      const user = await dragBy(11);
      await untilSeen(notebook.page, `person ${user}`);
      const { moved, released, sent, received, seen } = await momentsOf(notebook.page, `person ${user}`);
      if (i >= 0) {
        waits.total.push(seen! - moved);
        waits.released.push(seen! - released);
        waits.kernel.push(received! - sent!);
        waits.page.push(seen! - received!);
      }
      await notebook.page.waitForTimeout(700); // the picture for viewers without vega is drawn meanwhile
    }
    await notebook.run("computed");
    const computed = (JSON.parse(await notebook.text("computed")) as number[]).slice(-drags);
    const told = (values: readonly number[]) => `least ${Math.min(...values).toFixed(0)} ms, median ${median(values)!.toFixed(0)} ms`; // prettier-ignore
    console.log(
      [
        `load average ${loadavg()
          .map((load) => load.toFixed(1))
          .join(" ")}; ${drags} drags`,
        `last move of the mouse to chart seen: ${told(waits.total)}`,
        `released to chart seen: ${told(waits.released)}`,
        `value sent to chart received (kernel and Jupyter's server): ${told(waits.kernel)}`,
        `of that the cell's own computation: ${told(computed)}`,
        `chart received to seen (JupyterLab and vega): ${told(waits.page)}`,
      ].join("\n"),
    );
    const [load] = loadavg();
    if (load > 2 * cpus().length)
      return console.log(`not held to the goal: a load of ${load.toFixed(1)} on ${cpus().length} cores`);
    // The kernel alone, without Jupyter's server: npm run bench -- --only kernel-controls.
    expect(Math.min(...waits.total)).toBeLessThan(goalMs);
  });

  test.skipIf(!hasData)("200 quick drags leave one final state", async () => {
    for (let i = 0; i < 200; i++) {
      const { x, y } = await handle();
      await notebook.page.mouse.move(x, y);
      await notebook.page.mouse.down();
      await notebook.page.mouse.move(x + (i % 2 === 0 ? 90 : -80), y);
      await notebook.page.mouse.up();
    }
    const last = await dragBy(37);
    await untilSeen(notebook.page, `person ${last}`);
    await notebook.settled("live");
    await notebook.shows("live", new RegExp(`user: ${last}\\b`));
    expect(await cell().locator(".vega-embed").count()).toBe(1);
    await notebook.save();
    const stored = async () => JSON.stringify((await notebook.saved()).cells[1].outputs);
    await expect.poll(stored, { timeout: 20_000 }).toContain(`person ${last}`);
    expect((await stored()).match(/"person \d+"/g)?.every((title) => title === `"person ${last}"`)).toBe(true);
  });

  test.skipIf(!hasData)(
    `${measured} updates more leave no more memory in use than ${warmUp}, of the kernel and of the page`,
    async () => {
      const client = await notebook.page.context().newCDPSession(notebook.page);
      const held = async () => {
        await notebook.run("heap");
        for (let i = 0; i < 3; i++) await client.send("HeapProfiler.collectGarbage");
        const { usedSize } = await client.send("Runtime.getHeapUsage");
        const { nodes } = await client.send("Memory.getDOMCounters");
        return { kernelMb: Number(await notebook.text("heap")), pageMb: usedSize / 2 ** 20, nodes };
      };
      // Every press of the key is one value; each chart is waited for. To and fro over 200 people.
      let updates = 0;
      const press = async (times: number) => {
        await cell().locator(".noUi-handle").focus();
        for (const end = updates + times; updates < end; updates++) {
          const key = updates % 400 < 200 ? "ArrowRight" : "ArrowLeft";
          const before = await value();
          await forget(notebook, `person ${before + (key === "ArrowRight" ? 1 : -1)}`);
          await notebook.page.keyboard.press(key);
          await untilSeen(notebook.page, `person ${await value()}`);
        }
      };
      await dragBy(-people);
      await press(warmUp);
      const early = await held();
      await press(measured);
      const late = await held();
      console.log(`after ${warmUp} updates ${JSON.stringify(early)}, after ${measured} more ${JSON.stringify(late)}`);
      expect(late.kernelMb - early.kernelMb).toBeLessThan(10);
      const pageGrowth = (late.pageMb - early.pageMb) / measured;
      const nodeGrowth = (late.nodes - early.nodes) / measured;
      console.log(`the page keeps ${pageGrowth.toFixed(4)} MB and ${nodeGrowth.toFixed(2)} nodes a chart`);
      // A chart that stays, as each did while JupyterLab drew its picture, is 46 nodes and 0.29 MB.
      expect(pageGrowth).toBeLessThan(0.03);
      expect(nodeGrowth).toBeLessThan(5);
    },
    1_800_000,
  );
});

/** Forgets that a chart was seen, so that it can be waited for again. */
async function forget({ page }: { page: NotebookPage<string>["page"] }, title: string): Promise<void> {
  await page.evaluate((title) => {
    const { watched } = window as unknown as { watched: { seen: Record<string, number>; received: object } };
    delete watched.seen[title];
  }, title);
}

import { datasetFiles } from "recsys-unlearning/data";
import { KernelClient } from "recsys-unlearning-kernel";
import { median } from "recsys-unlearning/metrics";
import type { Benchmark } from "../benchmark";

/** A model of ml-100k as requests find it, and a chart of one request under a slider. */
const setUp = `import { loadDataset, ifruSplit, userRows } from "recsys-unlearning/data";
import { fitMf, refitMf, applyUpdate } from "recsys-unlearning/training";
import { ifru } from "recsys-unlearning/ifru";
import { dotChart } from "recsys-unlearning/figures";
import { interact, intSlider } from "recsys-unlearning/notebook";
const { interactions } = await loadDataset("ml-100k");
const split = ifruSplit(interactions, { positiveAbove: 3 });
const fit = await fitMf(split.train, split.valid, { optimizer: "adam" });
const prepared = await ifru.prepare(fit.model, split.train, { retrain: (rows) => refitMf(fit, rows) });
const shares: number[] = [];`;

const shown = `interact({ user: intSlider(0, split.train.userCount - 1, { value: 0 }) }, async ({ user }) => {
  const start = performance.now();
  const forgetRows = userRows(split.train, user);
  const answer = await ifru.unlearn(fit.model, { name: "", train: split.train, forgetRows }, {}, prepared);
  const after = applyUpdate(fit.model, answer.update);
  const items = forgetRows.map((row) => split.train.item[row]);
  const users = forgetRows.map(() => user);
  const values = [["before", fit.model], ["after", after]] as const;
  const chart = dotChart(
    values.flatMap(([series, model]) => Array.from(model.score(users, items), (value, k) => ({ group: String(items[k]), series, value }))),
    { valueTitle: "score", caption: "Scores of what a person asked to forget" },
  );
  shares.push(performance.now() - start);
  return chart;
})`;

/** What a person does not notice beside the rest of the way to the screen. */
const goalMs = 40;
const drags = 100;
const everyMs = 60;

export const kernelControls: Benchmark = {
  name: "kernel-controls",
  what: `a slider's value sent until the new chart of an IFRU request (one person of ml-100k, MF) is received; median of ${drags}`,
  unit: "ms",
  run: async () => {
    if ((await datasetFiles("ml-100k")).length === 0) return null;
    const kernel = await KernelClient.start();
    try {
      const ran = await kernel.execute(setUp);
      if (ran.status !== "ok") throw new Error(`the set-up failed: ${JSON.stringify(ran.outputs).slice(0, 500)}`);
      return await measure(kernel);
    } finally {
      await kernel.shutdown();
    }
  },
};

async function measure(kernel: KernelClient) {
  let slider = "";
  let replaced: () => void = () => undefined;
  kernel.hear(({ header, content }) => {
    const { comm_id, data } = content as { comm_id?: string; data?: { state?: Record<string, unknown> } };
    if (header.msg_type === "comm_open" && data?.state?.["description"] === "user") slider = String(comm_id);
    if (header.msg_type === "update_display_data" && JSON.stringify(Object.keys(data ?? {})).includes("vegalite"))
      replaced();
  });
  const opened = await kernel.execute(shown);
  if (opened.status !== "ok") throw new Error(`the chart failed: ${JSON.stringify(opened.outputs).slice(0, 500)}`);
  const times: number[] = [];
  const processor = async () => {
    const { outputs } = await kernel.execute("const used = process.cpuUsage(); (used.user + used.system) / 1000");
    return Number(outputs.map((output) => ("data" in output ? output.data["text/plain"] : "")));
  };
  let before = 0;
  for (let k = -10; k < drags; k++) {
    if (k === 0) before = await processor();
    const seen = new Promise<void>((resolve) => (replaced = resolve));
    const start = performance.now();
    const data = { method: "update", state: { value: 20 + k }, buffer_paths: [] };
    void kernel.send("comm_msg", { comm_id: slider, data });
    await seen;
    if (k >= 0) times.push(performance.now() - start);
    replaced = () => undefined;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  const used = ((await processor()) - before) / drags;
  const { outputs } = await kernel.execute("JSON.stringify(shares)");
  const shares = JSON.parse(
    String(outputs.map((output) => ("data" in output ? output.data["text/plain"] : ""))),
  ) as number[];
  times.sort((a, b) => a - b);
  return {
    ours: median(times),
    peers: { [`${goalMs} ms`]: goalMs, "the computation alone": median(shares.slice(-drags)) },
    counts: {
      "ms at the 95th percentile": times[Math.floor(0.95 * times.length)],
      "ms of the processor in the kernel, on a busy machine, too": used,
    },
  };
}

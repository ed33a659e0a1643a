import { engineName } from "recsys-unlearning/engine";
import { builtInParts as parts, views } from "recsys-unlearning/reproduction";
import {
  expandView,
  findRuns,
  methodLabel,
  planRuns,
  requestLabel,
  runLocally,
  type RunStore,
  summariseRuns,
  summaryTable,
  type SummaryRow,
  type View,
} from "recsys-unlearning/experiments";
import { viewFigures } from "recsys-unlearning/figures";
import { beforeAll, describe, expect, it } from "vitest";
import { newStore } from "../../experiments/tiny";

// Every other view, of one seed; all of them in the long rounds: each computes its tiny preset.
const full = process.env["RECSYS_TEST_FULL"] === "1";
const asked = { preset: "tiny", ...(full ? {} : { seeds: 1 }) } as const;
const all = Object.values(views).filter(({ name }, k) => name.includes("cau") && (full || k % 2 === 0));

let store: RunStore;
beforeAll(async () => {
  store = await newStore();
  const configs = all.flatMap((view) => expandView(view, asked, parts));
  const plan = await planRuns(configs, store, parts, engineName());
  const { failed } = await runLocally(plan, store, parts, { workers: 1, label: "views of sessions" });
  expect(failed).toEqual([]);
}, 120_000);

async function resultOf(view: View) {
  const configs = expandView(view, asked, parts);
  const found = await findRuns(configs, store, [], parts, engineName(), view.curves);
  return { view, found, summary: summariseRuns(view, "tiny", found.records, configs.length, parts) };
}

/** What a table writes of a row beside its numbers. */
function wordsOf(row: SummaryRow, { columns = [] }: View): string {
  const options = columns.map(({ of, option }) => row.options[of][option] ?? null);
  return JSON.stringify([row.dataset, row.backbone, requestLabel(row, parts), methodLabel(row, parts), ...options]);
}

describe.each(all.map((view) => [view.name, view] as const))("%s", (_, view) => {
  it("is computed at its tiny preset, tells its rows apart and every metric of some row, and draws all it has", async () => {
    const result = await resultOf(view);
    const { rows, missing } = result.summary;
    expect(missing).toBe(0);
    expect(new Set(rows.map((row) => wordsOf(row, view))).size).toBe(rows.length);
    for (const metric of view.metrics) expect(rows.some(({ metrics }) => metrics[metric].mean !== null)).toBe(true);
    expect(summaryTable(result.summary, view, parts).toText()).toContain(view.title);
    for (const figure of viewFigures(result, parts).values()) expect(figure.spec("paper")).toHaveProperty("data");
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { table } from "../../../lib/tables";
import { correlation, type Detection, type Removal } from "./measure.fixture";

const folder = join(__dirname, "removals");
const records = readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .sort()
  .map((name) => {
    const [head, ...removals] = readFileSync(join(folder, name), "utf8").trim().split("\n").map((line) => JSON.parse(line) as unknown); // prettier-ignore
    return { ...(head as { seed: number; detection: Detection }), removals: removals as Removal[] };
  });
const removals = records.flatMap((record) => record.removals);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

it("shows what the records of removals.full.test.ts hold, as the guide has it", async () => {
  const groups = [...new Set(removals.map(({ rows, count }) => `${rows} ${count}`))];
  const rows = groups.map((group) => {
    const some = removals.filter(({ rows: kind, count }) => `${kind} ${count}` === group);
    const retrained = some.map((removal) => removal.retrained);
    return {
      rows: group,
      scores: some.length,
      sum: mean(some.map((removal) => removal.sum)),
      together: mean(some.map((removal) => removal.together)),
      retrained: mean(retrained),
      deviation: Math.sqrt(mean(retrained.map((value) => (value - mean(retrained)) ** 2))),
    };
  });
  const decimals = { decimals: 2 } as const;
  const shown = table({
    columns: [
      { key: "rows", label: "rows removed" },
      { key: "scores" },
      { key: "sum", label: "predicted, sum of rows", format: decimals },
      { key: "together", label: "predicted, together", format: decimals },
      { key: "retrained", label: "retrained", format: decimals },
      { key: "deviation", label: "its standard deviation", format: decimals },
    ],
    rows,
  });
  await expect(`${shown.toMarkdown()}\n`).toMatchFileSnapshot("removals/changes.md");
  const found = table({
    columns: [
      { key: "seed" },
      { key: "self", label: "AUC by self-influence", format: { decimals: 3 } },
      { key: "loss", label: "AUC by loss", format: { decimals: 3 } },
    ],
    rows: records.map(({ seed, detection }) => ({ seed, self: detection.selfInfluence, loss: detection.loss })),
  });
  await expect(`${found.toMarkdown()}\n`).toMatchFileSnapshot("removals/detection.md");
});

it("holds that a prediction is worth having: it goes along with retraining, and random rows do little", () => {
  expect(records.length).toBeGreaterThan(0);
  const all = removals.map(({ together, retrained }) => [together, retrained] as const);
  expect(correlation(all)).toBeGreaterThan(0.7);
  for (const count of [10, 50, 200]) {
    const of = (kind: string) => removals.filter(({ rows, count: size }) => rows === kind && size === count);
    const moved = mean(of("supporting").map(({ retrained }) => retrained));
    expect(moved).toBeLessThan(0);
    expect(Math.abs(mean(of("random").map(({ retrained }) => retrained)))).toBeLessThan(0.5 * Math.abs(moved));
    expect(mean(of("supporting").map(({ together }) => together)) / moved).toBeGreaterThan(0.5);
    expect(mean(of("supporting").map(({ together }) => together)) / moved).toBeLessThan(2);
  }
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { table } from "../../lib/tables";
import { sets, type Tried } from "./probes.fixture";

const folder = join(__dirname, "probes");
const records = readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
  .map((line) => JSON.parse(line) as Tried & { set: string; seed: number });
const meanGap = (set: string, rule: string) => {
  const gaps = records.filter((one) => one.set === set && one.rule === rule).flatMap(({ gap }) => gap ?? []);
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
};

it("shows what the records of probes.full.test.ts hold, as the guide has it", async () => {
  const rows = [...new Set(records.map(({ rule }) => rule))].map((rule) => ({
    ...{ rule, trainings: records.find((one) => one.rule === rule)!.trainings },
    ...Object.fromEntries(Object.keys(sets).map((set) => [set, meanGap(set, rule)])),
  }));
  const gaps = Object.keys(sets).map((key) => ({ key, format: { decimals: 3 } as const }));
  const shown = table({ columns: [{ key: "rule", label: "lambda by" }, { key: "trainings" }, ...gaps], rows });
  await expect(`${shown.toMarkdown()}\n`).toMatchFileSnapshot("probes/rules.md");
});

it("holds that a flipped probe's ranks come nearest to Retrain, on average", () => {
  const away = (rule: string) =>
    Object.keys(sets).reduce((sum, set) => sum + Math.abs(meanGap(set, rule)), 0) / Object.keys(sets).length;
  const chosen = "a flipped probe's AUC (calibrated-flipped)";
  for (const { rule, trainings } of records)
    if (trainings > 0 && rule !== chosen) expect(away(chosen)).toBeLessThan(away(rule));
});

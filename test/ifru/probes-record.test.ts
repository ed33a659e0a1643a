import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { table } from "../../lib/tables";
import { choosingSets, confirmingSets, type Tried } from "./probes.fixture";

const folder = join(__dirname, "probes");
const records = readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
  .map((line) => JSON.parse(line) as Tried & { set: string; labels: "flipped" | "true"; seed: number });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sets = Object.keys({ ...choosingSets, ...confirmingSets });
const of = (set: string, labels: string, rule: string) =>
  records.filter((one) => one.set === set && one.labels === labels && one.rule === rule);
const gapOf = (set: string, labels: string, rule: string, gap: "aucGap" | "lossGap") => {
  const found = of(set, labels, rule).flatMap((one) => one[gap] ?? []);
  return found.length === 0 ? null : mean(found);
};

it.each([
  ["flipped", "aucGap"],
  ["true", "lossGap"],
] as const)("shows what the records of probes.full.test.ts hold of %s labels, as the guide has it", async (...what) => {
  const [labels, gap] = what;
  const rules = [...new Set(records.map(({ rule }) => rule))];
  const rows = rules.map((rule) => ({
    ...{ rule, trainings: records.find((one) => one.rule === rule)!.trainings },
    ...Object.fromEntries(sets.map((set) => [set, gapOf(set, labels, rule, gap)])),
  }));
  const columns = [
    { key: "rule", label: "lambda by" },
    { key: "trainings" },
    ...sets.map((key) => ({ key, format: { decimals: 3 } as const })),
  ];
  await expect(`${table({ columns, rows }).toMarkdown()}\n`).toMatchFileSnapshot(`probes/${labels}-labels.md`);
});

it("holds that flipped probes come nearer to Retrain on wrong labels, within .01", () => {
  for (const set of sets) {
    const gap = (rule: string) => Math.abs(gapOf(set, "flipped", rule, "aucGap")!);
    expect(gap("a flipped probe's AUC: calibrated-flipped")).toBeLessThan(0.01);
  }
});

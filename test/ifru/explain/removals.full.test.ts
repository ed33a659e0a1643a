import { expect, it } from "vitest";
import { ifruSplit, loadDataset } from "../../../lib/data";
import { measureDetection, measureRemovals } from "./measure.fixture";

const seeds = [1, 2, 3, 4, 5, 6];
/** A seed takes three trainings for each of its pairs, some 2 minutes on an idle machine. */
const pairs = 50;
const rounded = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(5)) : value);

// A record is written by `RECSYS_TEST_FULL=1 npx vitest run test/ifru/explain/removals.full.test.ts -u`.
it.each(seeds)(
  "ml-100k, seed %i: predicted changes of scores beside retraining, as recorded",
  async (seed) => {
    const { interactions } = await loadDataset("ml-100k");
    const { train, valid } = ifruSplit(interactions, { positiveAbove: 3, forgetFraction: 0 });
    const task = { train, valid, training: { seed } };
    const detection = await measureDetection(task, 0.05);
    const removals = await measureRemovals(task, pairs, [10, 50, 200]);
    const lines = removals.map((removal) => JSON.stringify(removal, rounded));
    const record = [JSON.stringify({ seed, detection }, rounded), ...lines].join("\n") + "\n";
    await expect(record).toMatchFileSnapshot(`removals/ml-100k-seed-${seed}.jsonl`);
  },
  7_200_000,
);

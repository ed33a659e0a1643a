import { expect, it } from "vitest";
import { generateInteractions, ifruSplit } from "../../../lib/data";
import { correlation, measureDetection, measureRemovals } from "./measure.fixture";

const made = generateInteractions({ userCount: 120, itemCount: 60, interactionsPerUser: 30, noise: 0.1 });
const { train, valid } = ifruSplit(made, { forgetFraction: 0 });
const training = { embeddingSize: 8, learningRate: 5e-3, batchSize: 256, seed: 3 };
const task = { train, valid, training };

// The whole comparison is removals.full.test.ts: 50 pairs, 6 seeds, ml-100k.
it("predicts what retraining without the supporting rows does to a score, and that random rows do little", async () => {
  const removals = await measureRemovals(task, 4, [5, 20]);
  expect(removals).toHaveLength(4 * 2 * 2);
  expect(correlation(removals.map(({ together, retrained }) => [together, retrained] as const))).toBeGreaterThan(0.7);
  const mean = (rows: string) => {
    const some = removals.filter((removal) => removal.rows === rows);
    return some.reduce((sum, { retrained }) => sum + Math.abs(retrained), 0) / some.length;
  };
  expect(mean("supporting")).toBeGreaterThan(2 * mean("random"));
});

it("finds flipped labels by self-influence", async () => {
  const { selfInfluence, loss } = await measureDetection(task, 0.05);
  expect(selfInfluence).toBeGreaterThan(0.7);
  expect(loss).toBeGreaterThan(0.7);
});

import { IdMap, type Interactions } from "recsys-unlearning/data";
import { Mf } from "recsys-unlearning/models";
import {
  beliefChart,
  forgottenRanks,
  movementTable,
  rankChangeChart,
  recommendationTable,
} from "recsys-unlearning/notebook";
import { describe, expect, it } from "vitest";

/** Width 1: scores are products. User 0 scores items 3, 2, 1; user 1 the other way round. */
const before = new Mf(Float32Array.of(1, -1), Float32Array.of(3, 2, 1), 1);
/** As before but for user 0, of whom nothing is known. */
const after = new Mf(Float32Array.of(0, -1), Float32Array.of(3, 2, 1), 1);
const models = { Before: before, After: after };
const train: Interactions = {
  ...{ user: Int32Array.of(0, 0, 1, 1), item: Int32Array.of(0, 2, 0, 1), label: Float32Array.of(1, 0, 0, 0) },
  ...{ userCount: 2, itemCount: 3, users: new IdMap("user"), items: new IdMap("item") },
};
const forgotten = { train, forgetRows: Int32Array.of(0, 1) };

describe("before and after forgetting", () => {
  it("lists what each model puts first, with the rank it had, and marks what was liked", () => {
    const { rows } = recommendationTable(models, forgotten, { user: 1, titleOf: (item) => "abc"[item], count: 2 });
    expect(rows).toEqual([
      { rank: 1, Before: "c", After: "c", "After was": 1 },
      { rank: 2, Before: "b", After: "b", "After was": 2 },
    ]);
    const own = recommendationTable(models, forgotten, { user: 0, titleOf: (item) => "abc"[item] });
    expect(own.rows.map((row) => row["Before"])).toEqual(["a ♥", "b", "c"]);
  });

  it("ranks each forgotten item among all items for its user", () => {
    expect([...forgottenRanks(before, forgotten)]).toEqual([1, 3]);
    expect([...forgottenRanks(before, { train, forgetRows: Int32Array.of(2, 3) })]).toEqual([3, 2]);
    expect(rankChangeChart(models, forgotten).data).toEqual([
      { series: "After", x: 1, y: 1 },
      { series: "After", x: 3, y: 3 },
    ]);
  });

  it("measures movement on the forgotten rows, on those near them, and on the rest", () => {
    const { rows } = movementTable(models, forgotten);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    expect(rows.map(({ rows: count }) => count)).toEqual([2, 1, 1]);
    expect(rows[0]["After"]).toBeCloseTo((sigmoid(3) - 0.5 + sigmoid(1) - 0.5) / 2, 6);
    expect(rows.slice(1).map((row) => row["After"])).toEqual([0, 0]);
  });

  it("shows how sure a model is of the labels, not of the likes", () => {
    const heights = beliefChart(models, forgotten).data.filter(({ series }) => series === "Before");
    const [high, low] = [1 / (1 + Math.exp(-3)), 1 / (1 + Math.exp(1))].map((p) => Math.floor(p * 20));
    expect(heights.flatMap(({ density }, bin) => (Number(density) > 0 && bin < 20 ? [bin] : []))).toEqual([low, high]);
  });
});

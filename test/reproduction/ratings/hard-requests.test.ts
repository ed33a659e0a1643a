import { describe, expect, it } from "vitest";
import { rowsOfItems } from "recsys-unlearning/audits";
import { ifru, selfInfluence } from "recsys-unlearning/ifru";
import { fitMf } from "recsys-unlearning/training";
import { problemFor } from "./generated";

const rowsOf = async (set: string, share = 0.02) => [
  ...(await problemFor({ kind: "hard", set, share })).request.forgetRows,
];

describe("a request of hard rows", () => {
  it("of self-influence takes the rows that have most of it, by a model of its own", async () => {
    const { split } = await problemFor({ kind: "hard" });
    const { model } = await fitMf(split.train, split.valid);
    const { ranking } = await selfInfluence(
      model,
      await ifru.prepare(model, split.train, { damping: 4e-5 }),
      split.train,
    );
    const found = await rowsOf("self-influence");
    expect(found).toHaveLength(Math.round(0.02 * split.train.user.length));
    expect(found).toEqual([...ranking.slice(0, found.length)].sort((a, b) => a - b));
  });

  it("of a component takes either end of it", async () => {
    const [top, bottom] = [await rowsOf("component-top"), await rowsOf("component-bottom")];
    expect(top).toHaveLength(bottom.length);
    expect(top.filter((row) => bottom.includes(row))).toEqual([]);
  });

  it("of near-duplicates leaves a row of the same user and label for each", async () => {
    const { train } = (await problemFor({ kind: "hard" })).split;
    const found = await rowsOf("near-duplicates");
    for (const row of found) {
      const like = (other: number) => train.user[other] === train.user[row] && train.label[other] === train.label[row];
      expect([...train.user.keys()].some((other) => !found.includes(other) && like(other))).toBe(true);
    }
  });

  it.each(["head", "tail"] as const)("of items at the %s takes whole items", async (end) => {
    const { train } = (await problemFor({ kind: "hard" })).split;
    expect(await rowsOf(`${end}-items`, 0.05)).toEqual([
      ...rowsOfItems(train, end, Math.round(0.05 * new Set(train.item).size)),
    ]);
  });
});

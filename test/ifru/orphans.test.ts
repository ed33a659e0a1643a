import { generateInteractions, ifruSplit, itemRows, userRows } from "recsys-unlearning/data";
import { ifru } from "recsys-unlearning/ifru";
import { applyUpdate, fitMf } from "recsys-unlearning/training";
import { describe, expect, it } from "vitest";

const split = ifruSplit(generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 20, noise: 0.3 }));
const { train, valid } = split;

describe("who is wholly forgotten", () => {
  it("goes back to 0 in principled mode, and nobody else does", async () => {
    const { model } = await fitMf(train, valid, { embeddingSize: 4, learningRate: 1e-2, batchSize: 256, epochs: 20 });
    for (const [forgetRows, name] of [
      [userRows(train, 7), "userEmbedding"],
      [itemRows(train, 7), "itemEmbedding"],
    ] as const) {
      const forget = async (rows: Int32Array) => {
        const request = { name: "seven", train, forgetRows: rows };
        return applyUpdate(model, (await ifru.unlearn(model, request, { damping: 1e-4 })).update)[name];
      };
      const wholly = await forget(forgetRows);
      const isZero = (table: Float32Array, k: number) => table.subarray(4 * k, 4 * k + 4).every((value) => value === 0);
      expect(Array.from({ length: wholly.length / 4 }, (_, k) => k).filter((k) => isZero(wholly, k))).toEqual([7]);
      expect(isZero(await forget(forgetRows.slice(1)), 7)).toBe(false);
    }
  });
});

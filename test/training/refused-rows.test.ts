import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidDataError, NumericalError } from "../../lib/core";
import { generateInteractions, ifruSplit, selectRows, sessionDataset } from "../../lib/data";
import { fitLightGcn, fitMf } from "../../lib/training";

const { train, valid } = ifruSplit(generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 20 }), {
  forgetFraction: 0,
});
const quick = { embeddingSize: 4, epochs: 2 };

describe.each([
  ["mf", fitMf],
  ["lightgcn", fitLightGcn],
] as const)("training %s", (_, fit) => {
  it("refuses stars as labels, by row", async () => {
    const stars = { ...train, label: train.label.map((label) => 1 + 4 * label) };
    await expect(fit(stars, valid, quick)).rejects.toThrow(/not 0 or 1/);
    await expect(fit(train, { ...valid, label: valid.label.map(() => 5) }, quick)).rejects.toThrow(
      InvalidArgumentError,
    );
  });

  it("names implicit data as such", async () => {
    const ones = (rows: typeof train) => ({ ...rows, label: rows.label.map(() => 1) });
    await expect(fit(ones(train), ones(valid), quick)).rejects.toThrow(/implicit/);
  });

  it("names implicit data as such where the rows to forget carry flipped labels", async () => {
    const ratings = generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 20 });
    const implicit = { ...ratings, label: ratings.label.map(() => 1) };
    const all = ifruSplit(implicit, { positiveAbove: 0 });
    expect(all.train.label).toContain(0);
    await expect(fit(all.train, all.valid, quick)).rejects.toThrow(/implicit data/);
    const none = ifruSplit(implicit);
    await expect(fit(none.train, none.valid, quick)).rejects.toThrow(/lower positiveAbove/);
  });

  it("says that there are no validation rows", async () => {
    await expect(fit(train, selectRows(valid, Int32Array.of()), quick)).rejects.toThrow(/no validation rows/);
  });

  it("refuses columns of different lengths", async () => {
    await expect(fit({ ...train, label: train.label.subarray(1) }, valid, quick)).rejects.toThrow(/differ in length/);
  });

  it("never returns a model that is not finite", async () => {
    await expect(fit(train, valid, { ...quick, learningRate: 1e38, batchSize: 1_000_000 })).rejects.toThrow(
      NumericalError,
    );
  });
});

it("sessions of labels 0 and 1 name minRating and a remedy that works", () => {
  const interactions = { ...train, label: train.label.map((label) => label) };
  const dataset = { name: "mine", interactions, dataHash: "0" };
  expect(() => sessionDataset(dataset)).toThrow(InvalidDataError);
  expect(() => sessionDataset(dataset)).toThrow(/minRating of at most 1/);
  expect(sessionDataset(dataset, { minRating: 1 }).interactions.item.length).toBeGreaterThan(0);
});

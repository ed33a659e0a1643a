import { audits, cau, data, training } from "recsys-unlearning";
import { describe, expect, test } from "vitest";

describe("verdict on sessions", () => {
  const dataset = data.sessionDataset(
    {
      name: "generated",
      interactions: data.generateInteractions({ userCount: 150, itemCount: 80, interactionsPerUser: 16 }),
      dataHash: "",
    },
    { minRating: 1 },
  );
  const rows = data.sessionItemRows(dataset.train, 0.3, 1);
  const asked = {
    ...{ name: "events", train: dataset.train, forgetRows: rows },
    samples: data.forgetSamples(dataset.train, rows),
  };
  const form = { embeddingSize: 16, learningRate: 1e-2, batchSize: 64, epochs: 4, patience: 4, validationSamples: 100 };

  test("a retraining is not told from Retrain; Original itself is not forgotten; gradient ascent goes beyond", async () => {
    const before = await training.fitSessionModel("gru4rec", dataset, { ...form, seed: 1 });
    const cut = data.withoutRows(dataset.train, rows);
    const again = (seed: number) => training.refitSessionModel("gru4rec", cut, before.bestEpoch, { ...form, seed });
    const given = { retrain: [await again(1), await again(2)], test: dataset.test };
    const third = await audits.verdict(before, await again(3), asked, given);
    expect(third.isForgotten).not.toBe(false);
    expect((await audits.verdict(before, before.model, asked, given)).outcome).toBe("not forgotten");
    const pushed = await cau.sessionGradientAscent.unlearn(before.model, asked, {
      ...{ epochs: 3, learningRate: 5e-2, select: "last" },
    });
    const found = await audits.verdict(before, pushed, asked, given);
    expect(found.outcome).toBe("over-forgotten");
    expect(found.content.judgements.map(({ label }) => label)).toContain("ndcg@10 on the test sessions");
  });
});

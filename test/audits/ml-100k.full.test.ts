import { audits, data, ifru, training } from "recsys-unlearning";
import { describe, expect, test } from "vitest";

const folder = process.env["RECSYS_DATA"] ?? "";

// real ratings: run where RECSYS_DATA names a folder that holds them
describe.skipIf(folder === "")("the verdict on ml-100k", () => {
  test("a user: IFRU and another retraining are forgotten, another training on all rows is not", async () => {
    const { interactions } = await data.loadDataset("ml-100k");
    const { train, valid, test: testRows } = data.ifruSplit(interactions, { forgetFraction: 0 });
    const original = await training.fitMf(train, valid);
    const request = data.usersRequest(train, ["405"]);
    const stay = data.selectRows(train, data.retainedRows(train, request.forgetRows));
    const fitted = (seed: number) => ({ ...original, options: { ...original.options, seed } });
    const [one, two, three] = [1, 2, 3].map((seed) => training.refitMf(fitted(seed), stay));
    const given = { retrain: [await one, await two], test: testRows, rankedUsers: 50 };
    const damping = 3e-5;
    const answer = await ifru.ifru.unlearn(original.model, request, { damping });
    const outcomes = [];
    for (const model of [answer, await three, await training.refitMf(fitted(4), train)])
      outcomes.push((await audits.verdict(original, model, request, given)).outcome);
    expect(outcomes).toEqual(["forgotten", "forgotten", "not forgotten"]);
  });
});

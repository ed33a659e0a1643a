import { describe, expect, test } from "vitest";
import { gradientAscent, scif } from "../../lib/baselines";
import { cau } from "../../lib/cau";
import { InvalidArgumentError } from "../../lib/core";
import {
  compactRows,
  forgetSamples,
  generateInteractions,
  ifruSplit,
  type Interactions,
  rowsWhere,
  sessionDataset,
  userRows,
  withIdsOf,
} from "../../lib/data";
import { ifru, ifruLightGcn } from "../../lib/ifru";
import { exposureMasks, fullRanking, rankDrops } from "../../lib/metrics";
import { fitLightGcn, fitMf, fitNeuralMf, fitSessionModel } from "../../lib/training";

const split = ifruSplit(generateInteractions({ userCount: 60, itemCount: 80 }), { forgetFraction: 0 });
const { train, valid } = split;
/** The same rows as a file of its own numbers them: by their own first appearance. */
const alone = (rows: Interactions) =>
  compactRows(
    rows,
    rowsWhere(rows, () => true),
  );
const [other, training] = [alone(valid), { epochs: 2, embeddingSize: 4 }];

describe("row sets that number users or items differently", () => {
  const fit = fitMf(train, valid, training);
  const forgetRows = userRows(train, 3);
  const request = { name: "x", train, forgetRows };
  const refused: Record<string, () => unknown> = {
    fitMf: () => fitMf(train, other, training),
    fitLightGcn: () => fitLightGcn(train, other, training),
    fitNeuralMf: () => fitNeuralMf(train, other, training),
    fullRanking: async () => fullRanking((await fit).model, train, other, [10]),
    exposureMasks: () => exposureMasks(other, train, forgetRows),
    rankDrops: async () => rankDrops((await fit).model, (await fit).model, train, forgetRows, other),
    ifru: async () => ifru.unlearn((await fit).model, request, { mode: "paper", validation: other }),
    "ifru of LightGCN": async () => {
      const { model } = await fitLightGcn(train, valid, training);
      return ifruLightGcn.unlearn(model, request, { mode: "paper", validation: other });
    },
    scif: async () => scif.unlearn((await fit).model, request, { mode: "paper", validation: other }),
    "gradient ascent": async () =>
      gradientAscent.unlearn((await fit).model, request, { mode: "paper", validation: other }),
  };

  test.each(Object.entries(refused))("are refused by %s", async (_, use) => {
    const error: unknown = await Promise.resolve()
      .then(use)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toMatch(/number their users differently: user \d+ is "\w+" in (train|seen)/);
    expect(String(error)).toContain("withIdsOf(");
  });

  test("are taken under the ids of the training rows, which the remedy gives", async () => {
    const again = withIdsOf(other, train);
    expect(again).toEqual(valid);
    expect((await fitMf(train, again, training)).validationAuc).toBe((await fit).validationAuc);
  });

  test("are the same where they are other objects", async () => {
    const copy = alone(train);
    expect(withIdsOf(copy, train)).toEqual(train);
    const { users, items } = copy; // numbered by first appearance, as train is
    expect(users).not.toBe(train.users);
    await fitMf(train, { ...valid, users, items }, training);
  });

  test("are refused by name where they have no map of their ids", async () => {
    const { users: _, ...byHand } = valid;
    await expect(fitMf(train, byHand as Interactions, training)).rejects.toThrow(
      /valid has no "users"[^]*IdMap of recsys-unlearning\/data/,
    );
    const { items: __, ...withoutItems } = train;
    await expect(fitMf(withoutItems as Interactions, valid, training)).rejects.toThrow(/train has no "items"/);
  });

  test("rows of nobody the training file has are left out", () => {
    const few = compactRows(train, userRows(train, 5));
    expect(withIdsOf(train, few).user.every((user) => user === 0)).toBe(true);
  });
});

test("sessions that number items differently are refused", async () => {
  const [one, two] = [40, 41].map((userCount) =>
    sessionDataset({ name: "g", interactions: generateInteractions({ userCount, seed: userCount }), dataHash: "" }),
  );
  const own = { epochs: 1, embeddingSize: 4 };
  await expect(fitSessionModel("gru4rec", { train: one.train, valid: two.valid }, own)).rejects.toThrow(
    /number their items differently/,
  );
  const { model } = await fitSessionModel("gru4rec", one, own);
  const forgetRows = one.train.row.slice(1, 2);
  const asked = { name: "x", train: one.train, forgetRows, samples: forgetSamples(one.train, forgetRows) };
  await expect(cau.unlearn(model, asked, { validation: two.valid })).rejects.toThrow(/train and validation number/);
});

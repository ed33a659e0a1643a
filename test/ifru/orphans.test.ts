import { generateInteractions, groupOfUsersRows, ifruSplit, itemRows, userRows } from "recsys-unlearning/data";
import { ifruLightGcn } from "recsys-unlearning/ifru";
import { type LightGcn, type ReplaceableParameters } from "recsys-unlearning/models";
import { applyUpdate } from "recsys-unlearning/training";
import { beforeAll, describe, expect, it } from "vitest";
import { norms, type Subject, subjects, whatIsLeft, wholeRequests } from "./wholly-forgotten.fixture";

const split = ifruSplit(generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 20, noise: 0.3 }));
const { train } = split;
const training = { embeddingSize: 4, learningRate: 1e-2, batchSize: 256, epochs: 20, initialDeviation: 1e-3 };

function describeOrphans<M extends ReplaceableParameters<M>>(name: string, make: () => Promise<Subject<M>>): void {
  describe(`${name}: who is wholly forgotten`, () => {
    let subject: Subject<M>;
    beforeAll(async () => {
      subject = await make();
    });
    const update = async (rows: Int32Array, pruningRatio?: number) => (await subject.forget(rows, pruningRatio)).update;
    const zeros = async (table: "userEmbedding" | "itemEmbedding", ...asked: Parameters<typeof update>) =>
      norms(applyUpdate(subject.model, await update(...asked)), table).flatMap((norm, k) => (norm === 0 ? [k] : []));

    it("goes to 0, and nobody else does", async () => {
      expect(await zeros("userEmbedding", userRows(train, 7))).toEqual([7]);
      expect(await zeros("itemEmbedding", itemRows(train, 7))).toEqual([7]);
      expect(await zeros("userEmbedding", groupOfUsersRows(train, [3, 5, 7]))).toEqual([3, 5, 7]);
      expect(await zeros("userEmbedding", userRows(train, 7).slice(1))).toEqual([]);
      expect(await zeros("itemEmbedding", itemRows(train, 7).slice(1))).toEqual([]);
    });

    it("also where pruning leaves it out", async () => {
      // of those whose rows are forgotten in part, some rank above a user of few rows who is forgotten wholly
      const [rare] = [...Array(train.userCount).keys()].sort((a, b) => rowsOf(a) - rowsOf(b));
      const parts = [...Array(train.userCount).keys()].filter(
        (user) => user !== rare && rowsOf(user) > rowsOf(rare) + 1,
      );
      const asked = [rare, ...parts]
        .flatMap((user) => [...userRows(train, user).slice(user === rare ? 0 : 1)])
        .sort(ascending);
      expect(await zeros("userEmbedding", Int32Array.from(asked), 0.99)).toEqual([rare]);
    });

    it("leaves what retraining leaves: training never moves it from its start", async () => {
      for (const request of wholeRequests(train, 3).filter(({ name }) => name.startsWith("one"))) {
        const left = await whatIsLeft(subject, train, request);
        expect(left.original.norm).toBeGreaterThan(0.1);
        expect(left.retrain.norm).toBeLessThan(6e-3); // of deviation 1e-3 in each of 4 directions
        expect(left.ifru.norm).toBe(0);
        if (left.ifru.exposure !== null)
          expect(left.ifru.exposure).toBeLessThanOrEqual(left.retrain.exposure! + 1 / 60);
      }
    });
  });
}

const ascending = (a: number, b: number): number => a - b;
const rowsOf = (user: number): number => userRows(train, user).length;

describeOrphans("mf", () => subjects.mf(split, training));
describeOrphans("lightgcn", () => subjects.lightgcn(split, training));
describeOrphans("neural-mf", () => subjects["neural-mf"](split, { ...training, hiddenSize: 4 }));

it("a wholly forgotten item of LightGCN scores 0, since no neighbour is left to aggregate over", async () => {
  const { model, forget } = await subjects.lightgcn(split, training);
  const after: LightGcn = applyUpdate(model, (await forget(itemRows(train, 7))).update);
  const users = Int32Array.from({ length: train.userCount }, (_, user) => user);
  expect(
    after
      .score(
        users,
        users.map(() => 7),
      )
      .every((score) => score === 0),
  ).toBe(true);
  expect(
    model
      .score(
        users,
        users.map(() => 7),
      )
      .some((score) => Math.abs(score) > 0.1),
  ).toBe(true);
});

it("paper mode leaves them to the authors' steps", async () => {
  const { model } = await subjects.lightgcn(split, training);
  const request = { name: "x", train, forgetRows: userRows(train, 7) };
  const { update } = await ifruLightGcn.unlearn(model, request, { mode: "paper", validation: split.valid, steps: 5 });
  expect(norms(applyUpdate(model, update), "userEmbedding")[7]).toBeGreaterThan(0.1);
});

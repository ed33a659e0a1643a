import {
  generateInteractions,
  groupOfUsersRows,
  ifruSplit,
  type Interactions,
  itemRows,
  retainedRows,
  selectRows,
  userRows,
} from "recsys-unlearning/data";
import { ifru, ifruLightGcn, ifruNeuralMf } from "recsys-unlearning/ifru";
import { exposureAtK, mean } from "recsys-unlearning/metrics";
import type { ReplaceableParameters } from "recsys-unlearning/models";
import {
  applyUpdate,
  fitLightGcn,
  fitMf,
  fitNeuralMf,
  type ModelUpdate,
  refitLightGcn,
  refitMf,
} from "recsys-unlearning/training";
import { beforeAll, describe, expect, it } from "vitest";

const split = ifruSplit(generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 20, noise: 0.3 }));
const { train, valid } = split;
const training = { embeddingSize: 4, learningRate: 1e-2, batchSize: 256, epochs: 20, initialDeviation: 1e-3 };

/** A model, how to forget with it and how it is trained on other rows. */
interface Subject<M> {
  readonly model: M;
  forget(rows: Int32Array, pruningRatio?: number): Promise<{ readonly update: ModelUpdate<M> }>;
  retrain(rows: Interactions): Promise<M>;
}

async function matrixFactorisation() {
  const fit = await fitMf(train, valid, training);
  return {
    model: fit.model,
    forget: (forgetRows: Int32Array, pruningRatio = 0) =>
      ifru.unlearn(fit.model, { name: "x", train, forgetRows }, { damping: 1e-4, pruningRatio }),
    retrain: (rows: Interactions) => refitMf(fit, rows),
  };
}

async function lightGcn() {
  const fit = await fitLightGcn(train, valid, training);
  return {
    model: fit.model,
    forget: (forgetRows: Int32Array, pruningRatio = 0) =>
      ifruLightGcn.unlearn(fit.model, { name: "x", train, forgetRows }, { damping: 1e-4, pruningRatio }),
    retrain: (rows: Interactions) => refitLightGcn(fit, rows),
  };
}

async function neuralMf() {
  const options = { ...training, hiddenSize: 4 };
  const { model } = await fitNeuralMf(train, valid, options);
  return {
    model,
    forget: (forgetRows: Int32Array, pruningRatio = 0) =>
      ifruNeuralMf.unlearn(model, { name: "x", train, forgetRows }, { damping: 2e-3, pruningRatio }),
    retrain: async (rows: Interactions) => (await fitNeuralMf(rows, valid, options)).model,
  };
}

function describeOrphans<M extends ReplaceableParameters<M>>(name: string, make: () => Promise<Subject<M>>): void {
  describe(`${name}: who is wholly forgotten`, () => {
    let subject: Subject<M>;
    beforeAll(async () => {
      subject = await make();
    });
    const after = async (rows: Int32Array, pruningRatio?: number): Promise<M> =>
      applyUpdate(subject.model, (await subject.forget(rows, pruningRatio)).update);
    const table = (model: M, parameter: string): Float32Array =>
      model.parameters().find((candidate) => candidate.name === parameter)!.values;
    const norms = (values: Float32Array): number[] =>
      Array.from({ length: values.length / 4 }, (_, k) => Math.hypot(...values.subarray(4 * k, 4 * k + 4)));
    const zeros = (values: Float32Array): number[] => norms(values).flatMap((norm, k) => (norm === 0 ? [k] : []));

    it.each([
      ["userEmbedding", userRows(train, 7), [7]],
      ["itemEmbedding", itemRows(train, 7), [7]],
      ["userEmbedding", groupOfUsersRows(train, [3, 5, 7]), [3, 5, 7]],
    ] as const)("%s goes to 0, and nobody else's does", async (parameter, rows, ids) => {
      expect(zeros(table(await after(rows), parameter))).toEqual(ids);
      expect(zeros(table(await after(rows.slice(1)), parameter))).toEqual(ids.slice(train.user[rows[0]] === 7 || parameter === "itemEmbedding" ? ids.length : 0));
    });

    it("as retraining leaves it where training starts", async () => {
      const rows = userRows(train, 7);
      const retrained = await subject.retrain(selectRows(train, retainedRows(train, rows)));
      const [left, original] = [retrained, subject.model].map((model) => norms(table(model, "userEmbedding"))[7]);
      expect(left).toBeLessThan(6e-3); // its random start, of deviation 1e-3
      expect(original).toBeGreaterThan(0.1);
    });

    it("also where pruning leaves it out", async () => {
      // the user who asks for one row less than there are ranks below nobody who is forgotten wholly
      expect(zeros(table(await after(userRows(train, 7), 0.9), "userEmbedding"))).toEqual([7]);
      const { update } = await subject.forget(userRows(train, 7), 0.9);
      if (update.kind === "rows") expect(update.updates[0].rows).toContain(7);
    });

    it("an item is recommended to no more users than after retraining", async () => {
      const rows = itemRows(train, 7);
      const stays = selectRows(train, retainedRows(train, rows));
      const exposure = (model: M) => mean(exposureAtK(model, stays, Int32Array.of(7), 10).values)!;
      const retrained = await subject.retrain(stays);
      console.log(name, exposure(subject.model), exposure(await after(rows)), exposure(retrained));
    });
  });
}

describeOrphans("mf", matrixFactorisation);
describeOrphans("lightgcn", lightGcn);
describeOrphans("neural mf", neuralMf);

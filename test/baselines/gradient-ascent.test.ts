import { describe, expect, it } from "vitest";
import { gradientAscent, type GradientAscentOptions } from "../../lib/baselines";
import { InvalidOptionError } from "../../lib/core";
import { generateInteractions, type IfruSplit, ifruSplit, type Interactions } from "../../lib/data";
import { auc } from "../../lib/metrics";
import type { Mf } from "../../lib/models";
import { applyUpdate, fitMf, type MfFit, refitMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 };
let fitted: MfFit;
const original = async (split: IfruSplit): Promise<Mf> =>
  (fitted = await fitMf(split.train, split.valid, training)).model;

for (const mode of ["principled", "paper"] as const)
  describeMethod<Mf>(`gradient ascent, ${mode} mode`, {
    original,
    retainOnly: false,
    async prepare(model, split) {
      const options = { mode, validation: split.valid, learningRate: 1e-2 };
      const prepared = await gradientAscent.prepare(model, split.train, {
        ...options,
        retrain: (rows) => refitMf(fitted, rows),
      });
      return (of, request, extra) => gradientAscent.unlearn(of, request, { ...options, ...extra }, prepared);
    },
  });

describe("gradient ascent", () => {
  const split = ifruSplit(generateInteractions({ userCount: 150, itemCount: 60, interactionsPerUser: 30, noise: 0.3 }));
  const request = { name: "2%", train: split.train, forgetRows: split.forgetRows };
  const model = original(split);
  const climb = async (options: Partial<GradientAscentOptions>) =>
    gradientAscent.unlearn(await model, request, options);

  it("raises the forgotten rows' loss by what is asked, at the first step that reaches it", async () => {
    for (const lossRise of [0.05, 0.3]) {
      const { diagnostics } = await climb({ lossRise, learningRate: 1e-3 });
      const { before, after } = diagnostics.forgetLoss;
      expect(after - before).toBeGreaterThanOrEqual(lossRise);
      const shorter = await climb({ lossRise, learningRate: 1e-3, steps: diagnostics.steps - 1 });
      expect(shorter.diagnostics.forgetLoss.after - before).toBeLessThan(lossRise);
    }
    expect((await climb({ lossRise: 0 })).diagnostics.steps).toBe(0);
  });

  it("finds the rise on 2 % of the training rows", async () => {
    const retrainedOn: number[] = [];
    const retrain = (rows: Interactions) => (retrainedOn.push(rows.user.length), refitMf(fitted, rows));
    await gradientAscent.prepare(await model, split.train, { retrain });
    const rows = split.train.user.length;
    expect(retrainedOn).toEqual([rows - Math.round(0.02 * rows)]);
  });

  it("touches no user or item that the forgotten rows do not have", async () => {
    const after = applyUpdate(await model, (await climb({ lossRise: 0.2 })).update);
    const users = new Set(split.forgetRows.map((row) => split.train.user[row]));
    const { userEmbedding, embeddingSize, userCount } = await model;
    for (let user = 0; user < userCount; user++) {
      const row = (of: Float32Array) => of.slice(user * embeddingSize, (user + 1) * embeddingSize);
      if (!users.has(user)) expect(row(after.userEmbedding)).toEqual(row(userEmbedding));
    }
  });

  it("keeps the step with the best validation AUC in paper mode", async () => {
    const { update, diagnostics } = await climb({ mode: "paper", validation: split.valid, patience: 4 });
    expect(diagnostics.steps).toBe(diagnostics.bestStep + 4);
    const { user, item, label } = split.valid;
    const of = (one: Mf) => auc(one.score(user, item), label) ?? NaN;
    expect(of(applyUpdate(await model, update))).toBeGreaterThan(of(await model));
  });

  it.each([
    [{}, /nothing was prepared[^]*gradientAscent\.prepare/],
    [{ mode: "paper" }, /no validation rows/],
    [{ lossRise: -1 }, /"lossRise" is -1/],
    [{ lossRise: 0.1, lerningRate: 1 }, /did you mean "learningRate"/],
  ])("refuses %j by name and remedy", async (options, message) => {
    const attempt = climb(options as Partial<GradientAscentOptions>);
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toThrow(message);
  });
});

import { describe, expect, it } from "vitest";
import { cauMf, type CauMfOptions, paretoDefaults } from "../../lib/cau";
import { MfDescent } from "../../lib/cau/mf-descent";
import { mfDifficulty } from "../../lib/cau/mf-difficulty";
import { type LossRows, type CauMfProblem, mfProblem } from "../../lib/cau/mf-problem";
import { generateInteractions, type IfruSplit, ifruSplit } from "../../lib/data";
import { createWorkspace } from "../../lib/engine";
import { auc } from "../../lib/metrics";
import { Mf } from "../../lib/models";
import { applyUpdate, fitMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 };
const original = async (split: IfruSplit): Promise<Mf> => (await fitMf(split.train, split.valid, training)).model;

describeMethod<Mf>("CAU on MF", {
  original,
  retainOnly: false,
  prepare: () =>
    Promise.resolve((of, request, extra) => cauMf.unlearn(of, request, { lossRise: 0.8, ...extra } as CauMfOptions)),
});

describe("CAU on MF", () => {
  const split = ifruSplit(generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 12, noise: 0.3 }));
  const forgetRows = split.forgetRows.slice(0, 9);
  const embeddings = { userCount: 60, itemCount: 40, embeddingSize: 3, initialDeviation: 0.7, seed: 2 };
  const model = Mf.initialise(embeddings);
  const workspace = createWorkspace();
  const problem = mfProblem(model, split.train, forgetRows, { companions: 6, anchors: 5, seed: 1 }, workspace);
  for (let k = 0; k < problem.p.length; k++) problem.p[k] += 0.2 * Math.sin(k); // so that the KL loss has a gradient

  /** The mean of a loss over the rows of some forgotten ones, spelt out. */
  function lossOf({ p, q, width }: CauMfProblem, { user, item, label, pointers }: LossRows, chosen: number[]): number {
    const losses = chosen.flatMap((k) =>
      Array.from({ length: pointers[k + 1] - pointers[k] }, (_, n) => {
        const row = pointers[k] + n;
        let score = 0;
        for (let j = 0; j < width; j++) score += p[user[row] * width + j] * q[item[row] * width + j];
        return Math.log(1 + Math.exp(score)) - label[row] * score;
      }),
    );
    return losses.reduce((sum, value) => sum + value, 0) / losses.length;
  }

  /** The gradient of a loss by finite differences, at some places of an array. */
  function slopes(values: Float32Array, places: number[], loss: () => number): number[] {
    return places.map((at) => {
      const kept = values[at];
      const [ahead, behind] = [2 ** -8, -(2 ** -8)].map((step) => {
        values[at] = kept + step;
        return loss();
      });
      values[at] = kept;
      return (ahead - behind) / 2 ** -7;
    });
  }

  const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const range = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);

  it("steps along the gradients that finite differences give", () => {
    const options = { ...paretoDefaults, learningRate: 1e-2 };
    const descent = new MfDescent(problem, options, workspace);
    const chosen = [1, 4, 6];
    const gradients = problem.losses.map((rows, task) => {
      const loss = () => (task === 0 ? -1 : 1) * lossOf(problem, rows, chosen);
      const { users, items, width, p, q } = problem;
      return [...slopes(p, range(0, users.length * width), loss), ...slopes(q, range(0, items.length * width), loss)];
    });
    const before = problem.p.slice();
    descent.step(Int32Array.from(chosen));
    const gram = descent.gram();
    gradients.forEach((a, i) => gradients.forEach((b, j) => expect(gram[3 * i + j]).toBeCloseTo(dot(a, b), 4)));
    problem.p.set(before);
  });

  it("calls hard what the gradients of one row say, by finite differences", () => {
    const difficulty = mfDifficulty(problem);
    const { width, p, q, losses } = problem;
    for (const k of [0, 3, 8]) {
      const [user, item] = [losses[0].user[k] * width, losses[0].item[k] * width];
      const of = (loss: () => number) => [
        ...slopes(p, range(user, width), loss),
        ...slopes(q, range(item, width), loss),
      ];
      const forget = of(() => -lossOf(problem, losses[0], [k]));
      const keep = of(() => lossOf(problem, losses[1], [k]) + lossOf(problem, losses[2], [k]));
      expect(difficulty[k]).toBeCloseTo(-dot(forget, keep) / Math.sqrt(dot(forget, forget) * dot(keep, keep)), 2);
    }
  });

  it("never looks at a forgotten row as one that stays, and has no KL gradient at the original", () => {
    const { pointers } = problem.losses[1];
    const forgotten = new Set(Array.from(forgetRows, (row) => `${split.train.user[row]} ${split.train.item[row]}`));
    const fresh = mfProblem(model, split.train, forgetRows, { companions: 6, anchors: 5, seed: 1 }, workspace);
    expect(pointers.at(-1)).toBeGreaterThan(9);
    const options = { ...paretoDefaults, learningRate: 1e-2 };
    const descent = new MfDescent(fresh, options, workspace);
    const weights = descent.step(Int32Array.from(range(0, 9)));
    expect(weights[2]).toBe(0);
    expect(weights[0] + weights[1]).toBeCloseTo(1, 6);
    const companions = new Set<string>();
    for (let row = 0; row < problem.losses[1].user.length; row++) {
      const [user, item] = [problem.losses[1].user[row], problem.losses[1].item[row]];
      if (user < problem.users.length && item < problem.items.length)
        companions.add(`${problem.users[user]} ${problem.items[item]}`);
    }
    for (const pair of companions) expect(forgotten.has(pair)).toBe(false);
  });

  it("ends at the loss that is asked for, and keeps its accuracy on the way", async () => {
    const larger = ifruSplit(
      generateInteractions({ userCount: 200, itemCount: 80, interactionsPerUser: 40, noise: 0.3 }),
    );
    const trained = await original(larger);
    const request = { name: "2%", train: larger.train, forgetRows: larger.forgetRows };
    const { update, diagnostics } = await cauMf.unlearn(trained, request, { lossRise: 0.5 });
    expect(diagnostics.forgetLoss.after - diagnostics.forgetLoss.before).toBeGreaterThanOrEqual(0.5);
    expect(diagnostics.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6); // means over the steps
    const after = applyUpdate(trained, update);
    const { user, item, label } = larger.test;
    const accuracy = (of: Mf) => auc(of.score(user, item), label)!;
    expect(accuracy(after)).toBeGreaterThan(accuracy(trained) - 0.05);
  });
});

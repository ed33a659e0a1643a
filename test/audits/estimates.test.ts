// Estimates of influence, each against an oracle: numeric derivatives, cosines one by one, the method itself.
import { describe, expect, it } from "vitest";
import {
  agreementOf,
  caseWithout,
  ceilingOf,
  embeddingSimilarity,
  type FactorModel,
  gradientProducts,
  meanOfEstimates,
  type Pairs,
  randomSubsets,
  unlearningEstimate,
} from "recsys-unlearning/audits";
import { InvalidArgumentError, Random } from "recsys-unlearning/core";
import { generateInteractions, ifruSplit, type Interactions } from "recsys-unlearning/data";
import { ifru } from "recsys-unlearning/ifru";
import { InteractionGraph, LightGcn, Mf } from "recsys-unlearning/models";
import { applyUpdate, type UnlearningRequest } from "recsys-unlearning/training";

const generated = generateInteractions({ userCount: 12, itemCount: 10, interactionsPerUser: 6 });
const { train, test } = ifruSplit(generated, { forgetFraction: 0, coreSize: 0 });
const { userCount, itemCount } = train;
const shape = { userCount, itemCount, embeddingSize: 3, initialDeviation: 0.7, seed: 4 };
const mf = Mf.initialise(shape);
const lightGcn = LightGcn.initialise({ ...shape, graph: InteractionGraph.of(train), layerCount: 2 });
const pairs: Pairs = { user: test.user.slice(0, 5), item: test.item.slice(0, 5) };
const { kept, left } = caseWithout(Int32Array.of(0, 3, 8, 20), train.user.length);

const tables = ["userEmbedding", "itemEmbedding"] as const;

/** The derivative of some values with respect to every parameter, by central differences: `[parameters][values]`. */
function derivatives(model: FactorModel, values: (model: FactorModel) => ArrayLike<number>): number[][] {
  const step = 1e-2; // scores of LightGCN are computed in single precision
  return tables.flatMap((name) =>
    Array.from(model[name], (_, at) => {
      const [above, below] = [step, -step].map((change) => {
        const moved = model[name].slice();
        moved[at] += change;
        return values(model.withParameters(new Map([[name, moved]])));
      });
      return Array.from(above, (value, k) => (value - below[k]) / (2 * step));
    }),
  );
}

/** The summed loss of some rows. */
function lossOf(model: FactorModel, { user, item, label }: Interactions, rows: Int32Array): number {
  const at = (column: Int32Array) => rows.map((row) => column[row]);
  const losses = Array.from(model.score(at(user), at(item)), (score, k) => Math.log1p(Math.exp(score)) - label[rows[k]] * score); // prettier-ignore
  return losses.reduce((sum, loss) => sum + loss, 0);
}

/** What the sum of products of gradients is, parameter by parameter. */
function productsOf(model: FactorModel): number[] {
  const ofScores = derivatives(model, (moved) => moved.score(pairs.user, pairs.item));
  const ofLoss = derivatives(model, (moved) => [lossOf(moved, train, left)]);
  return Array.from(pairs.user, (_, k) => ofScores.reduce((sum, one, p) => sum + one[k] * ofLoss[p][0], 0));
}

const closeTo = (found: ArrayLike<number>, wanted: ArrayLike<number>, digits: number) => {
  expect(found).toHaveLength(wanted.length);
  for (let k = 0; k < wanted.length; k++) expect(found[k]).toBeCloseTo(wanted[k], digits);
};

describe("gradient products", () => {
  it.each([["MF", mf] as const, ["LightGCN", lightGcn] as const])(
    "of %s are those of numeric derivatives",
    async (_, model) => {
      const found = await gradientProducts([model], train, pairs)(kept, left);
      closeTo(found, productsOf(model), 3);
      expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(0.02);
    },
  );

  it("are summed over checkpoints and rows", async () => {
    const other = Mf.initialise({ ...shape, seed: 5 });
    const of = async (models: FactorModel[], rows: Int32Array) => gradientProducts(models, train, pairs)(kept, rows);
    const [both, first, second] = [await of([mf, other], left), await of([mf], left), await of([other], left)];
    closeTo(both, first.map((value, k) => value + second[k]), 4); // prettier-ignore
    const [head, tail] = [await of([mf], left.subarray(0, 1)), await of([mf], left.subarray(1))];
    closeTo(first, head.map((value, k) => value + tail[k]), 4); // prettier-ignore
  });

  it("say that a score falls without a row that speaks for it", async () => {
    const row = train.label.findIndex((label) => label === 1);
    const own = { user: train.user.slice(row, row + 1), item: train.item.slice(row, row + 1) };
    const [change] = await gradientProducts([mf], train, own)(kept, Int32Array.of(row));
    expect(change).toBeLessThan(0);
  });
});

describe("embedding similarity", () => {
  it.each([["MF", mf] as const, ["LightGCN", lightGcn] as const])("of %s is a sum of cosines", async (_, model) => {
    const { userEmbedding: p, itemEmbedding: q } = model.propagated();
    const seen = (u: number, i: number) => [0, 1, 2].map((j) => p[3 * u + j] * q[3 * i + j]);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, j) => sum + value * b[j], 0);
    const wanted = Array.from(pairs.user, (user, k) => {
      const a = seen(user, pairs.item[k]);
      return -[...left].reduce((sum, row) => {
        const b = seen(train.user[row], train.item[row]);
        return sum + ((train.label[row] > 0 ? 1 : -1) * dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b));
      }, 0);
    });
    closeTo(await embeddingSimilarity(model, train, pairs)(kept, left), wanted, 5);
  });
});

describe("an unlearning method as an estimate", () => {
  it("gives the scores after it forgot, from the same model each time", async () => {
    const prepared = await ifru.prepare(mf, train, { damping: 0.01 });
    const unlearn = (asked: UnlearningRequest) => ifru.unlearn(mf, asked, {}, prepared);
    const estimate = unlearningEstimate({ model: mf, train, unlearn }, pairs);
    const { update } = await unlearn({ name: "directly", train, forgetRows: left });
    const wanted = applyUpdate(mf, update).score(pairs.user, pairs.item);
    expect(await estimate(kept, left)).toEqual(wanted);
    await estimate(kept, left.subarray(1));
    expect(await estimate(kept, left)).toEqual(wanted);
    expect(wanted).not.toEqual(mf.score(pairs.user, pairs.item));
  });
});

describe("several estimates", () => {
  it("are their mean, even where each reuses its array", async () => {
    const shared = new Float32Array(2);
    const reusing = (value: number) => () => shared.fill(value);
    expect(await meanOfEstimates([reusing(1), reusing(4)])(kept, left)).toEqual(Float32Array.of(2.5, 2.5));
    expect(() => meanOfEstimates([])).toThrow(InvalidArgumentError);
  });
});

describe("agreement", () => {
  const random = Random.fromSeed(3);
  const drawn = () => Array.from({ length: 40 }, () => Float32Array.from({ length: 30 }, () => random.normal()));
  const [truth, chance] = [drawn(), drawn()];

  it("is 1 for the truth itself, near 0 for random numbers", () => {
    expect(agreementOf(truth, truth, 1).score).toBeCloseTo(1, 9);
    expect(Math.abs(agreementOf(chance, truth, 1).score ?? 1)).toBeLessThan(0.1);
    expect(ceilingOf([truth, truth], 1).score).toBeCloseTo(1, 9);
    expect(Math.abs(ceilingOf([truth, chance], 1).score ?? 1)).toBeLessThan(0.1);
  });

  it("is in its interval, which is narrower the more cases there are", () => {
    const noisy = truth.map((values) => values.map((value) => value + random.normal()));
    const of = (count: number) => agreementOf(noisy.slice(0, count), truth.slice(0, count), 1);
    const [few, many] = [of(8), of(40)];
    for (const { score, interval } of [few, many]) {
      expect(interval?.[0]).toBeLessThan(score ?? NaN);
      expect(interval?.[1]).toBeGreaterThan(score ?? NaN);
    }
    const width = ({ interval }: typeof few) => (interval?.[1] ?? NaN) - (interval?.[0] ?? NaN);
    expect(width(many)).toBeLessThan(width(few));
  });

  it("has subsets of the asked size, the first ones the same when more are drawn", () => {
    const draw = (subsets: number) => randomSubsets(50, { keptShare: 0.8, subsets, seed: 2 });
    const [few, many] = [draw(4), draw(9)];
    expect(many.slice(0, 4)).toEqual(few);
    for (const { kept: stay, left: go } of many) {
      expect([stay.length, go.length]).toEqual([40, 10]);
      expect([...stay, ...go].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, row) => row));
    }
  });
});

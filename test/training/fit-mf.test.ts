import { describe, expect, it } from "vitest";
import { type ProgressEvent, setProgressSink } from "../../lib/core";
import { generateInteractions, ifruSplit, selectRows } from "../../lib/data";
import { auc, logLosses, mean } from "../../lib/metrics";
import { Mf } from "../../lib/models";
import { fitMf, type FitMfOptions } from "../../lib/training";

const { train, valid } = ifruSplit(generateInteractions({ userCount: 100, itemCount: 80, interactionsPerUser: 30 }), {
  forgetFraction: 0,
});
const quick: Partial<FitMfOptions> = { embeddingSize: 6, learningRate: 0.02, batchSize: 200, initialDeviation: 0.05 };

/** The same training in float64 with textbook Adam, on full batches, so that no order matters. */
function slowFit(start: Mf, epochs: number, learningRate: number, regularization: number, rows = train): Float64Array {
  const width = start.embeddingSize;
  const split = start.userEmbedding.length;
  const w = Float64Array.from([...start.userEmbedding, ...start.itemEmbedding]);
  const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const g = new Float64Array(w.length);
    const count = rows.user.length;
    for (let k = 0; k < count; k++) {
      const [u, i] = [rows.user[k] * width, split + rows.item[k] * width];
      let s = 0;
      for (let j = 0; j < width; j++) s += w[u + j] * w[i + j];
      const r = 1 / (1 + Math.exp(-s)) - rows.label[k];
      for (let j = 0; j < width; j++) {
        g[u + j] += (r * w[i + j] + 2 * regularization * w[u + j]) / count;
        g[i + j] += (r * w[u + j] + 2 * regularization * w[i + j]) / count;
      }
    }
    for (let k = 0; k < w.length; k++) {
      m[k] = 0.9 * m[k] + 0.1 * g[k];
      v[k] = 0.999 * v[k] + 0.001 * g[k] ** 2;
      const [mHat, vHat] = [m[k] / (1 - 0.9 ** epoch), v[k] / (1 - 0.999 ** epoch)];
      w[k] -= (learningRate * mHat) / (Math.sqrt(vHat) + 1e-8);
    }
  }
  return w;
}

describe("fitMf", () => {
  it.each([0, 0.01])("does what the formulas say (regularization %f)", async (regularization) => {
    const { userCount, itemCount } = train;
    const start = Mf.initialise({ userCount, itemCount, embeddingSize: 6, initialDeviation: 0.1, seed: 1 });
    const options = { ...quick, batchSize: 1e6, epochs: 5, learningRate: 1e-3, regularization };
    const { model, bestEpoch } = await fitMf(train, valid, options, start);
    const expected = slowFit(start, bestEpoch, 1e-3, regularization);
    const actual = [...model.userEmbedding, ...model.itemEmbedding];
    expect(Math.max(...actual.map((value, k) => Math.abs(value - expected[k])))).toBeLessThan(1e-5);
  });

  it("gives the same parameters to 1e-5 with lazy Adam", async () => {
    const limits = { ...quick, learningRate: 1e-3, batchSize: 32, epochs: 12, patience: 100 };
    const [dense, lazy] = [
      await fitMf(train, valid, limits),
      await fitMf(train, valid, { ...limits, optimizer: "lazy-adam" }),
    ];
    expect(lazy.bestEpoch).toBe(dense.bestEpoch);
    const difference = dense.model.userEmbedding.map((value, k) => Math.abs(value - lazy.model.userEmbedding[k]));
    expect(Math.max(...difference)).toBeLessThan(1e-5);
  });

  it("keeps the best epoch and stops when patience ends", async () => {
    const fitted = await fitMf(train, valid, { ...quick, learningRate: 0.1, patience: 3 });
    expect(fitted.epochs).toBe(fitted.bestEpoch + 3);
    expect(fitted.history.length).toBe(fitted.epochs);
    const best = Math.max(...fitted.history.map((record) => record.validation));
    expect(fitted.validationAuc).toBe(best);
    expect(fitted.history[fitted.bestEpoch - 1].validation).toBe(best);
    expect(auc(fitted.model.score(valid.user, valid.item), valid.label)).toBeCloseTo(best, 6);
  });

  it("starts from a given model without touching it", async () => {
    const first = (await fitMf(train, valid, { ...quick, epochs: 3 })).model;
    const before = first.userEmbedding.slice();
    const second = await fitMf(train, valid, { ...quick, epochs: 1 }, first);
    expect(first.userEmbedding).toEqual(before);
    expect(second.history[0].loss).toBeLessThan(Math.LN2);
  });

  /** Rows no two of which have a user or an item in common. */
  function strangers(count: number): Int32Array {
    const [users, items, rows] = [new Set<number>(), new Set<number>(), [] as number[]];
    for (let row = 0; rows.length < count; row++) {
      if (users.has(train.user[row]) || items.has(train.item[row])) continue;
      rows.push(row);
      users.add(train.user[row]);
      items.add(train.item[row]);
    }
    return Int32Array.from(rows);
  }

  it("trains on a last batch of one row as on the others", async () => {
    const { userCount, itemCount } = train;
    const start = Mf.initialise({ userCount, itemCount, embeddingSize: 6, initialDeviation: 0.1, seed: 1 });
    const rows = selectRows(train, strangers(5));
    const { model, history } = await fitMf(rows, valid, { ...quick, batchSize: 4, epochs: 1 }, start);
    const moved = (before: Float32Array, after: Float32Array) => {
      const places = [...before.keys()].filter((k) => before[k] !== after[k]);
      return [...new Set(places.map((k) => Math.floor(k / 6)))];
    };
    expect(moved(start.userEmbedding, model.userEmbedding)).toEqual([...rows.user].sort((a, b) => a - b));
    expect(moved(start.itemEmbedding, model.itemEmbedding)).toEqual([...rows.item].sort((a, b) => a - b));
    const losses = logLosses(start.score(rows.user, rows.item), rows.label);
    expect(history[0].loss).toBeCloseTo(mean(losses) ?? NaN, 5);
  });

  it("does what the formulas say on one row alone", async () => {
    const { userCount, itemCount } = train;
    const start = Mf.initialise({ userCount, itemCount, embeddingSize: 6, initialDeviation: 0.1, seed: 1 });
    const row = selectRows(train, Int32Array.of(0));
    const { model, bestEpoch } = await fitMf(row, valid, { ...quick, learningRate: 1e-3, epochs: 5 }, start);
    const expected = slowFit(start, bestEpoch, 1e-3, 0, row);
    const actual = [...model.userEmbedding, ...model.itemEmbedding];
    expect(Math.max(...actual.map((value, k) => Math.abs(value - expected[k])))).toBeLessThan(1e-5);
  });

  it("reports progress", async () => {
    const events: ProgressEvent[] = [];
    setProgressSink((event) => events.push(event));
    await fitMf(train, valid, { ...quick, epochs: 2 });
    setProgressSink(undefined);
    expect(events.at(-1)).toMatchObject({ label: "training mf", done: 2, unit: "epochs", finished: true });
    expect(events.at(-1)!.detail).toMatch(/^best 0\.\d{4} at epoch \d$/);
  });

  it("refuses what it cannot train on", async () => {
    const positives = Int32Array.from(valid.label.keys()).filter((row) => valid.label[row] === 1);
    await expect(fitMf(train, selectRows(valid, positives), quick)).rejects.toThrow(/every validation label is 1/);
    await expect(fitMf(selectRows(train, new Int32Array(0)), valid, quick)).rejects.toThrow(/no rows/);
    await expect(fitMf(train, valid, { ...quick, learningRate: 0 })).rejects.toThrow(/learningRate/);
    await expect(fitMf(train, valid, { learningrate: 1 } as object)).rejects.toThrow(/did you mean "learningRate"/);
    await expect(fitMf(train, valid, { optimizer: "sgd" as "adam" })).rejects.toThrow(/adam/);
  });
});

// Hard sets to forget, how fast they come back, and what forgetting did beside them.
import { describe, expect, it } from "vitest";
import { endsOf, gradientSteps, nearDuplicates, nearForgetting, relearning, rowsOfItems } from "../../lib/audits";
import { InvalidArgumentError, Random } from "../../lib/core";
import { IdMap, type Interactions } from "../../lib/data";
import { ifru, influenceComponents } from "../../lib/ifru";
import { symmetricEigen } from "../../lib/ifru/symmetric-eigen";
import { Mf } from "../../lib/models";

const [userCount, itemCount, width] = [12, 10, 3];

function rowsOf(pairs: readonly (readonly [user: number, item: number, label: number])[]): Interactions {
  const [users, items] = [new IdMap("user"), new IdMap("item")];
  for (let user = 0; user < userCount; user++) users.intern(`user ${user}`);
  for (let item = 0; item < itemCount; item++) items.intern(`item ${item}`);
  return {
    ...{ user: Int32Array.from(pairs, ([user]) => user), item: Int32Array.from(pairs, ([, item]) => item) },
    ...{ label: Float32Array.from(pairs, ([, , label]) => label), userCount, itemCount, users, items },
  };
}

const random = Random.fromSeed(3);
const all = Array.from({ length: userCount * itemCount }, (_, k) => k).filter(() => random.uniform() < 0.6);
const train = rowsOf(all.map((k) => [Math.floor(k / itemCount), k % itemCount, k % 3 === 0 ? 1 : 0]));
const initial = Mf.initialise({ userCount, itemCount, embeddingSize: width, initialDeviation: 0.5, seed: 1 });
const forgetRows = Int32Array.of(0, 1, 2, 3);
const request = { name: "first rows", train, forgetRows };
const without = {
  ...train,
  ...{ user: train.user.slice(4), item: train.item.slice(4), label: train.label.slice(4) },
};
const learn = gradientSteps(0.1);
const original = (await learn(initial, train, 150)) as Mf;
const retrained = (await learn(initial, without, 150)) as Mf;

describe("influence components", () => {
  it("are the eigenvectors of the matrix of influences, made row by row", async () => {
    const damping = 0.01;
    const prepared = await ifru.prepare(original, train, { damping });
    const found = await influenceComponents(original, prepared, train, { components: 2, iterations: 300 });
    const n = train.user.length;
    const matrix = new Float64Array(n * n);
    for (const [ids, own, other, others] of [
      [train.user, original.userEmbedding, original.itemEmbedding, train.item],
      [train.item, original.itemEmbedding, original.userEmbedding, train.user],
    ] as const)
      addInfluences(matrix, { ids, own, other, others }, damping * n);
    const { values, vectors } = symmetricEigen(matrix, n);
    const order = [...values.keys()].sort((a, b) => values[b] - values[a]);
    for (const [k, { rows, strength }] of found.entries()) {
      expect(strength / values[order[k]]).toBeCloseTo(1, 4);
      const product = rows.reduce((sum, value, row) => sum + value * vectors[row * n + order[k]], 0);
      expect(Math.abs(product)).toBeCloseTo(1, 3);
    }
  });
});

interface OneSide {
  readonly ids: Int32Array;
  readonly own: Float32Array;
  readonly other: Float32Array;
  readonly others: Int32Array;
}

/** Adds g_r' A⁻¹ g_s of one side's blocks, with A⁻¹ from its eigenvectors. */
function addInfluences(matrix: Float64Array, { ids, own, other, others }: OneSide, ridge: number): void {
  const n = ids.length;
  for (const id of new Set(ids)) {
    const rows = Array.from(ids.keys()).filter((row) => ids[row] === id);
    const x = (row: number) => other.subarray(others[row] * width, (others[row] + 1) * width);
    const p = (row: number) =>
      1 / (1 + Math.exp(-x(row).reduce((sum, value, j) => sum + value * own[id * width + j], 0)));
    const block = new Float64Array(width * width);
    for (let j = 0; j < width; j++) block[j * width + j] = ridge;
    for (const row of rows)
      for (let i = 0; i < width; i++)
        for (let j = 0; j < width; j++) block[i * width + j] += p(row) * (1 - p(row)) * x(row)[i] * x(row)[j];
    const { values, vectors } = symmetricEigen(block, width);
    const along = (row: number, k: number) =>
      (p(row) - train.label[row]) * x(row).reduce((sum, value, j) => sum + value * vectors[j * width + k], 0);
    for (const r of rows)
      for (const s of rows)
        for (let k = 0; k < width; k++) matrix[r * n + s] += (along(r, k) * along(s, k)) / values[k];
  }
}

describe("hard sets", () => {
  it("are the ends of an order, ascending, the first of ties", () => {
    expect(endsOf(Float64Array.of(1, 5, 5, -2), 1)).toEqual({ top: Int32Array.of(1), bottom: Int32Array.of(3) });
    expect(endsOf(Float64Array.of(1, 5, 5, -2), 3).top).toEqual(Int32Array.of(0, 1, 2));
    expect(() => endsOf(Float64Array.of(1), 2)).toThrow(InvalidArgumentError);
    expect(() => endsOf(Float64Array.of(NaN, 1), 1)).toThrow(InvalidArgumentError);
  });

  it("are all rows of the items with most rows, or fewest", () => {
    const rows = rowsOf([
      [0, 4, 1],
      [1, 4, 1],
      [0, 2, 0],
      [2, 7, 1],
      [3, 7, 1],
      [4, 7, 1],
    ]);
    expect(rowsOfItems(rows, "head", 1)).toEqual(Int32Array.of(3, 4, 5));
    expect(rowsOfItems(rows, "tail", 2)).toEqual(Int32Array.of(0, 1, 2));
    expect(() => rowsOfItems(rows, "tail", 4)).toThrow(/4 of 3 items/);
  });

  it("are rows whose likest other row of the same user and label stays", () => {
    const rows = rowsOf([
      [0, 0, 1], // items 0 and 1 have the same users
      [0, 1, 1],
      [0, 2, 1],
      [1, 0, 1],
      [1, 1, 0], // another label: no duplicate
      [2, 2, 1],
    ]);
    expect(nearDuplicates(rows, 1)).toEqual(Int32Array.of(0));
    expect(() => nearDuplicates(rows, 3)).toThrow(/rows have a duplicate that can stay/);
  });
});

describe("relearning", () => {
  it("is immediate for what was hidden and not removed, and as slow as Retrain for Retrain", async () => {
    const hidden = await relearning(original, retrained, request, learn);
    expect(hidden.reaches).toBeLessThan(32);
    expect(hidden.answer[0]).toBeLessThan(hidden.retrained[0]);
    const same = await relearning(retrained, retrained, request, learn);
    expect(same.reaches).toBe(32);
    expect(same.crosses).toBeNull();
    expect(same.answer).toEqual(same.retrained);
  });

  it("learns from the rows given alone, and says where it crosses", async () => {
    const one = await relearning(original, retrained, request, learn, { given: 1, steps: [0, 8] });
    const four = await relearning(original, retrained, request, learn, { steps: [0, 8] });
    expect(one.retrained[1]).toBeGreaterThan(four.retrained[1]);
    const faster = (model: Mf, rows: Interactions, steps: number) =>
      learn(model, rows, model === retrained ? 0 : 10 * steps);
    const worse = (await learn(retrained, { ...train, label: train.label.map((label) => 1 - label) }, 10)) as Mf;
    const crossing = await relearning(worse, retrained, request, faster, { steps: [0, 64] });
    expect(crossing.answer[0]).toBeGreaterThan(crossing.retrained[0]);
    expect(crossing.crosses).toBe(64);
  });

  it("refuses steps that do not ascend, and no rows", async () => {
    await expect(relearning(original, retrained, request, learn, { steps: [1, 2] })).rejects.toThrow(/ascend/);
    await expect(relearning(original, retrained, request, learn, { steps: [0, 2, 2] })).rejects.toThrow(/ascend/);
    const none = { ...request, forgetRows: new Int32Array(0) };
    await expect(relearning(original, retrained, none, learn)).rejects.toThrow(InvalidArgumentError);
  });
});

describe("near what was forgotten", () => {
  it("nothing is in excess for Retrain, and what else was lost is for a model that lost it", () => {
    for (const { answer, retrained: known, excess } of nearForgetting(
      { original, answer: retrained, retrained },
      request,
    )) {
      expect(answer).toBe(known);
      if (answer !== null) expect(excess).toBe(0);
    }
    const crossed = original.userEmbedding.slice();
    crossed.subarray(0, width).forEach((value, j) => (crossed[j] = -3 * value)); // the first user's
    const broken = new Mf(crossed, original.itemEmbedding, width);
    const found = nearForgetting({ original, answer: broken, retrained: original }, request, 5);
    const of = (name: string) => found.find(({ where }) => where === name);
    expect(of("same user")?.excess).toBeGreaterThan(0.1);
    expect(of("far")?.excess).toBe(0);
    expect(of("nearest")?.rows).toBe(5);
    expect(found.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThanOrEqual(train.user.length - 4);
  });

  it("refuses a request without rows", () => {
    const none = { ...request, forgetRows: new Int32Array(0) };
    expect(() => nearForgetting({ original, answer: retrained, retrained }, none)).toThrow(InvalidArgumentError);
  });
});

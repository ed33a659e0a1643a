import { expect, it } from "vitest";
import { InvalidArgumentError, NotFoundError } from "../../../lib/core";
import type { Interactions } from "../../../lib/data";
import { effectOfLightGcn, explain, ifruLightGcn, selfInfluenceLightGcn } from "../../../lib/ifru";
import { InteractionGraph, LightGcn } from "../../../lib/models";
import { applyUpdate } from "../../../lib/training";
import { preparedOf, solveDense, tiny, tinyTable, tinyTrain } from "./tiny.fixture";

const damping = 0.02;
const { userCount, itemCount, width } = tiny;
const nodes = userCount + itemCount;
type Matrix = number[][];

function model(train: Interactions, layerCount: number): LightGcn {
  const liked = [...train.label.keys()].filter((row) => train.label[row] === 1);
  const [users, items] = [train.user, train.item].map((column) => Int32Array.from(liked, (row) => column[row]));
  const graph = new InteractionGraph(userCount, itemCount, users, items);
  return new LightGcn(tinyTable(3, "nodes", nodes), graph, width, layerCount);
}

/** A of the liked rows but one. */
function adjacency(train: Interactions, without: number | null): Matrix {
  const a: Matrix = Array.from({ length: nodes }, () => new Array<number>(nodes).fill(0));
  for (const row of train.user.keys())
    if (row !== without && train.label[row] === 1) {
      a[train.user[row]][userCount + train.item[row]] = 1;
      a[userCount + train.item[row]][train.user[row]] = 1;
    }
  const degree = a.map((line) => line.reduce((sum, value) => sum + value, 0));
  return a.map((line, m) => line.map((value, n) => (value === 0 ? 0 : 1 / Math.sqrt(degree[m] * degree[n]))));
}

function times(a: Matrix, b: Matrix): Matrix {
  return a.map((line) => b[0].map((_, c) => line.reduce((sum, value, k) => sum + value * b[k][c], 0)));
}

function propagate(a: Matrix, layerCount: number, x: Matrix): Matrix {
  const layers = [x];
  for (let k = 0; k < layerCount; k++) layers.push(times(a, layers[k]));
  return x.map((line, n) => line.map((_, j) => layers.reduce((sum, l) => sum + l[n][j], 0) / (layerCount + 1)));
}

/** ⟨V_u, V_i⟩ */
function scoreAt(v: Matrix, user: number, item: number): number {
  return v[user].reduce((sum, value, j) => sum + value * v[userCount + item][j], 0);
}

function losses(v: Matrix, train: Interactions): number[] {
  return Array.from(train.user, (user, row) => {
    const score = scoreAt(v, user, train.item[row]);
    return Math.log1p(Math.exp(score)) - train.label[row] * score;
  });
}

/** The derivative of a function at 0. */
function slope(of: (t: number) => number): number {
  return (of(1e-4) - of(-1e-4)) / 2e-4;
}

it("is the derivative of score and loss through a dense propagation, for every row", async () => {
  for (const layerCount of [1, 3]) {
    const train = tinyTrain(layerCount);
    const gcn = model(train, layerCount);
    const [user, item] = [1, 2];
    const options = { damping, tolerance: 1e-6 };
    const { rows, changes } = await explain(gcn, preparedOf(gcn.propagated(), train, damping, gcn), { train, user, item }, options); // prettier-ignore
    expect(rows).toHaveLength(tiny.rows);

    const table = (flat: ArrayLike<number>): Matrix =>
      Array.from({ length: nodes }, (_, n) => Array.from({ length: width }, (_2, j) => flat[n * width + j]));
    const e = table(gcn.nodeEmbedding);
    const a = adjacency(train, null);
    const parameters = Array.from({ length: nodes * width }, (_, k) => k);
    const moved = (k: number, t: number) => e.map((line, n) => line.map((v, j) => (n * width + j === k ? v + t : v)));
    const derivative = (u: number, i: number) =>
      parameters.map((k) => slope((t) => scoreAt(propagate(a, layerCount, moved(k, t)), u, i)));
    const now = propagate(a, layerCount, e);
    const target = derivative(user, item);
    const matrix = parameters.map((k) => parameters.map((l) => (k === l ? damping * tiny.rows : 0)));
    for (const row of train.user.keys()) {
      const d = derivative(train.user[row], train.item[row]);
      const p = 1 / (1 + Math.exp(-scoreAt(now, train.user[row], train.item[row])));
      for (const k of parameters) for (const l of parameters) matrix[k][l] += p * (1 - p) * d[k] * d[l];
    }
    const x = table(solveDense(matrix, target));
    const along = (t: number) => e.map((line, n) => line.map((value, j) => value + t * x[n][j]));

    for (const row of train.user.keys()) {
      const other = adjacency(train, row);
      const mixed = (t: number) => a.map((line, m) => line.map((value, n) => value + t * (other[m][n] - value)));
      const direct = slope((t) => losses(propagate(a, layerCount, along(t)), train)[row]);
      const graph = slope((t) => {
        const total = (s: number) =>
          losses(propagate(mixed(t), layerCount, along(s)), train).reduce((sum, l) => sum + l, 0);
        return scoreAt(propagate(mixed(t), layerCount, e), user, item) - slope(total);
      });
      expect(changes[row]).toBeCloseTo(direct + graph, 2);
    }
  }
});

it("goes along with what ifruLightGcn does to the score when it forgets the row", async () => {
  const train = tinyTrain(5);
  const gcn = model(train, 2);
  const [user, item] = [1, 2];
  const options = { damping: 0.2, tolerance: 1e-5 };
  const prepared = preparedOf(gcn.propagated(), train, damping, gcn);
  const { changes, score } = await explain(gcn, prepared, { train, user, item }, options);
  const actual: number[] = [];
  for (const row of train.user.keys()) {
    const request = { name: "", train, forgetRows: Int32Array.of(row) };
    const { update } = await ifruLightGcn.unlearn(gcn, request, { ...options, hops: 6, spillover: "exact" });
    actual.push(applyUpdate(gcn, update).score(Int32Array.of(user), Int32Array.of(item))[0] - score);
  }
  const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const given = [...changes];
  expect(product(given, actual) / Math.sqrt(product(given, given) * product(actual, actual))).toBeGreaterThan(0.9);
});

it("effectOfLightGcn names the scores that forgetting a row moves, and where they would stand", async () => {
  const train = tinyTrain(6);
  const gcn = model(train, 2);
  const prepared = await ifruLightGcn.prepare(gcn, train, { damping });
  for (const row of [0, 11, 25]) {
    const effect = await effectOfLightGcn(gcn, prepared, { train, row }, { top: 50 });
    const request = { name: "", train, forgetRows: Int32Array.of(row) };
    const { update } = await ifruLightGcn.unlearn(gcn, request, {}, prepared);
    const after = applyUpdate(gcn, update);
    const scoreOf = (of: LightGcn, user: number, item: number) => of.score(Int32Array.of(user), Int32Array.of(item))[0];
    expect([effect.user, effect.item, effect.label]).toEqual([train.user[row], train.item[row], train.label[row]]);
    expect([effect.forUser.length, effect.forItem.length]).toEqual([itemCount, userCount]);
    for (const { user, item, score, change, rank, rankWithout } of [...effect.forUser, ...effect.forItem]) {
      expect(user === effect.user || item === effect.item).toBe(true);
      expect(score).toBeCloseTo(scoreOf(gcn, user, item), 5);
      expect(change).toBeCloseTo(scoreOf(after, user, item) - scoreOf(gcn, user, item), 5);
      for (const [of, place] of [[gcn, rank], [after, rankWithout]] as const) // prettier-ignore
        expect(place).toBe(1 + Array.from({ length: itemCount }, (_, i) => scoreOf(of, user, i)).filter((s) => s > scoreOf(of, user, item)).length); // prettier-ignore
    }
    const sizes = effect.forUser.map(({ change }) => Math.abs(change));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  }
  await expect(effectOfLightGcn(gcn, prepared, { train, row: tiny.rows })).rejects.toThrow(NotFoundError);
  await expect(effectOfLightGcn(gcn, prepared, { train: tinyTrain(9), row: 0 })).rejects.toThrow(InvalidArgumentError);
});

it("selfInfluenceLightGcn is a row's residual times the change of its own score", async () => {
  const train = tinyTrain(7);
  const gcn = model(train, 3);
  const prepared = preparedOf(gcn.propagated(), train, damping, gcn);
  const asked = [19, 2, 7, 24];
  const { rows, influence, ranking } = await selfInfluenceLightGcn(gcn, prepared, { train, rows: asked });
  expect([...rows]).toEqual(asked);
  for (const [k, row] of asked.entries()) {
    const { score, changes } = await explain(gcn, prepared, { train, user: train.user[row], item: train.item[row] });
    expect(influence[k]).toBeCloseTo((1 / (1 + Math.exp(-score)) - train.label[row]) * changes[row], 9);
  }
  const byRow = new Map(asked.map((row, k) => [row, influence[k]]));
  expect([...ranking].map((row) => byRow.get(row))).toEqual([...influence].sort((a, b) => b - a));
  await expect(selfInfluenceLightGcn(gcn, prepared, { train, rows: [-1] })).rejects.toThrow(NotFoundError);
  await expect(selfInfluenceLightGcn(gcn, prepared, { train: tinyTrain(9), rows: [0] })).rejects.toThrow(
    InvalidArgumentError,
  );
});

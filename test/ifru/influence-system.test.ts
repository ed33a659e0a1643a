import { afterEach, describe, expect, it } from "vitest";
import { Random } from "../../lib/core";
import { IdMap, indexInteractions, type Interactions } from "../../lib/data";
import { createWorkspace, liveWorkspaces, operations, type Workspace } from "../../lib/engine";
import { type BlockVector, conjugateGradient } from "../../lib/ifru";
import { InfluenceSystem } from "../../lib/ifru/influence-system";
import { gatherLocalRows } from "../../lib/ifru/local-rows";
import { principalAxes } from "../../lib/ifru/principal-axes";
import { type NodeSelection, selectNodes } from "../../lib/ifru/selection";
import { Mf } from "../../lib/models";

const [userCount, itemCount, width, rows] = [5, 6, 3, 24];

function problem(seed: number): { model: Mf; train: Interactions } {
  const random = Random.fromSeed(seed);
  const pairs = random.sample(userCount * itemCount, rows);
  const train: Interactions = {
    user: pairs.map((pair) => Math.floor(pair / itemCount)),
    item: pairs.map((pair) => pair % itemCount),
    label: Float32Array.from(pairs, () => random.integer(2)),
    userCount,
    itemCount,
    users: new IdMap("user"),
    items: new IdMap("item"),
  };
  const table = (count: number): Float32Array => random.fillNormal(new Float32Array(count * width), 0.7);
  return { model: new Mf(table(userCount), table(itemCount), width), train };
}

/** Summed loss of some rows at float64 embeddings, straight from its definition. */
function lossOf(train: Interactions, some: Iterable<number>, p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (const row of some) {
    let score = 0;
    for (let j = 0; j < width; j++) score += p[train.user[row] * width + j] * q[train.item[row] * width + j];
    sum += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - train.label[row] * score;
  }
  return sum;
}

const open: Workspace[] = [];
const liveBefore = liveWorkspaces();
function workspace(): Workspace {
  const made = createWorkspace();
  open.push(made);
  return made;
}
afterEach(() => {
  for (const made of open.splice(0)) made.dispose();
  expect(liveWorkspaces()).toBe(liveBefore);
});

interface Form {
  curvature: "exact" | "gauss-newton";
  ridge: number;
}

function systemOf(
  model: Mf,
  train: Interactions,
  forget: number[],
  selection: NodeSelection,
  form: Form,
): InfluenceSystem {
  const room = workspace();
  const index = indexInteractions(train);
  const local = gatherLocalRows(model, train, index, selection, Int32Array.from(forget), room);
  return new InfluenceSystem(local, { ...form, axes: principalAxes(model, index) }, operations(), room);
}

/** Moves the selected embeddings of float64 copies along a direction of the system. */
function moved(
  model: Mf,
  selection: NodeSelection,
  direction: BlockVector,
  step: number,
): [Float64Array, Float64Array] {
  const tables = [Float64Array.from(model.userEmbedding), Float64Array.from(model.itemEmbedding)] as const;
  [selection.users, selection.items].forEach((ids, block) =>
    ids.forEach((id, number) => {
      for (let j = 0; j < width; j++) tables[block][id * width + j] += step * direction[block][number * width + j];
    }),
  );
  return [tables[0], tables[1]];
}

describe("the influence system", () => {
  it.each([1, 2, 3, 4])("has the forgotten rows' gradient on its right-hand side (seed %i)", (seed) => {
    const { model, train } = problem(seed);
    const forget = [1, 7, 11];
    const options = { hops: 0, pruningRatio: 0 } as const;
    const selection = selectNodes(train, indexInteractions(train), Int32Array.from(forget), options);
    const system = systemOf(model, train, forget, selection, { curvature: "exact", ridge: 0 });
    const random = Random.fromSeed(seed);
    const direction = system.allocate().map((block) => random.fillNormal(block, 1));
    const h = 1e-5;
    const up = lossOf(train, forget, ...moved(model, selection, direction, h));
    const down = lossOf(train, forget, ...moved(model, selection, direction, -h));
    expect(system.dot(system.rightHandSide, direction)).toBeCloseTo((up - down) / (2 * h), 4);
  });

  it.each([1, 2, 3, 4])("multiplies by the Hessian of the summed training loss (seed %i)", (seed) => {
    const { model, train } = problem(seed);
    const selection: NodeSelection = { users: Int32Array.of(0, 3), items: Int32Array.of(1, 2, 5) };
    const ridge = 0.3;
    const system = systemOf(model, train, [0], selection, { curvature: "exact", ridge });
    const random = Random.fromSeed(seed);
    const direction = system.allocate().map((block) => random.fillNormal(block, 1));
    const product = system.allocate();
    system.multiply(direction, product);
    const h = 1e-3;
    const all = [...train.user.keys()];
    const at = (step: number): number => lossOf(train, all, ...moved(model, selection, direction, step));
    const curvature = (at(h) - 2 * at(0) + at(-h)) / (h * h) + ridge * system.dot(direction, direction);
    expect(system.dot(direction, product) / curvature).toBeCloseTo(1, 4);
    expect(system.products).toBe(1);
  });

  it("estimates exact retraining where the problem is convex: one user over fixed items, ridge logistic regression", async () => {
    const { model, train } = problem(8);
    const selection: NodeSelection = { users: Int32Array.of(2), items: new Int32Array(0) };
    const mine = [...train.user.keys()].filter((row) => train.user[row] === 2);
    const ridge = 2;
    const optimum = ridgeOptimum(train, mine, model.itemEmbedding, ridge);
    model.userEmbedding.set(optimum, 2 * width);
    const forgotten = mine[0];
    const exact = ridgeOptimum(train, mine.slice(1), model.itemEmbedding, ridge);
    const system = systemOf(model, train, [forgotten], selection, { curvature: "gauss-newton", ridge });
    const { solution } = await conjugateGradient(system, system.rightHandSide, {
      tolerance: 1e-6,
      iterations: 50,
      breathe: async () => {},
    });
    const change = exact.map((value, j) => value - optimum[j]);
    const error = Math.hypot(...change.map((value, j) => value - solution[0][j]));
    // One Newton step on a loss that is not quadratic: off by a term of second order.
    expect(error / Math.hypot(...change)).toBeLessThan(0.05);
    expect(Math.hypot(...change)).toBeGreaterThan(0.01);
  });
});

/** Minimises summed loss + ridge/2 |p|² over one user's embedding by gradient descent in float64, to the last digit. */
function ridgeOptimum(train: Interactions, some: number[], items: Float32Array, ridge: number): number[] {
  const p = new Array<number>(width).fill(0);
  for (let iteration = 0; iteration < 20_000; iteration++) {
    const gradient = p.map((value) => ridge * value);
    for (const row of some) {
      const q = items.subarray(train.item[row] * width, (train.item[row] + 1) * width);
      const residual = 1 / (1 + Math.exp(-p.reduce((sum, value, j) => sum + value * q[j], 0))) - train.label[row];
      gradient.forEach((_, j) => (gradient[j] += residual * q[j]));
    }
    p.forEach((_, j) => (p[j] -= 0.05 * gradient[j]));
  }
  return p;
}

import { afterAll, describe, expect, it } from "vitest";
import { InvalidOptionError, Random } from "../../lib/core";
import {
  generateInteractions,
  IdMap,
  type IfruSplit,
  ifruSplit,
  indexInteractions,
  type Interactions,
  selectRows,
} from "../../lib/data";
import { createWorkspace, liveWorkspaces } from "../../lib/engine";
import { ifruLightGcn, type IfruLightGcnOptions, ifruLightGcnOptions, type NodeSelection } from "../../lib/ifru";
import { changedNodes, influenceGradient, spilloverRows, withoutEdges } from "../../lib/ifru/graph-influence";
import { principalAxes } from "../../lib/ifru/principal-axes";
import { PropagatedSystem } from "../../lib/ifru/propagated-system";
import { auc, forgetAuc } from "../../lib/metrics";
import { InteractionGraph, LightGcn } from "../../lib/models";
import { applyUpdate, fitLightGcn, type LightGcnFit, refitLightGcn } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 8, learningRate: 1e-2, batchSize: 512, initialDeviation: 0.05, patience: 8, seed: 3 };
let fitted: LightGcnFit;
const original = async (split: IfruSplit): Promise<LightGcn> =>
  (fitted = await fitLightGcn(split.train, split.valid, training)).model;

describeMethod<LightGcn>("ifru for lightgcn, principled mode", {
  original,
  retainOnly: false,
  async prepare(model, split) {
    const prepared = await ifruLightGcn.prepare(model, split.train, { retrain: (rows) => refitLightGcn(fitted, rows) });
    return (of, request, extra) => ifruLightGcn.unlearn(of, request, { ...extra }, prepared);
  },
});

describeMethod<LightGcn>("ifru for lightgcn, paper mode", {
  original,
  retainOnly: false,
  async prepare(model, split) {
    const options: Partial<IfruLightGcnOptions> = { mode: "paper", validation: split.valid };
    const prepared = await ifruLightGcn.prepare(model, split.train, options);
    return (of, request, extra) => ifruLightGcn.unlearn(of, request, { ...options, ...extra }, prepared);
  },
});

const [userCount, itemCount, width] = [9, 8, 3];

/** A sparse training set, so that some nodes are out of reach of others, and a model on its graph. */
function problem(seed: number, layerCount: number): { train: Interactions; model: LightGcn } {
  const random = Random.fromSeed(seed);
  const pairs = random.sample(userCount * itemCount, 20);
  const train: Interactions = {
    user: pairs.map((pair) => Math.floor(pair / itemCount)),
    item: pairs.map((pair) => pair % itemCount),
    label: Float32Array.from(pairs, () => (random.uniform() < 0.7 ? 1 : 0)),
    ...{ userCount, itemCount, users: new IdMap("user"), items: new IdMap("item") },
  };
  const values = random.fillNormal(new Float32Array((userCount + itemCount) * width), 1);
  return { train, model: new LightGcn(values, InteractionGraph.of(train), width, layerCount) };
}

/** B embedding with dense arithmetic in float64. */
function propagate({ graph, layerCount }: LightGcn, embedding: ArrayLike<number>): number[] {
  const degrees = graph.degrees();
  let layer = Array.from(embedding);
  const sum = [...layer];
  for (let depth = 0; depth < layerCount; depth++) {
    const next = layer.map(() => 0);
    graph.edgeUser.forEach((user, edge) => {
      const item = userCount + graph.edgeItem[edge];
      for (let j = 0; j < width; j++) {
        next[user * width + j] += layer[item * width + j] / Math.sqrt(degrees[user] * degrees[item]);
        next[item * width + j] += layer[user * width + j] / Math.sqrt(degrees[user] * degrees[item]);
      }
    });
    layer = next;
    layer.forEach((value, k) => (sum[k] += value));
  }
  return sum.map((value) => value / (layerCount + 1));
}

const nodeDot = (x: number[], u: number, y: number[], i: number) => {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += x[u * width + j] * y[(userCount + i) * width + j];
  return sum;
};

function lossOf(model: LightGcn, embedding: ArrayLike<number>, train: Interactions, rows: Iterable<number>): number {
  const scored = propagate(model, embedding);
  let sum = 0;
  for (const row of rows) {
    const score = nodeDot(scored, train.user[row], scored, train.item[row]);
    sum += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - train.label[row] * score;
  }
  return sum;
}

const everyNode: NodeSelection = {
  users: Int32Array.from({ length: userCount }, (_, user) => user),
  items: Int32Array.from({ length: itemCount }, (_, item) => item),
};
const cases = [1, 2, 3].flatMap((seed) => [1, 2].map((layerCount) => [seed, layerCount] as const));

describe("the influence of a graph", () => {
  const liveBefore = liveWorkspaces();
  const workspace = createWorkspace();
  afterAll(() => {
    workspace.dispose();
    expect(liveWorkspaces()).toBe(liveBefore);
  });

  it.each(cases)("is the gradient of what leaves the objective (seed %i, layers %i)", (seed, layerCount) => {
    const { train, model } = problem(seed, layerCount);
    const forgetRows = Int32Array.of(2, 7, 11);
    const newModel = model.withGraph(
      InteractionGraph.of({ ...train, label: train.label.map((y, row) => (forgetRows.includes(row) ? 0 : y)) }),
    );
    const options = { ...ifruLightGcnOptions.defaults(), spillover: "exact" } as const;
    const [before, after] = [model, newModel].map((one) => ({ graph: one.graph, scored: one.propagated() }));
    const rows = spilloverRows(train, indexInteractions(train), forgetRows, model.graph, newModel.graph, options);
    expect([...rows]).toEqual([...train.user.keys()].filter((row) => !forgetRows.includes(row)));
    const blocks = influenceGradient(model, before, after, train, forgetRows, rows, everyNode, workspace);
    const gradient = blocks.flatMap((block) => [...block]);
    const everything = [...train.user.keys()];
    // What is lost: the whole objective on the old graph less the retained objective on the new one.
    const lost = (x: ArrayLike<number>) => lossOf(model, x, train, everything) - lossOf(newModel, x, train, rows);
    gradient.forEach((value, k) => {
      const at = (h: number) => lost(Array.from(model.nodeEmbedding, (x, n) => (n === k ? x + h : x)));
      expect(value).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
    });
  });

  it("counts nodes as changed by the share of edges they lose", () => {
    const before = new InteractionGraph(3, 1, Int32Array.of(0, 0, 1, 2), Int32Array.of(0, 0, 0, 0));
    const after = new InteractionGraph(3, 1, Int32Array.of(0, 1), Int32Array.of(0, 0));
    const { users, items } = changedNodes(before, after, [3, 2, 1, 0], 0.01);
    expect([[...users], [...items]]).toEqual([[0, 2], [0]]);
    expect([...changedNodes(before, after, [0, 1, 2, 3], 0.5).users]).toEqual([2]);
    expect(changedNodes(before, before, [0, 1, 2, 3], 0).users.length).toBe(0);
  });

  it.each(cases)(
    "has the curvature of propagated scores over the rows that stay (seed %i, layers %i)",
    (seed, layerCount) => {
      const { train, model } = problem(seed, layerCount);
      const selection: NodeSelection = { users: Int32Array.of(1, 4), items: Int32Array.of(0, 5) };
      const forgetRows = Int32Array.of(3, 9);
      const [ridge, random] = [0.3, Random.fromSeed(seed)];
      const state = { graph: model.graph, scored: model.propagated() };
      const index = indexInteractions(train);
      const axes = principalAxes(state.scored, index);
      const rightHandSide = [workspace.float32(2 * width), workspace.float32(2 * width)];
      const system = new PropagatedSystem(
        { train, index, axes, forgetRows, state, layerCount, selection, rightHandSide, ridge },
        workspace,
      );
      const [v, w, product] = [system.allocate(), system.allocate(), system.allocate()];
      for (const block of [...v, ...w]) random.fillNormal(block, 1);
      system.multiply(w, product);

      const everywhere = ([users, items]: readonly Float32Array[]) => {
        const table = new Array<number>(model.nodeEmbedding.length).fill(0);
        users.forEach((x, k) => (table[selection.users[Math.floor(k / width)] * width + (k % width)] = x));
        items.forEach(
          (x, k) => (table[(userCount + selection.items[Math.floor(k / width)]) * width + (k % width)] = x),
        );
        return propagate(model, table);
      };
      const [dv, dw, scored] = [everywhere(v), everywhere(w), propagate(model, model.nodeEmbedding)];
      let expected = ridge * system.dot(v, w);
      for (const row of train.user.keys()) {
        if (forgetRows.includes(row)) continue;
        const [user, item] = [train.user[row], train.item[row]];
        const change = (d: number[]) => nodeDot(d, user, scored, item) + nodeDot(scored, user, d, item);
        const sigma = 1 / (1 + Math.exp(-nodeDot(scored, user, scored, item)));
        expected += sigma * (1 - sigma) * change(dv) * change(dw);
      }
      expect(system.dot(v, product)).toBeCloseTo(expected, 4);
      system.precondition(w, product);
      expect(system.dot(w, product)).toBeGreaterThan(0);
    },
  );

  it.each(cases)("propagates again what lost edges change, as if all were (seed %i, layers %i)", (seed, layerCount) => {
    const { train, model } = problem(seed, layerCount);
    let state = { graph: model.graph, scored: model.propagated() };
    let labels = train.label;
    for (const forgetRows of [Int32Array.of(2, 7), Int32Array.of(0, 11, 12)]) {
      const before = structuredClone(state.scored);
      const after = withoutEdges(model, state, selectRows(train, forgetRows));
      expect(state.scored).toEqual(before); // which the next request starts from, too
      state = after;
      labels = labels.map((label, row) => (forgetRows.includes(row) ? 0 : label));
      const afresh = InteractionGraph.of({ ...train, label: labels });
      const whole = model.withGraph(afresh).propagated();
      for (const side of ["userEmbedding", "itemEmbedding"] as const)
        state.scored[side].forEach((value, k) => expect(value).toBeCloseTo(whole[side][k], 5));
      expect([state.graph.edgeUser, state.graph.edgeItem]).toEqual([afresh.edgeUser, afresh.edgeItem]);
      expect(state.graph.adjacency()).toEqual(afresh.adjacency());
    }
  });

  it.each(cases)("has the same gradient at some nodes as at all (seed %i, layers %i)", (seed, layerCount) => {
    const { train, model } = problem(seed, layerCount);
    const before = { graph: model.graph, scored: model.propagated() };
    const forgetRows = Int32Array.of(2, 7, 11);
    const after = withoutEdges(model, before, selectRows(train, forgetRows));
    const at = (selection: NodeSelection) =>
      influenceGradient(model, before, after, train, forgetRows, Int32Array.of(1, 3, 5), selection, workspace);
    const [all, some] = [at(everyNode), at({ users: Int32Array.of(1, 6), items: Int32Array.of(4) })];
    const row = (block: Float32Array, k: number) => [...block.subarray(k * width, (k + 1) * width)];
    const expected = [...row(all[0], 1), ...row(all[0], 6), ...row(all[1], 4)];
    [...some[0], ...some[1]].forEach((value, k) => expect(value).toBeCloseTo(expected[k], 5));
  });
});

describe("ifruLightGcn", () => {
  const generated = generateInteractions({ userCount: 200, itemCount: 80, interactionsPerUser: 40, noise: 0.3 });
  const split = ifruSplit(generated);
  const request = { name: "2%", train: split.train, forgetRows: split.forgetRows };
  const model = original(split);
  const forget = async (options: Partial<IfruLightGcnOptions>) =>
    ifruLightGcn.unlearn(await model, request, { damping: 1e-5, ...options });

  it("loses the forgotten edges, unless it is told to keep them", async () => {
    const flipped = split.forgetRows.filter((row) => split.train.label[row] > 0).length;
    const edges = async (options: object) =>
      applyUpdate(await model, (await forget(options)).update).graph.edgeUser.length;
    expect(await edges({})).toBe((await model).graph.edgeUser.length - flipped);
    expect(await edges({ replaceGraph: false })).toBe((await model).graph.edgeUser.length);
  });

  it("chooses lambda on flipped rows with the model and the graph that learned them", async () => {
    const { train } = split;
    const seen: Interactions[] = [];
    const { damping, calibration } = await ifruLightGcn.prepare(await model, train, {
      damping: "calibrated-flipped",
      retrain: (rows) => (seen.push(rows), refitLightGcn(fitted, rows)),
    });
    const [flipped, without] = seen;
    const probe = Int32Array.from(train.label.keys()).filter((row) => flipped.label[row] !== train.label[row]);
    expect(probe).toHaveLength(Math.round(0.02 * train.user.length));
    const rows = selectRows(flipped, probe);
    const truth = Float32Array.from(probe, (row) => train.label[row]);
    const aucOf = (of: LightGcn) => auc(of.score(rows.user, rows.item), truth) ?? NaN;
    const learned = await refitLightGcn(fitted, flipped);
    expect(calibration!.probeAuc!.original).toBeCloseTo(aucOf(learned), 5);
    const target = aucOf(await refitLightGcn(fitted, without));
    const asked = { name: "probe", train: flipped, forgetRows: probe };
    const { update } = await ifruLightGcn.unlearn(learned, asked, { damping: damping! });
    expect(Math.abs(aucOf(applyUpdate(learned, update)) - target)).toBeLessThan(0.1 * (target - aucOf(learned)));
  });

  it("never prunes the users and items of forgotten rows unless asked", async () => {
    const users = new Set(split.forgetRows.map((row) => split.train.user[row]));
    const items = new Set(split.forgetRows.map((row) => split.train.item[row]));
    const kept = await forget({ pruningRatio: 0.99 });
    expect(kept.cost.rowsTouched).toBeGreaterThanOrEqual(users.size + items.size);
    const pruned = await forget({ pruningRatio: 0.99, keepDirect: false });
    expect(pruned.cost.rowsTouched).toBeLessThan(10);
  });

  it("solves to the tolerance, and its parts can be switched off one by one", async () => {
    const { user, item } = split.test;
    const forgotten = async (options: Partial<IfruLightGcnOptions>) => {
      const { update, diagnostics } = await forget(options);
      expect(diagnostics.converged).toBe(true);
      return applyUpdate(await model, update).score(user, item);
    };
    const full = await forgotten({});
    expect((await forget({})).diagnostics.spilloverRows).toBeGreaterThan(0);
    for (const options of [{ spillover: "none" }, { hessian: "plain" }, { hops: 0 }, { replaceGraph: false }] as const)
      expect(await forgotten(options)).not.toEqual(full);
    await forgotten({ hops: 2 });
    expect((await forget({ spillover: "none" })).diagnostics.spilloverRows).toBe(0);
  });

  it("knows the truth about flipped rows better after forgetting than by dropping their edges alone", async () => {
    const { user, item } = {
      user: split.forgetRows.map((row) => split.train.user[row]),
      item: split.forgetRows.map((row) => split.train.item[row]),
    };
    const truth = (of: LightGcn) => forgetAuc(of.score(user, item), split.trueLabel, split.forgetRows) ?? NaN;
    const after = applyUpdate(await model, (await forget({})).update);
    expect(truth(after)).toBeGreaterThan(truth((await model).withGraph(after.graph)) + 0.02);
  });

  it.each([
    [{ damping: "calibrated" }, /nothing was prepared/],
    [{ mode: "paper" }, /no validation rows/],
    [{ mode: "paper", hessian: "propagated" }, /"hessian" is "propagated"/],
    [{ spillover: "some" }, /"spillover" is "some"/],
    [{ changeThreshold: 2 }, /"changeThreshold" is 2/],
    [{ keepdirect: true }, /did you mean "keepDirect"/],
  ])("refuses %j by name", async (options, message) => {
    const attempt = forget(options as Partial<IfruLightGcnOptions>);
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toThrow(message);
  });
});

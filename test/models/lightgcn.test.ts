import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CorruptFileError, InvalidArgumentError, Random } from "../../lib/core";
import { createWorkspace, operations } from "../../lib/engine";
import { InteractionGraph, LightGcn, Mf, Propagation } from "../../lib/models";
import { fitLightGcn } from "../../lib/training";
import { describeRecommender } from "../contracts/recommender";

const quick = { embeddingSize: 8, learningRate: 0.02, batchSize: 256, epochs: 12, initialDeviation: 0.05 };

describeRecommender<LightGcn>("lightgcn", {
  fit: async (train, valid, seed) => (await fitLightGcn(train, valid, { ...quick, seed })).model,
  fitTooFast: async (train, valid) => (await fitLightGcn(train, valid, { ...quick, learningRate: 1e38 })).model,
  initial: (train) =>
    LightGcn.initialise({
      ...{ graph: InteractionGraph.of(train), embeddingSize: 32, layerCount: 1, initialDeviation: 1e-3, seed: 1024 },
    }),
  load: (path) => LightGcn.load(path),
  lossGradient(model, { user, item, label }) {
    const room = createWorkspace();
    const { graph, embeddingSize: width, layerCount } = model;
    const propagation = new Propagation(room, graph.adjacency(), layerCount, width);
    const [scored, gradient, back] = [0, 0, 0].map(() => room.float32(graph.nodeCount * width));
    propagation.apply(room.copyOf(model.nodeEmbedding), scored);
    const split = model.userEmbedding.length;
    const loss = operations().mfLossGradient({
      ...{ p: scored.subarray(0, split), q: scored.subarray(split), width, scale: 1, penalty: 0 },
      ...{ gradientP: gradient.subarray(0, split), gradientQ: gradient.subarray(split) },
      ...{ user: room.copyOf(user), item: room.copyOf(item), label: room.copyOf(label) },
      residual: room.float32(user.length),
    });
    propagation.apply(gradient, back);
    const result = { loss, gradient: [back.slice(0, split), back.slice(split)] };
    room.dispose();
    return result;
  },
});

/** Small graphs with repeated edges and nodes without any. */
const graphs = fc
  .record({ users: fc.integer({ min: 1, max: 5 }), items: fc.integer({ min: 1, max: 5 }) })
  .chain(({ users, items }) =>
    fc.array(fc.tuple(fc.nat(users - 1), fc.nat(items - 1)), { maxLength: 15 }).map(
      (edges) =>
        new InteractionGraph(
          users,
          items,
          Int32Array.from(edges, ([u]) => u),
          Int32Array.from(edges, ([, i]) => i),
        ),
    ),
  );

/** D^(-1/2) A D^(-1/2) as a dense matrix. */
function denseAdjacency({ nodeCount, userCount, edgeUser, edgeItem }: InteractionGraph): number[][] {
  const a = Array.from({ length: nodeCount }, () => new Array<number>(nodeCount).fill(0));
  edgeUser.forEach((user, edge) => {
    a[user][userCount + edgeItem[edge]]++;
    a[userCount + edgeItem[edge]][user]++;
  });
  const degree = a.map((row) => row.reduce((sum, value) => sum + value, 0));
  return a.map((row, r) => row.map((value, c) => (value === 0 ? 0 : value / Math.sqrt(degree[r] * degree[c]))));
}

const times = (a: number[][], x: number[][]) =>
  a.map((row) => x[0].map((_, j) => row.reduce((sum, value, k) => sum + value * x[k][j], 0)));

describe("LightGcn", () => {
  it("propagates as dense matrices do, over any number of layers", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 0, max: 4 }), fc.integer(), (graph, layerCount, seed) => {
        const width = 5;
        const values = Random.fromSeed(seed).fillNormal(new Float32Array(graph.nodeCount * width), 1);
        const model = new LightGcn(values, graph, width, layerCount);
        let layer = Array.from({ length: graph.nodeCount }, (_, n) => [...values.slice(n * width, (n + 1) * width)]);
        let sum = layer;
        for (let depth = 0; depth < layerCount; depth++) {
          layer = times(denseAdjacency(graph), layer);
          sum = sum.map((row, n) => row.map((value, j) => value + layer[n][j]));
        }
        const { userEmbedding, itemEmbedding } = model.propagated();
        const expected = sum.flat().map((value) => value / (layerCount + 1));
        [...userEmbedding, ...itemEmbedding].forEach((value, k) => expect(value).toBeCloseTo(expected[k], 5));
      }),
    );
  });

  it("is matrix factorisation without layers and without edges up to scale", () => {
    const none = new InteractionGraph(2, 1, new Int32Array(0), new Int32Array(0));
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const mf = new Mf(values.slice(0, 4), values.slice(4), 2);
    const [users, items] = [Int32Array.of(0, 1), Int32Array.of(0, 0)];
    expect(new LightGcn(values, none, 2, 0).score(users, items)).toEqual(mf.score(users, items));
    const quarter = mf.score(users, items).map((score) => score / 4);
    expect(new LightGcn(values, none, 2, 1).score(users, items)).toEqual(quarter);
  });

  it("keeps any number of layers and an edgeless graph in its file, and refuses a file of other parts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lightgcn-"));
    try {
      const path = join(folder, "model.safetensors");
      const graph = new InteractionGraph(2, 1, Int32Array.of(1, 1), Int32Array.of(0, 0));
      for (const part of [graph, new InteractionGraph(2, 1, new Int32Array(0), new Int32Array(0))]) {
        await new LightGcn(Float32Array.of(1, 2, 3, 4, 5, 6), part, 2, 3).save(path);
        const loaded = await LightGcn.load(path);
        expect([loaded.layerCount, loaded.graph.edgeUser, loaded.graph.edgeItem]).toEqual([
          3,
          part.edgeUser,
          part.edgeItem,
        ]);
      }
      await new Mf(new Float32Array(4), new Float32Array(2), 2).save(path);
      await expect(LightGcn.load(path)).rejects.toThrow(CorruptFileError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("refuses embeddings that are not one row for each node", () => {
    const graph = new InteractionGraph(2, 1, Int32Array.of(0), Int32Array.of(0));
    expect(() => new LightGcn(new Float32Array(4), graph, 2, 1)).toThrow(InvalidArgumentError);
  });
});

describe("InteractionGraph", () => {
  it("has the edges of positive rows, and loses those of forgotten ones", () => {
    const ids = { userCount: 3, itemCount: 2 };
    const rows = (triples: [number, number, number][]) => ({
      ...ids,
      user: Int32Array.from(triples, ([user]) => user),
      item: Int32Array.from(triples, ([, item]) => item),
      label: Float32Array.from(triples, ([, , label]) => label),
    });
    type Rows = Parameters<typeof InteractionGraph.of>[0];
    const triples: [number, number, number][] = [
      [0, 0, 1],
      [0, 1, 0],
      [1, 1, 1],
      [1, 1, 1],
      [2, 0, 1],
    ];
    const graph = InteractionGraph.of(rows(triples) as Rows);
    expect([...graph.degrees()]).toEqual([1, 2, 1, 2, 2]);
    const left = graph.without(
      rows([
        [0, 1, 0],
        [1, 1, 1],
        [2, 0, 1],
        [2, 1, 1],
      ]) as Rows,
    );
    expect([...left.edgeUser, ...left.edgeItem]).toEqual([0, 1, 0, 1]);
  });

  it("refuses edges outside its users and items", () => {
    expect(() => new InteractionGraph(2, 2, Int32Array.of(2), Int32Array.of(0))).toThrow(InvalidArgumentError);
    expect(() => new InteractionGraph(2, 2, Int32Array.of(0), Int32Array.of(-1))).toThrow(InvalidArgumentError);
    expect(() => new InteractionGraph(2, 2, Int32Array.of(0), new Int32Array(0))).toThrow(InvalidArgumentError);
  });
});

import { afterAll, describe, expect, it } from "vitest";
import { Breather, Random } from "../../lib/core";
import { generateInteractions, ifruSplit, indexInteractions, userRows } from "../../lib/data";
import { createWorkspace, operations } from "../../lib/engine";
import { gatherLocalRows, InfluenceSystem, type PrincipalAxes, selectNodes, solvePrincipled } from "../../lib/ifru";
import { AxesPreconditioner, principalAxes } from "../../lib/ifru/principal-axes";
import { symmetricEigen } from "../../lib/ifru/symmetric-eigen";
import { Mf } from "../../lib/models";
import { fitMf } from "../../lib/training";

const workspace = createWorkspace();
afterAll(() => workspace.dispose());

describe("the eigenvectors of a symmetric matrix", () => {
  it.each([1, 2, 7, 48])("are orthonormal and give the matrix back (size %i)", (size) => {
    const random = Random.fromSeed(size);
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
    const { vectors, values } = symmetricEigen(matrix.slice(), size);
    const sum = (term: (k: number) => number) =>
      Array.from({ length: size }, (_, k) => term(k)).reduce((a, b) => a + b);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        expect(sum((k) => vectors[k * size + i] * vectors[k * size + j])).toBeCloseTo(i === j ? 1 : 0, 6);
        const product = sum((k) => vectors[i * size + k] * values[k] * vectors[j * size + k]);
        expect(product).toBeCloseTo(matrix[i * size + j], 4);
      }
  });

  it("leaves a diagonal matrix and a matrix of zeros as they are", () => {
    expect([...symmetricEigen(Float64Array.of(2, 0, 0, 3), 2).values]).toEqual([2, 3]);
    expect([...symmetricEigen(new Float64Array(4), 2).vectors]).toEqual([1, 0, 0, 1]);
  });
});

describe("the preconditioner along principal axes", () => {
  it("inverts blocks that are what it takes them for: a trace spread over the axes, and the ridge", () => {
    const width = 3;
    const random = Random.fromSeed(5);
    const table = (rows: number) => random.fillNormal(new Float32Array(rows * width), 1);
    const model = new Mf(table(4), table(5), width);
    const index = { userPointers: Int32Array.of(0, 2, 3, 3, 7), itemPointers: Int32Array.of(0, 1, 3, 4, 6, 7) };
    const axes = principalAxes(model, { ...indexInteractions(generateInteractions()), ...index });
    const [trace, ridge] = [2.5, 0.3];
    const preconditioner = new AxesPreconditioner(
      axes,
      [Float64Array.of(trace), new Float64Array(0)],
      ridge,
      operations(),
      workspace,
    );
    const x = random.fillNormal(workspace.float32(width), 1);
    // M x by its definition: the degree-weighted second moments of the items, scaled to that trace.
    const moments = [0, 1, 2, 3, 4].map((item) => {
      const q = model.itemEmbedding.subarray(item * width, (item + 1) * width);
      const degree = index.itemPointers[item + 1] - index.itemPointers[item];
      return { q, degree, square: degree * q.reduce((sum, value) => sum + value * value, 0) };
    });
    const whole = moments.reduce((sum, { square }) => sum + square, 0);
    const product = workspace.float32(width);
    for (let i = 0; i < width; i++) {
      product[i] = ridge * x[i];
      for (const { q, degree } of moments)
        for (let j = 0; j < width; j++) product[i] += (trace / whole) * degree * q[i] * q[j] * x[j];
    }
    const [out, none] = [workspace.float32(width), workspace.float32(0)];
    preconditioner.apply([product, none], [out, none]);
    out.forEach((value, j) => expect(value).toBeCloseTo(x[j], 4));
  });

  it("needs fewer iterations than one that knows no axes, for the same solution", async () => {
    const { train, valid } = ifruSplit(
      generateInteractions({ userCount: 200, itemCount: 80, interactionsPerUser: 40, noise: 0.3 }),
    );
    const { model } = await fitMf(train, valid, { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 });
    const index = indexInteractions(train);
    const forgetRows = userRows(train, 3);
    const selection = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
    const local = gatherLocalRows(model, train, index, selection, forgetRows, workspace);
    const flat = { vectors: new Float32Array(144), shares: new Float32Array(12).fill(1 / 12) };
    for (let j = 0; j < 12; j++) flat.vectors[13 * j] = 1;
    const solve = (axes: PrincipalAxes) => {
      const form = { curvature: "gauss-newton", ridge: 3e-5 * train.user.length, axes } as const;
      const system = new InfluenceSystem(local, form, operations(), workspace);
      return solvePrincipled(system, { tolerance: 1e-4, iterations: 500 }, new Breather("testing"));
    };
    const ours = await solve(principalAxes(model, index));
    const plain = await solve({ users: flat, items: flat });
    expect(ours.converged && plain.converged).toBe(true);
    expect(ours.iterations).toBeLessThan(plain.iterations);
    const square = (x: Float32Array) => x.reduce((sum, value) => sum + value * value, 0);
    const difference = ours.change.reduce(
      (sum, block, k) => sum + square(block.map((x, i) => x - plain.change[k][i])),
      0,
    );
    expect(Math.sqrt(difference / ours.change.reduce((sum, block) => sum + square(block), 0))).toBeLessThan(2e-3);
  });

  it("leaves the index's scratch as it found it", () => {
    const train = generateInteractions({ userCount: 30, itemCount: 20, interactionsPerUser: 5 });
    const index = indexInteractions(train);
    const forgetRows = Int32Array.of(1, 4, 9);
    const table = (rows: number) => new Float32Array(rows * 2);
    const model = new Mf(table(train.userCount), table(train.itemCount), 2);
    const selection = selectNodes(train, index, forgetRows, { hops: 2, pruningRatio: 0.5, keepDirect: true });
    gatherLocalRows(model, train, index, selection, forgetRows, workspace);
    expect(index.scratch.nodes.every((mark) => mark === 0)).toBe(true);
    expect(index.scratch.rows.every((mark) => mark === 0)).toBe(true);
  });
});

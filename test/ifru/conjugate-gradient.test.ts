import { describe, expect, it } from "vitest";
import { NumericalError, Random } from "../../lib/core";
import { type BlockVector, conjugateGradient, type LinearSystem } from "../../lib/ifru";

/** A dense symmetric positive definite system over two blocks, multiplied in float64. */
function denseSystem(sizes: [number, number], seed: number): LinearSystem & { matrix: number[][] } {
  const size = sizes[0] + sizes[1];
  const random = Random.fromSeed(seed);
  const factor = Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal()));
  const matrix = factor.map((row, i) =>
    factor.map((other, j) => row.reduce((sum, value, k) => sum + value * other[k], 0) + (i === j ? size / 4 : 0)),
  );
  const flat = (v: BlockVector): number[] => v.flatMap((block) => [...block]);
  return {
    matrix,
    multiply(direction, out) {
      const x = flat(direction);
      matrix.forEach((row, i) => {
        const value = row.reduce((sum, entry, k) => sum + entry * x[k], 0);
        if (i < sizes[0]) out[0][i] = value;
        else out[1][i - sizes[0]] = value;
      });
    },
    precondition(residual, out) {
      out.forEach((block, b) => block.set(residual[b].map((r, i) => r / matrix[b * sizes[0] + i][b * sizes[0] + i])));
    },
    allocate: () => sizes.map((length) => new Float32Array(length)),
    dot: (a, b) => a.reduce((sum, block, k) => sum + block.reduce((s, value, i) => s + value * b[k][i], 0), 0),
    axpy: (alpha, x, y) => y.forEach((block, k) => block.forEach((_, i) => (block[i] += alpha * x[k][i]))),
    xpby: (x, beta, y) => y.forEach((block, k) => block.forEach((v, i) => (block[i] = x[k][i] + beta * v))),
  };
}

/** Gaussian elimination with partial pivoting, float64. */
function solveDense(matrix: number[][], b: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < b.length; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, row, k) => (Math.abs(row[c]) > Math.abs(rows[best][c]) ? c + k : best), c);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < b.length; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= b.length; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return rows.map((row, i) => row[b.length] / row[i]);
}

const calm = { tolerance: 1e-5, iterations: 500, breathe: async () => {} };

describe("conjugate gradient", () => {
  it.each([1, 2, 3])("agrees with elimination on a random system (seed %i)", async (seed) => {
    const system = denseSystem([7, 12], seed);
    const random = Random.fromSeed(100 + seed);
    const b = system.allocate().map((block) => random.fillNormal(block, 1));
    const { solution, relativeResidual, converged } = await conjugateGradient(system, b, calm);
    const exact = solveDense(system.matrix, [...b[0], ...b[1]]);
    const scale = Math.hypot(...exact);
    [...solution[0], ...solution[1]].forEach((value, i) =>
      expect(Math.abs(value - exact[i]) / scale).toBeLessThan(1e-4),
    );
    expect(converged).toBe(true);
    expect(relativeResidual).toBeLessThan(1e-5);
  });

  it("reports the residual of what it returns, not the recursive one", async () => {
    const system = denseSystem([4, 4], 9);
    const b = system.allocate().map((block) => block.fill(1));
    const { solution, relativeResidual, converged } = await conjugateGradient(system, b, { ...calm, iterations: 2 });
    const product = system.allocate();
    system.multiply(solution, product);
    const difference = product.map((block, k) => block.map((value, i) => b[k][i] - value));
    const residual = Math.sqrt(system.dot(difference, difference) / system.dot(b, b));
    expect(relativeResidual).toBeCloseTo(residual, 5);
    expect(converged).toBe(false);
  });

  it("answers zero for a zero right-hand side without a product", async () => {
    const system = denseSystem([2, 2], 4);
    const { iterations, solution } = await conjugateGradient(system, system.allocate(), calm);
    expect(iterations).toBe(0);
    expect([...solution[0], ...solution[1]]).toEqual([0, 0, 0, 0]);
  });

  it.each([0, NaN])("takes no step along curvature %d, which it names", async (value) => {
    const system = denseSystem([2, 2], 6);
    const flat: LinearSystem = { ...system, multiply: (_, out) => out.forEach((block) => block.fill(value)) };
    const b = system.allocate().map((block) => block.fill(1));
    const attempt = conjugateGradient(flat, b, calm);
    await expect(attempt).rejects.toThrow(NumericalError);
    await expect(attempt).rejects.toThrow(new RegExp(`curvature ${value}[ ,]`));
  });

  it("names negative curvature and the remedy", async () => {
    const system = denseSystem([2, 2], 5);
    const negative: LinearSystem = {
      ...system,
      multiply: (direction, out) => out.forEach((block, k) => block.set(direction[k].map((value) => -value))),
    };
    const b = system.allocate().map((block) => block.fill(1));
    await expect(conjugateGradient(negative, b, calm)).rejects.toThrow(/curvature -.*\n.*larger damping/);
  });
});

describe("a matrix that is not finite", () => {
  it.each([Infinity, NaN])("of %d is a NumericalError that says so, never the zero vector", async (value) => {
    const system = denseSystem([3, 2], 1);
    const spoiled: LinearSystem = { ...system, multiply: (_, out) => out.forEach((block) => block.fill(value)) };
    const b = [Float32Array.of(1, 1, 1), Float32Array.of(1, 1)];
    const options = { tolerance: 1e-6, iterations: 10, breathe: () => Promise.resolve() };
    await expect(conjugateGradient(spoiled, b, options)).rejects.toThrow(/is not finite: curvature/);
  });
});

import { describe, expect, it } from "vitest";
import { adamSolve } from "../../lib/ifru/adam-solver";

const curvature = [[4, 1, 0.5], [2, 3]]; // prettier-ignore
const rightHandSide = [Float32Array.of(1, -2, 3), Float32Array.of(0.5, -4)];

/** Diagonal: the gradient of each number is its curvature times itself, less its right-hand side. */
const system = {
  rightHandSide,
  allocate: () => rightHandSide.map((block) => new Float32Array(block.length)),
  multiply: (p: readonly Float32Array[], out: readonly Float32Array[]) =>
    out.forEach((block, k) => block.set(p[k].map((value, i) => curvature[k][i] * value))),
};
const calm = { breathe: () => Promise.resolve() };

/** Kingma and Ba's Adam, as their algorithm 1 has it, in float64. */
function adam(steps: number, stepSize: number): number[] {
  const [h, g] = [curvature.flat(), rightHandSide.flatMap((block) => [...block])];
  const [p, m, v] = [h.map(() => 0), h.map(() => 0), h.map(() => 0)];
  for (let t = 1; t <= steps; t++)
    for (let i = 0; i < p.length; i++) {
      const gradient = h[i] * p[i] - g[i];
      m[i] = 0.9 * m[i] + 0.1 * gradient;
      v[i] = 0.999 * v[i] + 0.001 * gradient ** 2;
      p[i] -= (stepSize * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
    }
  return p;
}

describe("the authors' solver", () => {
  it.each([1, 2, 7, 60])("takes the steps of Adam (%i of them)", async (steps) => {
    let taken = 0;
    const options = { ...calm, steps, stepSize: 0.05, patience: 1000, score: () => ++taken };
    const result = await adamSolve(system, options);
    expect(result).toMatchObject({ steps, bestStep: steps, bestScore: steps });
    const expected = adam(steps, 0.05);
    result.solution.flatMap((block) => [...block]).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it("keeps the iterate that scored best, the first of equals, and stops when patience ends", async () => {
    const scores = [0.5, 0.7, 0.6, 0.7, 0.1, 0.2, 0.9];
    const seen: [number, number][] = [];
    const result = await adamSolve(system, {
      ...{ steps: 50, stepSize: 0.05, patience: 4 },
      score: () => scores.shift() ?? NaN,
      breathe: (step, score) => Promise.resolve(void seen.push([step, score])),
    });
    expect(result).toMatchObject({ steps: 6, bestStep: 2, bestScore: 0.7 });
    expect(seen.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    const expected = adam(2, 0.05);
    result.solution.flatMap((block) => [...block]).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it("comes to the solution of the system", async () => {
    const options = { ...calm, steps: 4000, stepSize: 0.02, patience: 5000 };
    let last = 0;
    const { solution } = await adamSolve(system, { ...options, score: () => ++last });
    const h = curvature.flat();
    const g = rightHandSide.flatMap((block) => [...block]);
    solution.flatMap((block) => [...block]).forEach((value, i) => expect(value).toBeCloseTo(g[i] / h[i], 3));
  });
});

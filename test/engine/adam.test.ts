import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Random } from "../../lib/core";
import { Adam, createWorkspace, LazyAdam, liveWorkspaces, type Optimizer } from "../../lib/engine";
import { expectClose, expectSame } from "./forms";
import { vectors } from "./generators";

const step = { stepSize: 0.01, rootScale: 1.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Adam as the paper writes it, in float64, one element. */
function textbook(gradients: number[], start: number, learningRate: number): number {
  let [w, m, v] = [start, 0, 0];
  gradients.forEach((g, n) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mHat, vHat] = [m / (1 - 0.9 ** (n + 1)), v / (1 - 0.999 ** (n + 1))];
    w -= (learningRate * mHat) / (Math.sqrt(vHat) + 1e-8);
  });
  return w;
}

describe("the simd form agrees with the reference", () => {
  it("adam", () => {
    const states = fc.integer({ min: 0, max: 50 }).chain((n) => fc.tuple(...[0, 0, 0, 0].map(() => vectors(n))));
    fc.assert(
      fc.property(states, ([w, g, m, v]) =>
        expectSame((operations, put) => {
          const state = {
            parameters: put(w),
            gradient: put(g),
            firstMoment: put(m),
            secondMoment: put(v.map(Math.abs)),
          };
          operations.adam(state, step);
          return Object.values(state);
        }),
      ),
    );
  });

  it("adamRows and adamCatchUp, leaving other rows alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 21 }), fc.uniqueArray(fc.integer({ min: 0, max: 6 })), (width, rows) =>
        expectSame((operations, put) => {
          const filled = (phase: number) =>
            put(Float32Array.from({ length: 7 * width }, (_, k) => Math.cos(k + phase)));
          const state = { parameters: filled(1), gradient: filled(2), firstMoment: filled(3), secondMoment: filled(4) };
          state.secondMoment.forEach((value, k) => (state.secondMoment[k] = value ** 2));
          const list = put(Int32Array.from(rows));
          const coefficients = Float32Array.from(rows.flatMap((row) => [0.01 * row, 0.1, 0.5, 0.75]));
          operations.adamCatchUp(state, width, list, put(coefficients));
          operations.adamRows(state, width, list, step);
          if (!rows.includes(3)) expect(state.gradient[3 * width]).toBeCloseTo(Math.cos(3 * width + 2), 6);
          return Object.values(state);
        }),
      ),
    );
  });
});

/**
 * Runs sparse random gradients through an optimiser: `rows` rows of 3, each touched with probability `share` a step.
 */
function run(make: (parameters: Float32Array) => Optimizer, parameters: Float32Array, steps: number, scale: number) {
  const random = Random.derive(5, "gradients");
  const optimizer = make(parameters);
  const rows = parameters.length / 3;
  for (let n = 0; n < steps; n++) {
    const touched: number[] = [];
    for (let row = 0; row < rows; row++) if (random.uniform() < 0.02 * row) touched.push(row);
    optimizer.beforeBatch(Int32Array.from(touched));
    for (const row of touched)
      for (let j = 0; j < 3; j++) optimizer.gradient[3 * row + j] = scale * (random.normal() + (j - 1));
    optimizer.step(Int32Array.from(touched));
  }
  optimizer.settle();
  return parameters.slice();
}

describe("the optimisers", () => {
  const workspace = createWorkspace();
  afterEach(() => expect(liveWorkspaces()).toBe(1));

  it("dense Adam is the paper's algorithm", () => {
    const parameters = workspace.copyOf(Float32Array.from([0.5]));
    const adam = new Adam(workspace, parameters, { learningRate: 0.01 });
    const gradients = Array.from({ length: 300 }, (_, n) => Math.sin(n));
    for (const g of gradients) {
      adam.gradient[0] = g;
      adam.step();
      expect(adam.gradient[0]).toBe(0);
    }
    expectClose(parameters[0], textbook(gradients, 0.5, 0.01), 1e-5);
  });

  // At 1e-8 and below, epsilon outweighs the root of the second moment.
  it.each([1, 1e-4, 1e-7, 1e-8, 1e-9])("lazy Adam gives dense Adam's parameters, gradients of size %f", (scale) => {
    const [one, other] = [0, 0].map(() => workspace.float32(36).fill(0.1));
    const dense = run((parameters) => new Adam(workspace, parameters), one, 1500, scale);
    const lazy = run((parameters) => new LazyAdam(workspace, parameters, 3), other, 1500, scale);
    const worst = Math.max(...dense.map((value, k) => Math.abs(value - lazy[k])));
    expect(worst).toBeLessThan(1e-5);
    expect(Math.max(...dense.map((value) => Math.abs(value - 0.1)))).toBeGreaterThan(1e-3);
  });

  it("lazy Adam still moves a row by its momentum", () => {
    const parameters = workspace.float32(2);
    const adam = new LazyAdam(workspace, parameters, 1);
    const [first, second] = [Int32Array.of(0), Int32Array.of(1)];
    for (let n = 0; n < 600; n++) {
      adam.beforeBatch(first);
      adam.gradient[0] = 1;
      adam.step(first);
    }
    const before = parameters[0];
    for (let n = 0; n < 50; n++) adam.step(second);
    expect(parameters[0]).toBe(before);
    adam.settle();
    expect(parameters[0]).toBeLessThan(before - 5e-3);
  });

  it("refuses options out of range", () => {
    const parameters = workspace.float32(1);
    expect(() => new Adam(workspace, parameters, { learningRate: 0 })).toThrow(/learningRate/);
    expect(() => new Adam(workspace, parameters, { beta2: 1 })).toThrow(/beta2/);
  });
});

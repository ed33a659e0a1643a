import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../lib/core";
import type { MfCurvatureRows, Operations } from "../../lib/engine/operations";
import type { OperationArray } from "../../lib/engine/arrays";
import { expectClose, expectSame, forms } from "./forms";
import { makeProblem, type SmallProblem, smallProblems } from "./generators";

/** Matrix factorisation in float64, straight from the definitions: the oracle for finite differences. */
function loss(problem: SmallProblem, p: ArrayLike<number>, q: ArrayLike<number>): number {
  const { user, item, label, width } = problem;
  let sum = 0;
  for (let k = 0; k < user.length; k++) {
    let s = 0;
    for (let j = 0; j < width; j++) s += p[user[k] * width + j] * q[item[k] * width + j];
    sum += Math.max(s, 0) - label[k] * s + Math.log1p(Math.exp(-Math.abs(s)));
  }
  return sum;
}

/** The derivative of the loss along (a, b) at (p, q), by central differences. */
function slope(problem: SmallProblem, p: Float64Array, q: Float64Array, a: Float32Array, b: Float32Array): number {
  const h = 1e-5;
  const moved = (sign: number) =>
    loss(
      problem,
      p.map((value, k) => value + sign * h * a[k]),
      q.map((value, k) => value + sign * h * b[k]),
    );
  return (moved(1) - moved(-1)) / (2 * h);
}

type Put = <T extends OperationArray>(array: T) => T;

/** The problem in the engine's memory with its derivatives filled in. */
function prepare(operations: Operations, put: Put, small: SmallProblem, gaussNewton = false): MfCurvatureRows {
  const { width } = small;
  const [p, q, item] = [put(small.p), put(small.q), put(small.item)];
  const [residual, curvature] = [put(new Float32Array(item.length)), put(new Float32Array(item.length))];
  operations.mfDerivatives(p, q, put(small.user), item, put(small.label), width, residual, curvature);
  const userPointers = put(small.userPointers);
  return { userPointers, item, residual: gaussNewton ? null : residual, curvature, p, q, width };
}

const hessianTimes = (operations: Operations, put: Put, small: SmallProblem, a: Float32Array, b: Float32Array) => {
  const [outP, outQ] = [put(new Float32Array(small.p.length).fill(7)), put(new Float32Array(small.q.length).fill(7))];
  const problem = prepare(operations, put, small);
  operations.mfHessianVectorProduct(problem, put(a), put(b), outP, outQ);
  return [outP, outQ];
};

const product = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  Array.from(x).reduce((sum, value, k) => sum + value * y[k], 0);

describe("the simd form agrees with the reference", () => {
  it("mfScores and mfDerivatives", () => {
    fc.assert(
      fc.property(smallProblems, (small) =>
        expectSame((operations, put) => {
          const [p, q, user, item] = [put(small.p), put(small.q), put(small.user), put(small.item)];
          const [s, r, w] = [0, 0, 0].map(() => put(new Float32Array(item.length)));
          operations.mfScores(p, q, user, item, small.width, s);
          return [operations.mfDerivatives(p, q, user, item, put(small.label), small.width, r, w), s, r, w];
        }),
      ),
    );
  });

  it("mfLossGradient, with and without a penalty", () => {
    fc.assert(
      fc.property(smallProblems, fc.constantFrom(0, 0.3), (small, penalty) =>
        expectSame((operations, put) => {
          const [gradientP, gradientQ] = [put(small.a), put(small.b)];
          const residual = put(new Float32Array(small.user.length));
          const batch = { p: put(small.p), q: put(small.q), user: put(small.user), item: put(small.item) };
          const scale = 1 / 3;
          const sums = { scale, penalty, residual, gradientP, gradientQ, label: put(small.label), width: small.width };
          return [operations.mfLossGradient({ ...batch, ...sums }), residual, gradientP, gradientQ];
        }),
      ),
    );
  });

  it("mfGradient and mfHessianVectorProduct, with and without residuals", () => {
    fc.assert(
      fc.property(smallProblems, fc.boolean(), (small, gaussNewton) => {
        const work = (operations: Operations, put: Put) => {
          const problem = prepare(operations, put, small, gaussNewton);
          const [timesP, timesQ, gradientP, gradientQ] = [small.a, small.b, small.a, small.b].map(put);
          operations.mfHessianVectorProduct(problem, put(small.a), put(small.b), timesP, timesQ);
          if (!gaussNewton) operations.mfGradient(problem, gradientP, gradientQ);
          return [timesP, timesQ, gradientP, gradientQ];
        };
        // Terms of about 1, as many as rows, may cancel to anything: what is left is their rounding.
        expectSame(work, { absolute: 2e-6 + 2e-7 * small.item.length });
      }),
    );
  });
});

describe.each(forms)("derivatives of the $name form", ({ operations, workspace }) => {
  const small = makeProblem(5, 7, 40, 6, 1, 0.7);
  const inWorkspace = <T>(work: (put: Put) => T): T => {
    const memory = workspace();
    try {
      return work((array) => memory.copyOf(array));
    } finally {
      memory.dispose();
    }
  };

  it("the gradient is that of the loss", () =>
    inWorkspace((put) => {
      const [outP, outQ] = [put(new Float32Array(small.p.length)), put(new Float32Array(small.q.length))];
      operations.mfGradient(prepare(operations, put, small), outP, outQ);
      const along = product(outP, small.a) + product(outQ, small.b);
      const expected = slope(small, Float64Array.from(small.p), Float64Array.from(small.q), small.a, small.b);
      expectClose(along, expected, 1e-5);
    }));

  it("the batch gradient is that of scaled loss plus penalty", () =>
    inWorkspace((put) => {
      const [gradientP, gradientQ] = [put(new Float32Array(small.p.length)), put(new Float32Array(small.q.length))];
      const ids = { user: put(small.user), item: put(small.item), label: put(small.label) };
      const sums = { scale: 0.25, penalty: 0.1, residual: put(new Float32Array(40)), gradientP, gradientQ };
      const value = operations.mfLossGradient({ p: put(small.p), q: put(small.q), width: 6, ...ids, ...sums });
      expectClose(value, loss(small, small.p, small.q), 1e-6);
      let penalised = 0; // the slope of sum over rows of 0.1 / 2 (|p_u|² + |q_i|²)
      for (let k = 0; k < 40; k++)
        for (let j = 0; j < 6; j++) {
          const [u, i] = [small.user[k] * 6 + j, small.item[k] * 6 + j];
          penalised += 0.1 * (small.p[u] * small.a[u] + small.q[i] * small.b[i]);
        }
      const plain = slope(small, Float64Array.from(small.p), Float64Array.from(small.q), small.a, small.b);
      const along = product(gradientP, small.a) + product(gradientQ, small.b);
      expectClose(along, 0.25 * (plain + penalised), 1e-5);
    }));

  it("the Hessian is the slope of the gradient along a direction", () =>
    inWorkspace((put) => {
      const [outP, outQ] = hessianTimes(operations, put, small, small.a, small.b);
      const other = makeProblem(5, 7, 40, 6, 2, 0.7);
      const h = 1e-3;
      const at = (sign: number) =>
        slope(
          small,
          Float64Array.from(small.p, (value, k) => value + sign * h * small.a[k]),
          Float64Array.from(small.q, (value, k) => value + sign * h * small.b[k]),
          other.a,
          other.b,
        );
      const expected = (at(1) - at(-1)) / (2 * h);
      expectClose(product(outP, other.a) + product(outQ, other.b), expected, 1e-4);
    }));

  it("the Hessian is symmetric", () =>
    inWorkspace((put) => {
      const other = makeProblem(5, 7, 40, 6, 3, 0.7);
      const [hp, hq] = hessianTimes(operations, put, small, small.a, small.b);
      const [gp, gq] = hessianTimes(operations, put, small, other.a, other.b);
      const left = product(hp, other.a) + product(hq, other.b);
      const right = product(gp, small.a) + product(gq, small.b);
      expectClose(left, right, 1e-5);
    }));

  it("refuses shapes that do not fit and ids out of range", () =>
    inWorkspace((put) => {
      const problem = prepare(operations, put, small);
      const [a, b] = [put(small.a), put(small.b)];
      const refused = (changes: Partial<MfCurvatureRows>) =>
        expect(() => operations.mfHessianVectorProduct({ ...problem, ...changes }, a, b, a, b)).toThrow(
          InvalidArgumentError,
        );
      refused({ width: 0 });
      refused({ width: 4 });
      refused({ item: put(Int32Array.from(small.item).fill(7, 3, 4)) });
      refused({ item: put(Int32Array.from(small.item).fill(-1, 39)) });
      refused({ userPointers: put(Int32Array.from([0, 9, 8, 20, 30, 40])) });
      refused({ userPointers: put(Int32Array.from([0, 8, 9, 20, 30, 41])) });
      refused({ curvature: put(new Float32Array(39)) });
      expect(() => operations.mfHessianVectorProduct(problem, a, a, a, b)).toThrow(/"directionQ" has 30 elements/);
      expect(() => operations.mfGradient({ ...problem, residual: null }, a, b)).toThrow(/no residuals/);
    }));
});

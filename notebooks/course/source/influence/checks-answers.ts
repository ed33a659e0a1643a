// The right answers that the hidden checks compare with, and what they draw: never released.
import type { Random } from "recsys-unlearning/core";
import type { Plain } from "recsys-unlearning-kernel/course";

export type Vector = readonly number[];
interface Row {
  readonly user: number;
  readonly item: number;
  readonly label: number;
}
interface Shape {
  readonly users: number;
  readonly items: number;
  readonly size: number;
}
export interface Problem {
  readonly theta: Vector;
  readonly rows: readonly Row[];
  readonly lambda: number;
  readonly shape: Shape;
  readonly direction: Vector;
}

export const dot = (a: Vector, b: Vector) => a.reduce((sum, x, k) => sum + x * b[k], 0);
export const plus = (a: Vector, b: Vector, factor = 1) => a.map((x, k) => x + factor * b[k]);
export const times = (a: Vector, factor: number) => a.map((x) => factor * x);
const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

export function drawProblem(random: Random, which: number): Problem {
  return drawRows(random, { users: 3 + which, items: 4, size: 2 + which }, 8);
}

function drawRows(random: Random, shape: Shape, count: number): Problem {
  const pairs = random.sample(shape.users * shape.items, count);
  const rows = [...pairs].map((pair, k) => ({
    user: pair % shape.users,
    item: Math.floor(pair / shape.users),
    label: k % 2,
  }));
  const normals = () => Array.from({ length: (shape.users + shape.items) * shape.size }, () => random.normal());
  return { theta: normals(), rows, lambda: 0.4 + random.uniform(), shape, direction: normals() };
}

/** What a row adds to a vector of the parameters' length, at its user and its item. */
export type Addition = (at: { p: Vector; q: Vector; a: Vector; b: Vector; label: number }) => {
  user: Vector;
  item: Vector;
};

/** The sum of what all rows add. */
export function summed({ theta, rows, shape, direction }: Problem, addition: Addition): number[] {
  const out = theta.map(() => 0);
  for (const { user, item, label } of rows) {
    const [u, i] = [user * shape.size, (shape.users + item) * shape.size];
    const part = (vector: Vector, from: number) => vector.slice(from, from + shape.size);
    const [p, q, a, b] = [part(theta, u), part(theta, i), part(direction, u), part(direction, i)];
    const added = addition({ p, q, a, b, label });
    for (let k = 0; k < shape.size; k++) {
      out[u + k] += added.user[k];
      out[i + k] += added.item[k];
    }
  }
  return out;
}

/** Equation 2 and the chain rule, without the regulariser. */
export const pulls: Addition = ({ p, q, label }) => {
  const residual = sigmoid(dot(p, q)) - label;
  return { user: times(q, residual), item: times(p, residual) };
};
/** The terms of equation 4 in w; `curvature` and `change` are w and ds where nothing is wrong. */
export function bends(
  curvature = (w: number) => w,
  change = ({ p, q, a, b }: Parameters<Addition>[0]) => dot(a, q) + dot(p, b),
): Addition {
  return (at) => {
    const s = sigmoid(dot(at.p, at.q));
    const pull = curvature(s * (1 - s)) * change(at);
    return { user: times(at.q, pull), item: times(at.p, pull) };
  };
}
/** The terms of equation 4 in r. */
export const twists: Addition = ({ p, q, a, b, label }) => {
  const residual = sigmoid(dot(p, q)) - label;
  return { user: times(b, residual), item: times(a, residual) };
};
export const crossedTwists: Addition = (at) => {
  const { user, item } = twists(at);
  return { user: item, item: user };
};

export const gradientOf = (problem: Problem) => plus(summed(problem, pulls), problem.theta, problem.lambda);
export const curved = (problem: Problem) => summed(problem, bends());
export const gaussNewtonOf = (problem: Problem) => plus(curved(problem), problem.direction, problem.lambda);
export const hvpOf = (problem: Problem) => plus(gaussNewtonOf(problem), summed(problem, twists));

export const problemArgs = ({ theta, rows, lambda, shape }: Problem): Plain[] => [
  theta,
  rows.map((row) => ({ ...row })),
  lambda,
  { ...shape },
];
export const productArgs = (problem: Problem): Plain[] => [...problemArgs(problem), problem.direction];

/** A system with few different eigenvalues: conjugate gradient needs as many iterations. */
export function drawSystem(random: Random): { matrix: number[][]; b: number[]; distinct: number } {
  const n = 7;
  const eigenvalues = [1, 1, 1, 3, 3, 8, 8].map((x) => x * (0.5 + random.uniform()));
  for (let k = 0; k < n; k++) eigenvalues[k] = eigenvalues[k < 3 ? 0 : k < 5 ? 3 : 5];
  // Q diag(eigenvalues) Q, with Q = 1 - 2 v v' / v'v: symmetric and orthogonal.
  const v = Array.from({ length: n }, () => random.normal());
  const reflect = (x: Vector) => plus(x, v, (-2 * dot(v, x)) / dot(v, v));
  const unit = (place: number) => Array.from({ length: n }, (_, k) => (k === place ? 1 : 0));
  const matrix = v.map((_, k) => reflect(reflect(unit(k)).map((x, j) => x * eigenvalues[j])));
  return { matrix, b: Array.from({ length: n }, () => random.normal()), distinct: 3 };
}

/** One exact step of equation 5 from 0: all that a single iteration may do. */
export function firstIterate({ matrix, b }: { matrix: number[][]; b: number[] }): number[] {
  const moved = matrix.map((row) => dot(row, b));
  return times(b, dot(b, b) / dot(b, moved));
}

/**
 * A problem at whose parameters the whole gradient is 0, by Newton's method with the Gauss-Newton matrix. All pairs are
 * rated, so that the system without damping has a solution that can be told apart.
 */
export function drawTrained(random: Random): Problem & { readonly places: number[] } {
  const drawn = { ...drawRows(random, { users: 4, items: 5, size: 2 }, 20), lambda: 0.2 + 0.1 * random.uniform() };
  let theta: Vector = times(drawn.theta, 0.8);
  for (let step = 0; step < 1000; step++) {
    const g = gradientOf({ ...drawn, theta });
    if (Math.hypot(...g) < 1e-8) break;
    theta = plus(theta, solve(matrixOf({ ...drawn, theta }, gaussNewtonOf), g), -0.5);
  }
  return { ...drawn, theta, places: [...random.sample(drawn.rows.length, 2)] };
}

/** The matrix of a product, column by column. */
export function matrixOf(problem: Problem, product: (problem: Problem) => number[]): number[][] {
  return problem.theta.map((_, place) => product({ ...problem, direction: unitOf(problem, place) }));
}
export const unitOf = ({ theta }: Problem, place: number) => theta.map((_, k) => (k === place ? 1 : 0));

/** Gaussian elimination with pivots. */
export function solve(matrix: readonly Vector[], b: Vector): number[] {
  const rows = matrix.map((row, k) => [...row, b[k]]);
  for (let c = 0; c < b.length; c++) {
    let pivot = c;
    for (let r = c + 1; r < b.length; r++) if (Math.abs(rows[r][c]) > Math.abs(rows[pivot][c])) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < b.length; r++) if (r !== c) rows[r] = plus(rows[r], rows[c], -rows[r][c] / rows[c][c]);
  }
  return rows.map((row, k) => row[b.length] / row[k]);
}

/** The shortest solution of a singular system, which is what conjugate gradient finds from 0. */
export const shortestSolution = (matrix: readonly Vector[], b: Vector) =>
  solve(
    matrix.map((row, k) => row.map((x, j) => (j === k ? x + 1e-9 : x))),
    b,
  );

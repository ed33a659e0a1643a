// The hidden checks of this assignment: never released. The rubric is the scores below.
/* eslint max-lines: ["error", 600] -- a rubric is read as one table */
import { Random } from "recsys-unlearning/core";
import { assignment, type Check, nearlyEqual, numberArray, numericCheck, type Plain } from "recsys-unlearning-kernel/course";

type Vector = readonly number[];
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
interface Problem {
  readonly theta: Vector;
  readonly rows: readonly Row[];
  readonly lambda: number;
  readonly shape: Shape;
  readonly direction: Vector;
}

const dot = (a: Vector, b: Vector) => a.reduce((sum, x, k) => sum + x * b[k], 0);
const plus = (a: Vector, b: Vector, factor = 1) => a.map((x, k) => x + factor * b[k]);
const times = (a: Vector, factor: number) => a.map((x) => factor * x);
const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

function drawProblem(random: Random, which: number): Problem {
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
type Addition = (at: { p: Vector; q: Vector; a: Vector; b: Vector; label: number }) => { user: Vector; item: Vector };

/** The sum of what all rows add. */
function summed({ theta, rows, shape, direction }: Problem, addition: Addition): number[] {
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
const pulls: Addition = ({ p, q, label }) => {
  const residual = sigmoid(dot(p, q)) - label;
  return { user: times(q, residual), item: times(p, residual) };
};
/** The terms of equation 4 in w; `curvature` and `change` are w and ds where nothing is wrong. */
function bends(
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
const twists: Addition = ({ p, q, a, b, label }) => {
  const residual = sigmoid(dot(p, q)) - label;
  return { user: times(b, residual), item: times(a, residual) };
};
const crossedTwists: Addition = (at) => {
  const { user, item } = twists(at);
  return { user: item, item: user };
};

const gradientOf = (problem: Problem) => plus(summed(problem, pulls), problem.theta, problem.lambda);
const curved = (problem: Problem) => summed(problem, bends());
const gaussNewtonOf = (problem: Problem) => plus(curved(problem), problem.direction, problem.lambda);
const hvpOf = (problem: Problem) => plus(gaussNewtonOf(problem), summed(problem, twists));

const problemArgs = ({ theta, rows, lambda, shape }: Problem): Plain[] => [theta, rows.map((row) => ({ ...row })), lambda, { ...shape }];
const productArgs = (problem: Problem): Plain[] => [...problemArgs(problem), problem.direction];

const gradient = numericCheck<Problem>({
  name: "gradient",
  title: "Gradient of matrix factorisation",
  points: 4,
  cell: "gradient-test",
  call: "gradient",
  draw: drawProblem,
  args: problemArgs,
  right: gradientOf,
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "It points the other way: the gradient points to where the loss rises.",
      as: (problem) => times(gradientOf(problem), -1),
    },
    {
      name: "forgot the regulariser",
      score: 0.5,
      comment: "The ratings' part is right. The regulariser has a gradient too.",
      as: (problem) => summed(problem, pulls),
    },
    {
      name: "factor of the regulariser",
      score: 0.75,
      comment: "The ratings' part is right. Differentiate the square in the regulariser once more.",
      as: (problem) => plus(summed(problem, pulls), problem.theta, problem.lambda / 2),
    },
    {
      name: "factor of the regulariser",
      score: 0.75,
      comment: "The ratings' part is right. Where has the 1/2 of the regulariser gone?",
      as: (problem) => plus(summed(problem, pulls), problem.theta, 2 * problem.lambda),
    },
    {
      name: "mean for sum",
      score: 0.5,
      comment: "Equation 1 is a sum over the ratings, not a mean.",
      as: (problem) => times(gradientOf(problem), 1 / problem.rows.length),
    },
    {
      name: "mean for sum",
      score: 0.5,
      comment: "Equation 1 is a sum over the ratings, not a mean.",
      as: (problem) => plus(times(summed(problem, pulls), 1 / problem.rows.length), problem.theta, problem.lambda),
    },
    {
      name: "wrong axis",
      score: 0.25,
      comment: "What pulls a user is the item's vector, and the other way around.",
      as: (problem) => {
        const own: Addition = (at) => {
          const { user, item } = pulls(at);
          return { user: item, item: user };
        };
        return plus(summed(problem, own), problem.theta, problem.lambda);
      },
    },
  ],
});

const noDamping = "forgot the damping";

const hvp = numericCheck<Problem>({
  name: "hvp",
  title: "Hessian-vector product",
  points: 5,
  cell: "hvp-test",
  call: "hvp",
  draw: drawProblem,
  args: productArgs,
  right: hvpOf,
  mistakes: [
    {
      name: noDamping,
      score: 0.6,
      comment: "The ratings' part is right. The regulariser is curved too: what does it do to a direction?",
      as: (problem) => plus(hvpOf(problem), problem.direction, -problem.lambda),
    },
    {
      name: "sign",
      score: 0.5,
      comment: "It points the other way.",
      as: (problem) => times(hvpOf(problem), -1),
    },
    {
      name: "no terms in r",
      score: 0.6,
      comment: "This is the Gauss-Newton product: of the two terms of equation 4 the one in r is missing.",
      as: gaussNewtonOf,
    },
    {
      name: "sign of the residual",
      score: 0.6,
      comment: "The terms in r have the wrong sign: r is the prediction minus the label.",
      as: (problem) => plus(gaussNewtonOf(problem), summed(problem, twists), -1),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "In the first term of equation 4 the factor w is missing.",
      as: (problem) => {
        const rest = plus(summed(problem, twists), problem.direction, problem.lambda);
        return plus(rest, summed(problem, bends(() => 1)));
      },
    },
    {
      name: "half of ds",
      score: 0.4,
      comment: "Equation 3 has two terms: the user's vector moves and the item's too.",
      as: (problem) => {
        const rest = plus(summed(problem, twists), problem.direction, problem.lambda);
        return plus(rest, summed(problem, bends(undefined, ({ q, a }) => dot(a, q))));
      },
    },
    {
      name: "wrong axis",
      score: 0.4,
      comment: "The terms in r stand at the wrong end: at the user it is the item's part of the direction.",
      as: (problem) => plus(gaussNewtonOf(problem), summed(problem, crossedTwists)),
    },
  ],
});

const gaussNewton = numericCheck<Problem>({
  name: "gauss-newton",
  title: "Gauss-Newton product",
  points: 3,
  cell: "gauss-newton-test",
  call: "gaussNewton",
  draw: drawProblem,
  args: productArgs,
  right: gaussNewtonOf,
  mistakes: [
    {
      name: noDamping,
      score: 0.5,
      comment: "The ratings' part is right. Without the regulariser nothing holds the curvature above 0.",
      as: curved,
    },
    { name: "sign", score: 0.5, comment: "It points the other way.", as: (problem) => times(gaussNewtonOf(problem), -1) },
    {
      name: "terms in r",
      score: 1 / 3,
      comment: "This is the exact product: the terms in r are to go.",
      as: hvpOf,
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The factor w is missing.",
      as: (problem) => plus(summed(problem, bends(() => 1)), problem.direction, problem.lambda),
    },
  ],
});

/** A system with few different eigenvalues: conjugate gradient needs as many iterations. */
function drawSystem(random: Random): { matrix: number[][]; b: number[]; distinct: number } {
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
function firstIterate({ matrix, b }: { matrix: number[][]; b: number[] }): number[] {
  const moved = matrix.map((row) => dot(row, b));
  return times(b, dot(b, b) / dot(b, moved));
}

/** `{ x, iterations }` as given, or `undefined`. */
function asSolution(value: Plain | undefined): { x: Vector; iterations: unknown } | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const { x, iterations } = value as { readonly [key: string]: Plain };
  const numbers = numberArray(x);
  return numbers?.every(Number.isFinite) ? { x: numbers, iterations } : undefined;
}

const conjugateGradient: Check = {
  name: "conjugate-gradient",
  title: "Conjugate gradient",
  points: 4,
  cell: "conjugate-gradient-test",
  asks: ({ seed }) => {
    const { matrix, b } = drawSystem(Random.derive(seed, "system"));
    const ask = (right: Vector, most: number) => ({ call: "solveMatrix", args: [matrix, right, 1e-9, most] });
    return [ask(b, 60), ask(b, 1), ask(times(b, 0), 60)];
  },
  judge(values, { seed }) {
    const system = drawSystem(Random.derive(seed, "system"));
    const { matrix, b, distinct } = system;
    const [full, one, zero] = values.map(asSolution);
    if (full === undefined || full.x.length !== b.length)
      return { score: 0, comment: "`conjugateGradient` gave no solution of the right length." };
    const residual = (x: Vector) => plus(b, matrix.map((row) => dot(row, x)), -1);
    const solves = (x: Vector) => Math.hypot(...residual(x)) <= 1e-6 * Math.hypot(...b);
    if (solves(times(full.x, -1))) return { score: 0.25, comment: "It solves A x = -b.", mistake: "sign" };
    if (!solves(full.x)) return { score: 0, comment: "A x is not b after 60 iterations for 7 unknowns." };
    // 2 of 4 points for a solution, and the rest for how it comes about.
    const zeroRight = zero !== undefined && zero.x.length === b.length && zero.x.every((x) => x === 0);
    const oneRight = one !== undefined && one.iterations === 1 && nearlyEqual(one.x, firstIterate(system), 1e-9);
    const counts = typeof full.iterations === "number" ? full.iterations : Infinity;
    const score = 0.5 + (zeroRight ? 0.125 : 0) + (oneRight ? 0.125 : 0) + (counts <= distinct + 1 ? 0.25 : 0);
    if (score === 1) return { score, comment: "Right." };
    if (counts > distinct + 1)
      return { score, comment: "It solves, and takes more iterations than there are eigenvalues: beta.", mistake: "beta" };
    if (!zeroRight) return { score, comment: "For b = 0 the solution is not 0.", mistake: "divides by 0" };
    return { score, comment: "It does not stop after mostIterations, or counts otherwise.", mistake: "off by one" };
  },
};

/**
 * A problem at whose parameters the whole gradient is 0, by Newton's method with the Gauss-Newton matrix. All pairs are
 * rated, so that the system without damping has a solution that can be told apart.
 */
function drawTrained(random: Random): Problem & { readonly places: number[] } {
  const drawn = { ...drawRows(random, { users: 4, items: 5, size: 2 }, 20), lambda: 0.2 + 0.1 * random.uniform() };
  let theta: Vector = times(drawn.theta, 0.8);
  for (let step = 0; step < 4000; step++) {
    const g = gradientOf({ ...drawn, theta });
    if (Math.hypot(...g) < 1e-11) break;
    theta = plus(theta, solve(matrixOf({ ...drawn, theta }, gaussNewtonOf), g), -0.5);
  }
  return { ...drawn, theta, places: [...random.sample(drawn.rows.length, 2)] };
}

/** The matrix of a product, column by column. */
function matrixOf(problem: Problem, product: (problem: Problem) => number[]): number[][] {
  return problem.theta.map((_, place) => product({ ...problem, direction: unitOf(problem, place) }));
}
const unitOf = ({ theta }: Problem, place: number) => theta.map((_, k) => (k === place ? 1 : 0));

/** Gaussian elimination with pivots. */
function solve(matrix: readonly Vector[], b: Vector): number[] {
  const rows = matrix.map((row, k) => [...row, b[k]]);
  for (let c = 0; c < b.length; c++) {
    let pivot = c;
    for (let r = c + 1; r < b.length; r++) if (Math.abs(rows[r][c]) > Math.abs(rows[pivot][c])) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < b.length; r++)
      if (r !== c) rows[r] = plus(rows[r], rows[c], -rows[r][c] / rows[c][c]);
  }
  return rows.map((row, k) => row[b.length] / row[k]);
}

/** The shortest solution of a singular system, which is what conjugate gradient finds from 0. */
const shortestSolution = (matrix: readonly Vector[], b: Vector) =>
  solve(
    matrix.map((row, k) => row.map((x, j) => (j === k ? x + 1e-9 : x))),
    b,
  );

const forget: Check = {
  name: "forget",
  title: "Forget by one Newton step",
  points: 4,
  cell: "forget-test",
  // Their own gradient and product are asked for as well: a mistake there is marked there, not here again.
  asks: ({ seed }) => {
    const problem = drawTrained(Random.derive(seed, "forget"));
    const { theta, rows, lambda, shape, places } = problem;
    const gone = { ...problem, rows: places.map((place) => rows[place]), lambda: 0 };
    const stay = { ...problem, rows: rows.filter((_, k) => !places.includes(k)) };
    return [
      { call: "forgetRows", args: [theta, problemArgs(problem)[1], places, lambda, { ...shape }] },
      { call: "gradient", args: problemArgs(gone) },
      ...theta.map((_, k) => ({ call: "gaussNewton", args: productArgs({ ...stay, direction: unitOf(stay, k) }) })),
    ];
  },
  judge([value, ownGradient, ...ownColumns], { seed }) {
    const given = numberArray(value);
    if (given === undefined) return { score: 0, comment: "`forget` gave no parameters." };
    const problem = drawTrained(Random.derive(seed, "forget"));
    const { theta, rows, places } = problem;
    const gone = { ...problem, rows: places.map((place) => rows[place]), lambda: 0 };
    const stay = { ...problem, rows: rows.filter((_, k) => !places.includes(k)) };
    const g = gradientOf(gone);
    const matrix = matrixOf(stay, gaussNewtonOf);
    const step = solve(matrix, g);
    const is = (right: Vector) => nearlyEqual(given, right, 1e-4);
    if (is(plus(theta, step))) return { score: 1, comment: "Right." };
    const columns = ownColumns.map(numberArray);
    const own = numberArray(ownGradient);
    if (own?.length === theta.length && columns.every((column) => column?.length === theta.length))
      if (is(plus(theta, solve(columns as Vector[], own))))
        return { score: 1, comment: "Right with your own gradient and product, which are marked where they stand." };
    const mistakes: [name: string, comment: string, value: () => Vector][] = [
      ["sign", "The step goes the other way: what is forgotten weighs more afterwards.", () => plus(theta, step, -1)],
      ["no start", "This is the step alone: add it to the parameters.", () => step],
      [
        "matrix of all rows",
        "The matrix is that of all ratings, as in the paper; asked for is that of those that stay.",
        () => plus(theta, solve(matrixOf(problem, gaussNewtonOf), g)),
      ],
      [
        "regulariser forgotten",
        "The regulariser is in g: it is not forgotten.",
        () => plus(theta, solve(matrix, gradientOf({ ...gone, lambda: problem.lambda }))),
      ],
      [
        "missing factor",
        "The step is a fraction of what it should be: g is a sum, not a mean.",
        () => plus(theta, step, 1 / rows.length),
      ],
      ["missing factor", "g is a sum, not a mean.", () => plus(theta, step, 1 / places.length)],
      [noDamping, "The matrix has no damping.", () => plus(theta, shortestSolution(matrixOf(stay, curved), g))],
    ];
    const found = mistakes.find(([, , wrong]) => is(wrong()));
    if (found !== undefined) return { score: 0.5, comment: found[1], mistake: found[0] };
    return { score: 0, comment: "These are not the parameters after one step of equation 7." };
  },
};

interface Pairs {
  readonly estimated: Vector;
  readonly actual: Vector;
}
const centred = (values: Vector) => plus(values, values.map(() => 1), -values.reduce((sum, x) => sum + x, 0) / values.length);
const cosine = (a: Vector, b: Vector) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const pearson = ({ estimated, actual }: Pairs) => cosine(centred(estimated), centred(actual));

const agreement = numericCheck<Pairs>({
  name: "agreement",
  title: "Correlation and slope",
  points: 2,
  cell: "agreement-test",
  call: "agreement",
  draw: (random) => {
    const actual = Array.from({ length: 12 }, () => 0.5 + random.normal());
    return { actual, estimated: actual.map((x) => 0.6 * x + 0.3 * random.normal() + 0.2) };
  },
  args: ({ estimated, actual }) => [estimated, actual],
  numbers: (value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    const { correlation, slope } = value as { readonly [key: string]: Plain };
    return numberArray([correlation, slope]);
  },
  right: (pairs) => [pearson(pairs), dot(pairs.estimated, pairs.actual) / dot(pairs.actual, pairs.actual)],
  mistakes: [
    {
      name: "wrong axis",
      score: 0.5,
      comment: "The correlation is right. The slope is of the truth over the estimate, or divided by the wrong one.",
      as: (pairs) => [pearson(pairs), dot(pairs.estimated, pairs.actual) / dot(pairs.estimated, pairs.estimated)],
    },
    {
      name: "slope not through 0",
      score: 0.5,
      comment: "The correlation is right. The slope is of the line with an intercept; asked for is the line through 0.",
      as: (pairs) => {
        const [a, b] = [centred(pairs.estimated), centred(pairs.actual)];
        return [pearson(pairs), dot(a, b) / dot(b, b)];
      },
    },
    {
      name: "means left in",
      score: 0.5,
      comment: "The slope is right. Pearson's correlation takes off the means first.",
      as: (pairs) => [
        cosine(pairs.estimated, pairs.actual),
        dot(pairs.estimated, pairs.actual) / dot(pairs.actual, pairs.actual),
      ],
    },
  ],
});

export default assignment({
  name: "influence",
  title: "What one rating did to a model",
  checks: [gradient, hvp, gaussNewton, conjugateGradient, forget, agreement],
  manual: [
    {
      name: "plot",
      cell: "plot",
      points: 3,
      rubric:
        "1: all ratings of `nearby`, retrained on x, both estimates on y, axes named. 1: the line of agreement. " +
        "1: judged in words by what is seen: H on the line, G in the right direction and too short.",
    },
    {
      name: "fails",
      cell: "fails",
      points: 4,
      rubric:
        "1: sizes 1 to 256 with several draws each, retrained for each. 1: the relative error is of changes of logits " +
        "on rows that stay. 1: H and G, readable axes. 1: a third line that tests one condition.",
    },
    {
      name: "question-1",
      cell: "question-1",
      points: 3,
      rubric:
        "1 each, up to 3, with evidence from the student's own curve or experiment: first order only, so large requests " +
        "fail; not at a minimum; not positive definite, so steps may be of any length, and G is safe; another minimum.",
    },
    {
      name: "question-2",
      cell: "question-2",
      points: 2,
      rubric: "1: rotations leave the loss alone. 1: two retrainings bound what agreement means (the noise floor).",
    },
    {
      name: "open",
      cell: "open",
      points: 2,
      rubric: "1: an expectation and a trial that can refute it. 1: a conclusion that the number shown supports.",
    },
  ],
});

// Hidden checks of the solver, the Newton step and the comparison: never released.
import { Random } from "recsys-unlearning/core";
import { type Check, nearlyEqual, numberArray, numericCheck, type Plain } from "recsys-unlearning-kernel/course";
import {
  curved,
  dot,
  drawSystem,
  drawTrained,
  firstIterate,
  gaussNewtonOf,
  gradientOf,
  matrixOf,
  plus,
  problemArgs,
  productArgs,
  shortestSolution,
  solve,
  times,
  unitOf,
  type Vector,
} from "./checks-answers";
import { noDamping } from "./checks-products";

/** `{ x, iterations }` as given, or `undefined`. */
function asSolution(value: Plain | undefined): { x: Vector; iterations: unknown } | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const { x, iterations } = value as { readonly [key: string]: Plain };
  const numbers = numberArray(x);
  return numbers?.every(Number.isFinite) ? { x: numbers, iterations } : undefined;
}

export const conjugateGradient: Check = {
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
    const residual = (x: Vector) =>
      plus(
        b,
        matrix.map((row) => dot(row, x)),
        -1,
      );
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
      return {
        score,
        comment: "It solves, and takes more iterations than there are eigenvalues: beta.",
        mistake: "beta",
      };
    if (!zeroRight) return { score, comment: "For b = 0 the solution is not 0.", mistake: "divides by 0" };
    return { score, comment: "It does not stop after mostIterations, or counts otherwise.", mistake: "off by one" };
  },
};

export const forget: Check = {
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
const centred = (values: Vector) =>
  plus(
    values,
    values.map(() => 1),
    -values.reduce((sum, x) => sum + x, 0) / values.length,
  );
const cosine = (a: Vector, b: Vector) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const pearson = ({ estimated, actual }: Pairs) => cosine(centred(estimated), centred(actual));

export const agreement = numericCheck<Pairs>({
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

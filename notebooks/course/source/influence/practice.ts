// What the assignment gives: data of each student's own, the loss, training, and checks to run while you work.
import { announce, NotFoundError, Random } from "recsys-unlearning/core";
import { generateInteractions, type Interactions, loadDataset } from "recsys-unlearning/data";

/** How many users and items a model has, and how long their vectors are. */
export interface Shape {
  readonly users: number;
  readonly items: number;
  readonly size: number;
}

/** A rating: label 1 where the user liked the item, else 0. */
export interface Row {
  readonly user: number;
  readonly item: number;
  readonly label: number;
}

export interface Data {
  readonly source: "ml-100k" | "generated";
  readonly shape: Shape;
  readonly train: readonly Row[];
  readonly test: readonly Row[];
  /** The weight of the regulariser. */
  readonly lambda: number;
  /** Who asks to be forgotten. */
  readonly forgetUser: number;
}

/** The sum of losses' gradient, `[parameters]`: of `loss` below. */
export type Gradient = (theta: readonly number[], rows: readonly Row[], lambda: number, shape: Shape) => number[];
/** A matrix of second derivatives times a direction, `[parameters]`. */
export type Product = (
  theta: readonly number[],
  rows: readonly Row[],
  lambda: number,
  shape: Shape,
  direction: readonly number[],
) => number[];
export interface Solution {
  readonly x: number[];
  readonly iterations: number;
}
/** Solves A x = b, A given by what it does to a vector, until |b - A x| <= tolerance |b|. */
export type Solver = (
  product: (vector: readonly number[]) => number[],
  b: readonly number[],
  tolerance: number,
  mostIterations: number,
) => Solution;
/** The parameters after some rows are forgotten, by one Newton step with the matrix of `product`. */
export type Forget = (
  theta: readonly number[],
  train: readonly Row[],
  forgotten: readonly Row[],
  lambda: number,
  shape: Shape,
  product: Product,
) => number[];
export interface Fit {
  readonly correlation: number;
  readonly slope: number;
}
/** How well an estimate agrees with the truth: their correlation, and the slope of estimate over truth through 0. */
export type Agreement = (estimated: readonly number[], actual: readonly number[]) => Fit;

const popular = 160;

/** MovieLens-100K where it can be had, else the generated dataset, said aloud. */
async function ratings(): Promise<{ source: Data["source"]; all: Interactions }> {
  try {
    return { source: "ml-100k", all: (await loadDataset("ml-100k")).interactions };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    announce("MovieLens-100K cannot be had here: your data are GENERATED, and say nothing about MovieLens.");
    return { source: "generated", all: generateInteractions() };
  }
}

/**
 * Your data: the ratings of 80 users for 60 items, both drawn by your name from the 160 most active and most rated.
 * Liked is more than 3 stars. Every seventh rating, in a random order, is for testing.
 */
export async function dataOf(student: string): Promise<Data> {
  const { source, all } = await ratings();
  const random = Random.derive(18, "influence", student);
  const users = numbered(random, mostFrequent(all.user, all.userCount), 80);
  const items = numbered(random, mostFrequent(all.item, all.itemCount), 60);
  const rows: Row[] = [];
  for (let k = 0; k < all.user.length; k++) {
    const user = users.get(all.user[k]);
    const item = items.get(all.item[k]);
    if (user !== undefined && item !== undefined) rows.push({ user, item, label: all.label[k] > 3 ? 1 : 0 });
  }
  random.shuffle(rows);
  const train = rows.filter((_, k) => k % 7 !== 0);
  const test = rows.filter((_, k) => k % 7 === 0);
  const shape = { users: 80, items: 60, size: 2 };
  const active = [...new Set(train.map(({ user }) => user))].filter((user) => rowsOf(train, user).length >= 15);
  return { source, shape, train, test, lambda: 3, forgetUser: active[random.integer(active.length)] };
}

/** The `popular` ids with the most rows. */
function mostFrequent(ids: Int32Array, count: number): number[] {
  const rows = new Int32Array(count);
  for (const id of ids) rows[id]++;
  const byRows = [...rows.keys()].sort((a, b) => rows[b] - rows[a] || a - b);
  return byRows.slice(0, popular);
}

/** `count` of the ids, drawn, numbered from 0. */
function numbered(random: Random, ids: readonly number[], count: number): Map<number, number> {
  return new Map([...random.sample(ids.length, count)].map((place, number) => [ids[place], number]));
}

/** The rows of one user. */
export function rowsOf(rows: readonly Row[], user: number): Row[] {
  return rows.filter((row) => row.user === user);
}

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * b[k], 0);
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Where the vectors of a row begin: users stand first, then items. */
const places = ({ user, item }: Row, { users, size }: Shape) => [user * size, (users + item) * size];

/** What the model thinks of a row: the inner product of the two vectors. */
export function logit(theta: readonly number[], row: Row, shape: Shape): number {
  const [u, i] = places(row, shape);
  let sum = 0;
  for (let k = 0; k < shape.size; k++) sum += theta[u + k] * theta[i + k];
  return sum;
}

/** Equation 1: the sum of the rows' binary cross-entropies, and lambda / 2 times the squared length of theta. */
export function loss(theta: readonly number[], rows: readonly Row[], lambda: number, shape: Shape): number {
  let sum = (lambda / 2) * dot(theta, theta);
  for (const row of rows) {
    const s = logit(theta, row, shape);
    sum += Math.log1p(Math.exp(-Math.abs(s))) + Math.max(s, 0) - row.label * s; // -log sigmoid, safe for any logit
  }
  return sum;
}

/** Random parameters to start from. */
export function start(shape: Shape, seed: number): number[] {
  const random = Random.derive(seed, "start");
  return Array.from({ length: (shape.users + shape.items) * shape.size }, () => 0.3 * random.normal());
}

/**
 * Minimises the loss by L-BFGS with YOUR gradient, from `from`, until the gradient is shorter than `tolerance`.
 *
 * @throws Error where the loss does not fall along your gradient
 */
export function fit(
  gradient: Gradient,
  rows: readonly Row[],
  lambda: number,
  shape: Shape,
  from: readonly number[],
  tolerance = 1e-5,
): number[] {
  const rounding = 1e-12; // near the minimum the loss changes by less than its own rounding
  let theta = [...from];
  let g = gradient(theta, rows, lambda, shape);
  const steps: { s: number[]; y: number[] }[] = [];
  for (let step = 0; step < 1000 && Math.sqrt(dot(g, g)) > tolerance; step++) {
    const direction = downhill(g, steps);
    const slope = dot(direction, g);
    const before = loss(theta, rows, lambda, shape);
    let length = steps.length === 0 ? 1 / Math.sqrt(dot(g, g)) : 1;
    let next: number[];
    for (; ; length /= 2) {
      if (length < 1e-12) {
        throw new Error('the loss does not fall along your gradient: run check("gradient", gradient) again');
      }
      next = theta.map((x, k) => x + length * direction[k]);
      if (loss(next, rows, lambda, shape) <= before + 1e-4 * length * slope + rounding * before) break;
    }
    const after = gradient(next, rows, lambda, shape);
    const pair = { s: next.map((x, k) => x - theta[k]), y: after.map((x, k) => x - g[k]) };
    if (dot(pair.s, pair.y) > 1e-12) steps.push(pair);
    if (steps.length > 12) steps.shift();
    theta = next;
    g = after;
  }
  return theta;
}

/** L-BFGS's direction from the last steps: minus an approximate inverse Hessian times the gradient. */
function downhill(g: readonly number[], steps: readonly { s: number[]; y: number[] }[]): number[] {
  let q = g.map((x) => -x);
  const weights: number[] = [];
  for (const { s, y } of [...steps].reverse()) {
    const a = dot(s, q) / dot(s, y);
    weights.unshift(a);
    q = q.map((x, k) => x - a * y[k]);
  }
  const last = steps[steps.length - 1];
  if (last !== undefined) q = q.map((x) => (x * dot(last.s, last.y)) / dot(last.y, last.y));
  steps.forEach(({ s, y }, n) => {
    const b = dot(y, q) / dot(s, y);
    q = q.map((x, k) => x + (weights[n] - b) * s[k]);
  });
  return q;
}

interface Answers {
  readonly gradient: Gradient;
  readonly hvp: Product;
  readonly gaussNewton: Product;
  readonly conjugateGradient: Solver;
  readonly forget: Forget;
  readonly agreement: Agreement;
}

/**
 * Tries an answer of yours on a small problem and says what is wrong with it, if anything. It knows properties, such as
 * what a derivative is by finite differences; it does not know the answers.
 */
export function check<Name extends keyof Answers>(name: Name, answer: Answers[Name]): void {
  let problem: string | undefined;
  try {
    problem = (properties[name] as (answer: Answers[Name]) => string | undefined)(answer);
  } catch (error) {
    problem = `it stopped: ${error instanceof Error ? error.message : String(error)}`;
  }
  console.log(problem === undefined ? `✓ ${name}: has the properties it should have` : `✗ ${name}: ${problem}`);
}

/** A small problem to try things on. */
function trial() {
  const random = Random.fromSeed(7);
  const shape = { users: 3, items: 4, size: 2 };
  const pairs = [0, 1, 2, 5, 6, 7, 8, 11, 3].map((pair) => ({ user: pair % 3, item: Math.floor(pair / 3) }));
  const rows = pairs.map((pair, k) => ({ ...pair, label: k % 2 }));
  const normals = () => Array.from({ length: 14 }, () => random.normal());
  return { shape, rows, lambda: 0.7, theta: normals(), u: normals(), v: normals() };
}

const properties: { readonly [Name in keyof Answers]: (answer: Answers[Name]) => string | undefined } = {
  gradient(gradient) {
    const { theta, rows, lambda, shape } = trial();
    const given = gradient(theta, rows, lambda, shape);
    const want = theta.map((_, k) => slopeAlong(theta, unit(14, k), (at) => loss(at, rows, lambda, shape)));
    return (
      notVector(given, 14) ??
      difference(given, want, {
        opposite: "it has the right length and points the other way: the gradient points to where the loss rises",
        multiple: "it is a constant multiple of what finite differences give: sum or mean over the rows?",
        along: { vector: theta, hint: "what is missing points along theta: differentiate the regulariser too" },
        userPart: shape.users * shape.size,
      })
    );
  },
  hvp: (hvp) => productProblem(hvp, (row) => row.label, "hvp"),
  gaussNewton(product) {
    // Where every label is what the model predicts, no residual is left, and both matrices are the same.
    const { theta, rows, lambda, shape, v } = trial();
    const fits = (row: Row, at: readonly number[]) => sigmoid(logit(at, row, shape));
    const problem = productProblem(product, fits, "gaussNewton");
    if (problem !== undefined) return problem;
    const curvature = dot(v, product(theta, rows, lambda, shape, v));
    if (curvature < lambda * dot(v, v) * (1 - 1e-9))
      return "along some direction the curvature is less than lambda: is a term in the residual left?";
    return undefined;
  },
  conjugateGradient(solve) {
    const random = Random.fromSeed(3);
    const n = 6;
    const roots = Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()));
    const matrix = roots.map((a, i) => roots.map((b, j) => dot(a, b) + (i === j ? 0.5 : 0)));
    const product = (x: readonly number[]) => matrix.map((row) => dot(row, x));
    const b = Array.from({ length: n }, () => random.normal());
    const { x, iterations } = solve(product, b, 1e-9, 50);
    const wrong = notVector(x, n);
    if (wrong !== undefined) return `x: ${wrong}`;
    const residual = product(x).map((value, k) => value - b[k]);
    if (Math.sqrt(dot(residual, residual)) > 1e-7 * Math.sqrt(dot(b, b)))
      return "A x is not b: print |r| in every iteration; does it fall? Is the new direction conjugate to the last?";
    if (iterations > n + 2)
      return `it took ${iterations} iterations for ${n} unknowns, where ${n} suffice: look at beta, and at when it stops`;
    const zero = solve(product, new Array<number>(n).fill(0), 1e-9, 50).x;
    if (zero.some((value) => value !== 0)) return "for b = 0 the solution is 0: is something divided by 0?";
    if (solve(product, b, 1e-9, 2).iterations !== 2) return "asked for at most 2 iterations it does another number";
    return undefined;
  },
  forget(forget) {
    // A user of their own: nobody else has rated the item, so that all is known about the end.
    const shape = { users: 2, items: 2, size: 1 };
    const train = [
      { user: 0, item: 0, label: 1 },
      { user: 1, item: 1, label: 1 },
    ];
    // A stationary point: p = q = t with t lambda = (1 - sigmoid(t t)) t.
    const lambda = 0.25;
    const t = Math.sqrt(Math.log((1 - lambda) / lambda));
    const theta = [t, t, t, t];
    const after = forget(theta, train, [train[1]], lambda, shape, curvatureAlong);
    const wrong = notVector(after, 4);
    if (wrong !== undefined) return wrong;
    if (Math.abs(after[1]) > 1.5 * t) return "what is forgotten grew: which sign has the step?";
    if (Math.abs(after[0] - t) > 1e-4) return "a user and an item that share no row with the forgotten ones moved";
    if (Math.abs(after[1]) > 1e-4)
      return "a user of whom no row stays should end at 0: which rows are in g, which in H, and where is lambda?";
    return undefined;
  },
  agreement(agreement) {
    const actual = [1, -2, 0.5, 3];
    const half = agreement(
      actual.map((x) => x / 2),
      actual,
    );
    if (!(Math.abs(half.correlation - 1) < 1e-9))
      return "an estimate that is half the truth everywhere correlates fully";
    if (!(half.slope < 1)) return "an estimate of half the truth has a slope below 1: which is divided by which?";
    const shifted = agreement([2, -1, 1.5, 4], actual);
    if (!(Math.abs(shifted.correlation - 1) < 1e-9)) return "the correlation changes when a constant is added";
    if (!(shifted.slope > 1.05)) return "the line goes through 0: for the slope no means are taken off";
    return undefined;
  },
};

/** Holds a product to second differences of the loss, where labels are as `label` says at `theta`. */
function productProblem(
  product: Product,
  label: (row: Row, theta: readonly number[]) => number,
  name: "hvp" | "gaussNewton",
): string | undefined {
  const { theta, rows: drawn, lambda, shape, v } = trial();
  const rows = drawn.map((row) => ({ ...row, label: label(row, theta) }));
  const given = product(theta, rows, lambda, shape, v);
  const wrong = notVector(given, 14);
  if (wrong !== undefined) return wrong;
  const want = curvatureAlong(theta, rows, lambda, shape, v);
  return difference(given, want, {
    opposite: "it points the other way",
    multiple: "it is a constant multiple of what finite differences give",
    along: { vector: v, hint: `what is missing points along the direction itself: the regulariser has curvature too` },
    userPart: shape.users * shape.size,
    other:
      name === "hvp"
        ? "test one row alone, and directions that are 0 but at one place; a row has two terms"
        : undefined,
  });
}

/** The matrix of second derivatives of the loss times `v`, by differences of the loss alone. */
const curvatureAlong: Product = (theta, rows, lambda, shape, v) =>
  theta.map((_, k) =>
    slopeAlong(theta, unit(theta.length, k), (at) => slopeAlong(at, v, (there) => loss(there, rows, lambda, shape))),
  );

interface Hints {
  readonly opposite: string;
  readonly multiple: string;
  readonly along: { readonly vector: readonly number[]; readonly hint: string };
  /** How many of the numbers belong to users. */
  readonly userPart: number;
  readonly other?: string;
}

/** How two vectors differ, in words that help; `undefined` where they agree. */
function difference(given: readonly number[], want: readonly number[], hints: Hints): string | undefined {
  if (near(given, want)) return undefined;
  if (near(given, scaled(want, -1))) return hints.opposite;
  const ratio = dot(given, want) / dot(want, want);
  if (ratio !== 0 && near(given, scaled(want, ratio))) return hints.multiple;
  const rest = given.map((x, k) => x - want[k]);
  const share = dot(rest, hints.along.vector) / dot(hints.along.vector, hints.along.vector);
  if (near(rest, scaled(hints.along.vector, share))) return hints.along.hint;
  const parts = [
    [0, hints.userPart],
    [hints.userPart, want.length],
  ].map(([from, to]) => near(given.slice(from, to), want.slice(from, to)));
  if (parts[0]) return "the users' part is right, the items' is not: where does the vector of item i begin?";
  if (parts[1]) return "the items' part is right, the users' is not";
  return `it is not what finite differences give${hints.other === undefined ? "" : `: ${hints.other}`}`;
}

function notVector(given: unknown, length: number): string | undefined {
  if (!Array.isArray(given)) return "it returns no array";
  if (given.length !== length) return `it returns ${given.length} numbers for ${length} parameters`;
  return given.every((x) => Number.isFinite(x)) ? undefined : "some of its numbers are not finite";
}

const scaled = (a: readonly number[], factor: number) => a.map((x) => factor * x);
const unit = (length: number, place: number) => Array.from({ length }, (_, k) => (k === place ? 1 : 0));

/** Whether two vectors are the same up to what finite differences can tell. */
function near(a: readonly number[], b: readonly number[]): boolean {
  const scale = Math.sqrt(dot(b, b)) + 1e-3;
  return a.every((x, k) => Math.abs(x - b[k]) <= 1e-4 * scale);
}

/** The derivative of a function along a direction, by central differences. */
function slopeAlong(at: readonly number[], direction: readonly number[], f: (at: readonly number[]) => number): number {
  const h = 1e-3;
  const shifted = (by: number) => f(at.map((x, k) => x + by * direction[k]));
  return (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
}

import { InvalidArgumentError } from "../core";

/** Up to this many tasks the weights are solved exactly; the number of faces doubles with every task. */
const mostExactTasks = 3;

/** Pivots below this share of the matrix's largest entry count as zero. */
const singularBelow = 1e-13;

/**
 * Weights of the shortest vector in the convex hull of some gradients (MGDA; Désidéri, C. R. Math. 2012; README,
 * equation 3): the minimum of |Σ wᵢ gᵢ|² over w ≥ 0 with Σ wᵢ = 1. Exact for up to three gradients, Frank-Wolfe for
 * more.
 *
 * @param gram inner products of the gradients, row by row, `[tasks * tasks]`
 * @returns `[tasks]`
 * @throws InvalidArgumentError for a matrix that is not square, or holds a value that is not finite
 * @example
 * const weights = minNormWeights(Float64Array.of(1, 0, 0, 1)); // they add up to 1
 */
export function minNormWeights(gram: Float64Array): Float64Array {
  const tasks = taskCount(gram);
  return tasks <= mostExactTasks ? exactMinNorm(gram) : frankWolfeMinNorm(gram);
}

/**
 * |Σ wᵢ gᵢ|².
 *
 * @example
 * const gram = Float64Array.of(1, 0, 0, 4);
 * squaredNorm(gram, minNormWeights(gram)); // of the shortest vector between the two gradients
 */
export function squaredNorm(gram: Float64Array, weights: Float64Array): number {
  return weights.reduce((sum, weight, i) => sum + weight * product(gram, weights, i), 0);
}

/**
 * The same, exactly, for any small number of tasks: the minimum lies inside one face of the simplex, where it solves a
 * linear system; the best of all faces whose solution is not negative is taken. Faces with dependent gradients have no
 * unique solution and are covered by their own faces.
 *
 * @throws as `minNormWeights`
 * @example
 * const weights = exactMinNorm(Float64Array.of(1, 0, 0, 1)); // of two orthogonal gradients of length 1: equal
 */
export function exactMinNorm(gram: Float64Array): Float64Array {
  const tasks = taskCount(gram);
  const longest = Math.max(...gram.map(Math.abs));
  const scaled = longest > 0 ? gram.map((value) => value / longest) : gram; // beside the ones of the constraint
  let best: Float64Array | null = null;
  for (let face = 1; face < 1 << tasks; face++) {
    const members = Array.from({ length: tasks }, (_, task) => task).filter((task) => (face >> task) & 1);
    const weights = leastOnFace(scaled, members, tasks);
    if (weights !== null && (best === null || squaredNorm(scaled, weights) < squaredNorm(scaled, best))) best = weights;
  }
  return best as Float64Array; // a corner always has a solution
}

/** Options of `frankWolfeMinNorm`. */
export interface FrankWolfeOptions {
  /** Most iterations. Default 10,000. */
  readonly iterations?: number;
  /** Stops when the duality gap is below this share of the largest squared norm. Default 1e-10. */
  readonly tolerance?: number;
}

/**
 * The same by Frank-Wolfe with away steps and exact line search: every step moves weight to the gradient that shortens
 * the sum most, or away from the one that lengthens it most.
 *
 * @throws as `minNormWeights`
 * @example
 * const weights = frankWolfeMinNorm(Float64Array.of(1, 0, 0, 1), { iterations: 100 });
 */
export function frankWolfeMinNorm(
  gram: Float64Array,
  { iterations = 10_000, tolerance = 1e-10 }: FrankWolfeOptions = {},
): Float64Array {
  const tasks = taskCount(gram);
  const weights = new Float64Array(tasks).fill(1 / tasks);
  const scale = Math.max(...gram.map(Math.abs));
  for (let k = 0; k < iterations; k++) {
    const slope = weights.map((_, i) => product(gram, weights, i));
    const least = squaredNorm(gram, weights);
    const towards = slope.indexOf(Math.min(...slope));
    if (least - slope[towards] <= tolerance * scale) break;
    const away = slope.reduce((worst, value, i) => (weights[i] > 0 && value > slope[worst] ? i : worst), towards);
    moveWeight(gram, weights, slope, least, towards, away);
  }
  return weights;
}

/** One step of Frank-Wolfe: towards a corner or away from one, whichever promises more. */
function moveWeight(
  gram: Float64Array,
  weights: Float64Array,
  slope: Float64Array,
  least: number,
  towards: number,
  away: number,
): void {
  const isAway = slope[away] - least > least - slope[towards] && weights[away] < 1;
  const corner = isAway ? away : towards;
  const direction = weights.map((weight, i) =>
    isAway ? weight - Number(i === corner) : Number(i === corner) - weight,
  );
  const curvature = squaredNorm(gram, direction);
  const descent = -direction.reduce((sum, value, i) => sum + value * slope[i], 0);
  const furthest = isAway ? weights[away] / (1 - weights[away]) : 1;
  const step = curvature > 0 ? Math.min(furthest, descent / curvature) : furthest;
  for (let i = 0; i < weights.length; i++) weights[i] = Math.max(0, weights[i] + step * direction[i]);
}

function taskCount(gram: Float64Array): number {
  const tasks = Math.sqrt(gram.length);
  if (tasks < 1 || !Number.isInteger(tasks))
    throw new InvalidArgumentError(`a Gram matrix is square, this has ${gram.length} entries`);
  if (!gram.every(Number.isFinite)) throw new InvalidArgumentError("the Gram matrix holds a value that is not finite");
  return tasks;
}

/** Row i of the matrix times the weights. */
function product(gram: Float64Array, weights: Float64Array, i: number): number {
  return weights.reduce((sum, weight, j) => sum + gram[i * weights.length + j] * weight, 0);
}

/** The shortest affine combination of some gradients, or `null` where it has a negative weight or is not unique. */
function leastOnFace(gram: Float64Array, members: readonly number[], tasks: number): Float64Array | null {
  const equations = members.map((i) => [...members.map((j) => gram[i * tasks + j]), 1, 0]); // stationarity: G w + multiplier = 0
  equations.push([...members.map(() => 1), 0, 1]); // the weights add up to 1
  const solution = members.length === 1 ? [1] : solveLinear(equations);
  if (solution === null || members.some((_, k) => solution[k] < 0)) return null;
  const sum = solution.slice(0, members.length).reduce((total, weight) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 0.5)) return null; // nothing but rounding is left of nearly dependent gradients
  const weights = new Float64Array(tasks);
  members.forEach((task, k) => (weights[task] = solution[k] / sum));
  return weights;
}

/** Gaussian elimination with partial pivoting on `[n][n + 1]`; `null` for a singular matrix. */
function solveLinear(rows: number[][]): number[] | null {
  const n = rows.length;
  const scale = Math.max(...rows.flatMap((row) => row.slice(0, n).map(Math.abs)));
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++) if (Math.abs(rows[r][column]) > Math.abs(rows[pivot][column])) pivot = r;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    if (Math.abs(rows[column][column]) <= singularBelow * scale) return null;
    for (let r = 0; r < n; r++) {
      if (r === column) continue;
      const factor = rows[r][column] / rows[column][column];
      for (let c = column; c <= n; c++) rows[r][c] -= factor * rows[column][c];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

import { InvalidArgumentError } from "../core";
import type { AdamState, MfProblem, Operations, RawOperations } from "./operations";

function requireLength(operation: string, name: string, array: { length: number }, length: number): void {
  if (array.length === length) return;
  throw new InvalidArgumentError(`${operation}: "${name}" has ${array.length} elements`, {
    remedy: `give ${length}, as the other arguments ask for`,
  });
}

function requireWidth(operation: string, width: number): void {
  if (!Number.isInteger(width) || width < 1)
    throw new InvalidArgumentError(`${operation}: the width is ${width}`, { remedy: "give a whole number >= 1" });
}

/** The number of rows of a matrix. @throws InvalidArgumentError when its length is no multiple of `width` */
function rowsOf(operation: string, name: string, matrix: Float32Array, width: number): number {
  requireWidth(operation, width);
  const rows = matrix.length / width;
  if (Number.isInteger(rows)) return rows;
  throw new InvalidArgumentError(`${operation}: "${name}" has ${matrix.length} elements, not rows of ${width}`, {
    remedy: "give a row-major matrix of that width",
  });
}

/**
 * An implementation behind checks of every shape and id, so that both implementations refuse the same and neither reads or
 * writes where it should not.
 */
export function withChecks(raw: RawOperations): Operations {
  function requireIds(operation: string, name: string, ids: Int32Array, bound: number): void {
    if (ids.length === 0) return;
    const largest = raw.largestId(ids);
    if (largest < bound) return;
    throw new InvalidArgumentError(`${operation}: "${name}" holds the id ${largest | 0}`, {
      remedy: `ids go from 0 to ${bound - 1}`,
    });
  }

  function requirePairs(
    operation: string,
    pairs: { p: Float32Array; q: Float32Array; user: Int32Array; item: Int32Array; width: number },
    perRow: Record<string, Float32Array>,
  ): void {
    requireIds(operation, "user", pairs.user, rowsOf(operation, "p", pairs.p, pairs.width));
    requireIds(operation, "item", pairs.item, rowsOf(operation, "q", pairs.q, pairs.width));
    requireLength(operation, "item", pairs.item, pairs.user.length);
    for (const [name, array] of Object.entries(perRow)) requireLength(operation, name, array, pairs.user.length);
  }

  function requireProblem(operation: string, problem: MfProblem, matrices: Record<string, [Float32Array, "p" | "q"]>) {
    const { userPointers, item, residual, curvature, p, q, width } = problem;
    requireLength(operation, "userPointers", userPointers, rowsOf(operation, "p", p, width) + 1);
    requireIds(operation, "item", item, rowsOf(operation, "q", q, width));
    requirePointers(operation, userPointers, item.length);
    requireLength(operation, "curvature", curvature, item.length);
    if (residual !== null) requireLength(operation, "residual", residual, item.length);
    for (const [name, [array, like]] of Object.entries(matrices))
      requireLength(operation, name, array, problem[like].length);
  }

  function requireState(operation: string, state: Partial<AdamState> & { parameters: Float32Array }): void {
    for (const [name, array] of Object.entries(state)) requireLength(operation, name, array, state.parameters.length);
  }

  return {
    dot(x, y) {
      requireLength("dot", "y", y, x.length);
      return raw.dot(x, y);
    },
    axpy(alpha, x, y) {
      requireLength("axpy", "y", y, x.length);
      raw.axpy(alpha, x, y);
    },
    xpby(x, beta, y) {
      requireLength("xpby", "y", y, x.length);
      raw.xpby(x, beta, y);
    },
    hadamard(x, y, out) {
      requireLength("hadamard", "y", y, x.length);
      requireLength("hadamard", "out", out, x.length);
      raw.hadamard(x, y, out);
    },
    segmentSum(values, ids, width, out) {
      const segments = rowsOf("segmentSum", "out", out, width);
      requireLength("segmentSum", "values", values, ids.length * width);
      const tooLarge = ids.find((id) => id >= segments);
      if (tooLarge !== undefined)
        throw new InvalidArgumentError(`segmentSum: "ids" holds the id ${tooLarge}`, {
          remedy: `ids go up to ${segments - 1}`,
        });
      raw.segmentSum(values, ids, width, out);
    },
    mfScores(p, q, user, item, width, out) {
      requirePairs("mfScores", { p, q, user, item, width }, { out });
      raw.mfScores(p, q, user, item, width, out);
    },
    mfDerivatives(p, q, user, item, label, width, residual, curvature) {
      requirePairs("mfDerivatives", { p, q, user, item, width }, { label, residual, curvature });
      return raw.mfDerivatives(p, q, user, item, label, width, residual, curvature);
    },
    mfLossGradient(batch) {
      const { p, q, label, residual, gradientP, gradientQ } = batch;
      requirePairs("mfLossGradient", batch, { label, residual });
      requireLength("mfLossGradient", "gradientP", gradientP, p.length);
      requireLength("mfLossGradient", "gradientQ", gradientQ, q.length);
      return raw.mfLossGradient(batch);
    },
    mfGradient(problem, outP, outQ) {
      requireProblem("mfGradient", problem, { outP: [outP, "p"], outQ: [outQ, "q"] });
      if (problem.residual === null)
        throw new InvalidArgumentError("mfGradient: the problem has no residuals", {
          remedy: "fill them with mfDerivatives",
        });
      raw.mfGradient(problem, outP, outQ);
    },
    mfHessianVectorProduct(problem, directionP, directionQ, outP, outQ) {
      requireProblem("mfHessianVectorProduct", problem, {
        directionP: [directionP, "p"],
        directionQ: [directionQ, "q"],
        outP: [outP, "p"],
        outQ: [outQ, "q"],
      });
      raw.mfHessianVectorProduct(problem, directionP, directionQ, outP, outQ);
    },
    mfCurvatureDiagonal(problem, outP, outQ) {
      requireProblem("mfCurvatureDiagonal", problem, { outP: [outP, "p"], outQ: [outQ, "q"] });
      raw.mfCurvatureDiagonal(problem, outP, outQ);
    },
    adam(state, step) {
      requireState("adam", state);
      raw.adam(state, step);
    },
    adamRows(state, width, rows, step) {
      requireState("adamRows", state);
      requireIds("adamRows", "rows", rows, rowsOf("adamRows", "parameters", state.parameters, width));
      raw.adamRows(state, width, rows, step);
    },
    adamCatchUp(state, width, rows, coefficients) {
      requireState("adamCatchUp", state);
      requireIds("adamCatchUp", "rows", rows, rowsOf("adamCatchUp", "parameters", state.parameters, width));
      requireLength("adamCatchUp", "coefficients", coefficients, 4 * rows.length);
      raw.adamCatchUp(state, width, rows, coefficients);
    },
  };
}

function requirePointers(operation: string, pointers: Int32Array, rows: number): void {
  let valid = pointers[0] === 0 && pointers[pointers.length - 1] === rows;
  for (let u = 1; u < pointers.length; u++) valid &&= pointers[u] >= pointers[u - 1];
  if (!valid)
    throw new InvalidArgumentError(`${operation}: "userPointers" does not ascend from 0 to ${rows}`, {
      remedy: "give the start of each user's rows, and their number at the end",
    });
}

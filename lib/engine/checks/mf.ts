import { InvalidArgumentError } from "../../core";
import type { MfOperations, MfCurvatureRows, RawOperations } from "../operations";
import { requireIds, requireLength, requirePointers, rowsOf } from "./require";

/** The operations of matrix factorisation behind checks of their shapes and ids. */
export function checkMf(raw: RawOperations): MfOperations {
  function requirePairs(
    operation: string,
    pairs: { p: Float32Array; q: Float32Array; user: Int32Array; item: Int32Array; width: number },
    perRow: Record<string, Float32Array>,
  ): void {
    requireIds(raw, operation, "user", pairs.user, rowsOf(operation, "p", pairs.p, pairs.width));
    requireIds(raw, operation, "item", pairs.item, rowsOf(operation, "q", pairs.q, pairs.width));
    requireLength(operation, "item", pairs.item, pairs.user.length);
    for (const [name, array] of Object.entries(perRow)) requireLength(operation, name, array, pairs.user.length);
  }

  function requireProblem(
    operation: string,
    problem: MfCurvatureRows,
    matrices: Record<string, [Float32Array, "p" | "q"]>,
  ) {
    const { userPointers, item, residual, curvature, p, q, width } = problem;
    requireLength(operation, "userPointers", userPointers, rowsOf(operation, "p", p, width) + 1);
    requireIds(raw, operation, "item", item, rowsOf(operation, "q", q, width));
    requirePointers(operation, "userPointers", userPointers, item.length);
    requireLength(operation, "curvature", curvature, item.length);
    if (residual !== null) requireLength(operation, "residual", residual, item.length);
    for (const [name, [array, like]] of Object.entries(matrices))
      requireLength(operation, name, array, problem[like].length);
  }

  return {
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
  };
}

import type { MfOperations } from "../operations";
import type { SimdModule } from "./module";

/**
 * Gradients and Hessian-vector products are not cut. Rows of different users meet in the items, so that cut by rows the
 * sums would have another order. Cut by columns it would be the same, but took twice the time in all.
 */
export function simdMf({ wasm, at, scratch, divide }: SimdModule): MfOperations {
  const mfScores: MfOperations["mfScores"] = (p, q, user, item, width, out) => {
    const [users, items, scores, of] = [at(user), at(item), at(out), [at(p), at(q)]];
    divide({
      ...{ operation: "mfScores", count: user.length, cost: 0.2 * width },
      arguments: (from, count) => [...of, users + 4 * from, items + 4 * from, count, width, scores + 4 * from],
    });
  };
  return {
    mfScores,
    mfDerivatives(p, q, user, item, label, width, residual, curvature) {
      mfScores(p, q, user, item, width, residual);
      return wasm.crossEntropy(at(residual), at(label), user.length, at(curvature));
    },
    mfLossGradient: ({ p, q, width, user, item, label, scale, penalty, residual, gradientP, gradientQ }) =>
      wasm.mfLossGradient(
        ...[at(p), at(q), at(user), at(item), at(label), user.length, width],
        ...[scale, penalty, at(residual), at(gradientP), at(gradientQ)],
      ),
    mfGradient({ userPointers, item, residual, p, q, width }, outP, outQ) {
      outP.fill(0);
      outQ.fill(0);
      const users = userPointers.length - 1;
      const rows = [users, at(userPointers), at(item), residual === null ? 0 : at(residual)];
      wasm.mfGradient(...rows, at(p), at(q), width, at(outP), at(outQ));
    },
    mfHessianVectorProduct({ userPointers, item, residual, curvature, p, q, width }, a, b, outP, outQ) {
      outP.fill(0);
      outQ.fill(0);
      const users = userPointers.length - 1;
      const rows = [users, at(userPointers), at(item), residual === null ? 0 : at(residual), at(curvature)];
      wasm.mfHessianVectorProduct(...rows, at(p), at(q), at(a), at(b), width, at(outP), at(outQ), scratch);
    },
  };
}

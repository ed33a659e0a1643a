import type { MfOperations } from "../operations";
import type { SimdModule } from "./module";

export function simdMf({ wasm, at, scratch }: SimdModule): MfOperations {
  return {
    mfScores: (p, q, user, item, width, out) =>
      void wasm.mfScores(at(p), at(q), at(user), at(item), user.length, width, at(out)),
    mfDerivatives(p, q, user, item, label, width, residual, curvature) {
      wasm.mfScores(at(p), at(q), at(user), at(item), user.length, width, at(residual));
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

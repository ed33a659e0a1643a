import type { MfCurvatureRows } from "../operations";
import { rowDot } from "./mf-derivatives";

export function mfHessianVectorProduct(
  problem: MfCurvatureRows,
  directionP: Float32Array,
  directionQ: Float32Array,
  outP: Float32Array,
  outQ: Float32Array,
): void {
  const { userPointers, item, residual, curvature, p, q, width } = problem;
  outP.fill(0);
  outQ.fill(0);
  for (let user = 0; user + 1 < userPointers.length; user++)
    for (let k = userPointers[user]; k < userPointers[user + 1]; k++) {
      const ds = rowDot(directionP, user, q, item[k], width) + rowDot(p, user, directionQ, item[k], width);
      const w = curvature[k] * ds;
      const r = residual?.[k] ?? 0;
      for (let j = 0; j < width; j++) {
        const u = user * width + j;
        const i = item[k] * width + j;
        outP[u] += w * q[i] + r * directionQ[i];
        outQ[i] += w * p[u] + r * directionP[u];
      }
    }
}

import type { MfBatch, MfCurvatureRows } from "../operations";
import { crossEntropy, rowDot, sigmoid } from "./mf-derivatives";

export function mfLossGradient(batch: MfBatch): number {
  const { p, q, width, user, item, label, scale, penalty, residual, gradientP, gradientQ } = batch;
  let loss = 0;
  for (let k = 0; k < user.length; k++) {
    const s = rowDot(p, user[k], q, item[k], width);
    const r = (residual[k] = sigmoid(s) - label[k]);
    loss += crossEntropy(s, label[k]);
    for (let j = 0; j < width; j++) {
      const u = user[k] * width + j;
      const i = item[k] * width + j;
      gradientP[u] += scale * (r * q[i] + penalty * p[u]);
      gradientQ[i] += scale * (r * p[u] + penalty * q[i]);
    }
  }
  return loss;
}

export function mfGradient(problem: MfCurvatureRows, outP: Float32Array, outQ: Float32Array): void {
  const { userPointers, item, residual, p, q, width } = problem;
  outP.fill(0);
  outQ.fill(0);
  for (let user = 0; user + 1 < userPointers.length; user++)
    for (let k = userPointers[user]; k < userPointers[user + 1]; k++) {
      const r = residual?.[k] ?? 0;
      for (let j = 0; j < width; j++) {
        const u = user * width + j;
        const i = item[k] * width + j;
        outP[u] += r * q[i];
        outQ[i] += r * p[u];
      }
    }
}

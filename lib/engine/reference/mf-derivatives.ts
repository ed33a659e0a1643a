/** <row a of x, row b of y>, as float32 holds it: so large a score is infinite in both forms. */
export function rowDot(x: Float32Array, a: number, y: Float32Array, b: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += x[a * width + j] * y[b * width + j];
  return Math.fround(sum);
}

/** sigmoid(s), without overflow. */
export function sigmoid(s: number): number {
  const small = Math.exp(-Math.abs(s));
  return (s >= 0 ? 1 : small) / (1 + small);
}

/** The binary cross-entropy of a score (a logit) and a label. */
export function crossEntropy(s: number, label: number): number {
  return Math.max(s, 0) - label * s + Math.log1p(Math.exp(-Math.abs(s)));
}

export function mfScores(
  p: Float32Array,
  q: Float32Array,
  user: Int32Array,
  item: Int32Array,
  width: number,
  out: Float32Array,
): void {
  for (let k = 0; k < user.length; k++) out[k] = rowDot(p, user[k], q, item[k], width);
}

export function mfDerivatives(
  p: Float32Array,
  q: Float32Array,
  user: Int32Array,
  item: Int32Array,
  label: Float32Array,
  width: number,
  residual: Float32Array,
  curvature: Float32Array,
): number {
  let loss = 0;
  for (let k = 0; k < user.length; k++) {
    const s = rowDot(p, user[k], q, item[k], width);
    residual[k] = sigmoid(s) - label[k];
    curvature[k] = sigmoid(s) * sigmoid(-s);
    loss += crossEntropy(s, label[k]);
  }
  return loss;
}

import type { AdamState, AdamStep } from "../operations";

export function adam(state: AdamState, step: AdamStep): void {
  adamSpan(state, step, 0, state.parameters.length);
}

export function adamRows(state: AdamState, width: number, rows: Int32Array, step: AdamStep): void {
  for (const row of rows) adamSpan(state, step, row * width, (row + 1) * width);
}

function adamSpan(state: AdamState, step: AdamStep, from: number, to: number): void {
  const { parameters, gradient, firstMoment: m, secondMoment: v } = state;
  const { stepSize, rootScale, beta1, beta2, epsilon } = step;
  for (let k = from; k < to; k++) {
    m[k] = beta1 * m[k] + (1 - beta1) * gradient[k];
    v[k] = beta2 * v[k] + (1 - beta2) * gradient[k] ** 2;
    parameters[k] -= (stepSize * m[k]) / (Math.sqrt(v[k]) * rootScale + epsilon);
    gradient[k] = 0;
  }
}

export function adamCatchUp(
  state: Omit<AdamState, "gradient">,
  width: number,
  rows: Int32Array,
  coefficients: Float32Array,
): void {
  const { parameters, firstMoment: m, secondMoment: v } = state;
  rows.forEach((row, n) => {
    const [c, e, decay1, decay2] = coefficients.subarray(4 * n, 4 * n + 4);
    for (let k = row * width; k < (row + 1) * width; k++) {
      parameters[k] -= (c * m[k]) / (Math.sqrt(v[k]) + e);
      m[k] *= decay1;
      v[k] *= decay2;
    }
  });
}

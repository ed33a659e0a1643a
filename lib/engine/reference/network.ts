import type { GruStep, GruStepGradients, LayerNorm } from "../operations";
import { sigmoid } from "./mf-derivatives";

export function softmaxCrossEntropy(
  logits: Float32Array,
  labels: Int32Array,
  weights: Float32Array,
  losses: Float32Array,
  gradient: Float32Array,
): void {
  const classes = logits.length / labels.length;
  labels.forEach((label, r) => {
    const row = Float64Array.from(logits.subarray(r * classes, (r + 1) * classes));
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const exponentials = row.map((x) => Math.exp(x - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    losses[r] = Math.log(sum) + largest - row[label];
    exponentials.forEach((value, j) => {
      gradient[r * classes + j] = weights[r] * (value / sum - (j === label ? 1 : 0));
    });
  });
}

export function gruForward({ fromInput, fromState, state, gates, width }: GruStep, out: Float32Array): void {
  for (let k = 0; k < state.length; k++) {
    const at = 3 * (k - (k % width)) + (k % width);
    const r = sigmoid(fromInput[at] + fromState[at]);
    const z = sigmoid(fromInput[at + width] + fromState[at + width]);
    const n = Math.tanh(fromInput[at + 2 * width] + r * fromState[at + 2 * width]);
    gates[at] = r;
    gates[at + width] = z;
    gates[at + 2 * width] = n;
    out[k] = (1 - z) * n + z * state[k];
  }
}

export function gruBackward(step: GruStep, gradient: Float32Array, out: GruStepGradients): void {
  const { fromState, state, gates, width } = step;
  for (let k = 0; k < state.length; k++) {
    const at = 3 * (k - (k % width)) + (k % width);
    const [r, z, n] = [gates[at], gates[at + width], gates[at + 2 * width]];
    const beforeTanh = gradient[k] * (1 - z) * (1 - n * n);
    const beforeZ = gradient[k] * (state[k] - n) * z * (1 - z);
    const beforeR = beforeTanh * fromState[at + 2 * width] * r * (1 - r);
    for (const target of [out.fromInput, out.fromState]) {
      target[at] = beforeR;
      target[at + width] = beforeZ;
    }
    out.fromInput[at + 2 * width] = beforeTanh;
    out.fromState[at + 2 * width] = beforeTanh * r;
    out.state[k] = gradient[k] * z;
  }
}

export function layerNorm(norm: LayerNorm, bias: Float32Array, epsilon: number, out: Float32Array): void {
  const { x, gain, mean, inverseDeviation } = norm;
  const width = gain.length;
  for (let r = 0; r < mean.length; r++) {
    const row = Float64Array.from(x.subarray(r * width, (r + 1) * width));
    const centre = row.reduce((a, b) => a + b, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - centre) ** 2, 0) / width;
    const inverse = 1 / Math.sqrt(variance + epsilon);
    row.forEach((value, j) => {
      out[r * width + j] = (value - centre) * inverse * gain[j] + bias[j];
    });
    mean[r] = centre;
    inverseDeviation[r] = inverse;
  }
}

export function layerNormGradient(
  norm: LayerNorm,
  gradient: Float32Array,
  outX: Float32Array,
  outGain: Float32Array,
  outBias: Float32Array,
): void {
  const { x, gain, mean, inverseDeviation } = norm;
  const width = gain.length;
  const [sumGain, sumBias] = [new Float64Array(width), new Float64Array(width)];
  for (let r = 0; r < mean.length; r++) {
    const normal = (j: number) => (x[r * width + j] - mean[r]) * inverseDeviation[r];
    let [meanGradient, meanAlong] = [0, 0];
    for (let j = 0; j < width; j++) {
      const d = gradient[r * width + j];
      sumGain[j] += d * normal(j);
      sumBias[j] += d;
      meanGradient += (d * gain[j]) / width;
      meanAlong += (d * gain[j] * normal(j)) / width;
    }
    for (let j = 0; j < width; j++) {
      const moved = gradient[r * width + j] * gain[j] - meanGradient - normal(j) * meanAlong;
      outX[r * width + j] = inverseDeviation[r] * moved;
    }
  }
  outGain.set(sumGain);
  outBias.set(sumBias);
}

import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { TensorEngine } from "../../engine";

/** A pivot that is less than this share of its diagonal is what rounding left. */
const negligible = 1e-6;

/**
 * The curvature of softmax cross-entropy by the state of each sample, W' (diag(p) - p p') W, as L L'.
 *
 * @param weight W, `[classes, width]`
 * @param probabilities p, `[samples, classes]`
 * @returns L' of each sample, `[samples, width, width]`: row k is column k of L
 */
export function curvatureFactors({ tf }: TensorEngine, weight: Tensor2D, probabilities: Tensor2D): Float32Array {
  const [classes, width] = weight.shape;
  const samples = probabilities.shape[0];
  const factors = new Float32Array(samples * width * width);
  const matrix = new Float64Array(width * width);
  const mean = tf.tidy(() => tf.matMul(probabilities, weight).dataSync<"float32">());
  const moments = Array.from({ length: width }, (_, i) =>
    tf.tidy(() => {
      const others = tf.slice(weight, [0, i], [classes, width - i]);
      return tf.matMul(probabilities, tf.mul(others, tf.slice(weight, [0, i], [classes, 1]))).dataSync<"float32">();
    }),
  );
  for (let n = 0; n < samples; n++) {
    for (let i = 0; i < width; i++)
      for (let j = i; j < width; j++)
        matrix[i * width + j] = moments[i][n * (width - i) + j - i] - mean[n * width + i] * mean[n * width + j];
    const least = Array.from({ length: width }, (_, i) => negligible * moments[i][n * (width - i)]);
    factors.set(choleskyRows(matrix, least, width), n * width * width);
  }
  return factors;
}

/**
 * L' of a positive semidefinite matrix; rows are left out where there is no pivot.
 *
 * @param matrix its upper half, `[width, width]`; changed
 * @param least what each pivot has to be above
 */
function choleskyRows(matrix: Float64Array, least: readonly number[], width: number): Float64Array {
  const rows = new Float64Array(width * width);
  for (let k = 0; k < width; k++) {
    const pivot = matrix[k * width + k];
    if (!(pivot > least[k])) continue;
    const row = rows.subarray(k * width, (k + 1) * width);
    for (let j = k; j < width; j++) row[j] = matrix[k * width + j] / Math.sqrt(pivot);
    for (let i = k + 1; i < width; i++) for (let j = i; j < width; j++) matrix[i * width + j] -= row[i] * row[j];
  }
  return rows;
}

/** Sums and products of vectors. */
export interface VectorOperations {
  /** Sum of x[k] y[k], with products and sum in float64. `x`, `y`: `[n]` */
  dot(x: Float32Array, y: Float32Array): number;
  /** y += alpha x. `x`, `y`: `[n]` */
  axpy(alpha: number, x: Float32Array, y: Float32Array): void;
  /** y = x + beta y, the direction update of conjugate gradient. `x`, `y`: `[n]` */
  xpby(x: Float32Array, beta: number, y: Float32Array): void;
  /** out = x y, element by element. All `[n]`; `out` may be `x` or `y` */
  hadamard(x: Float32Array, y: Float32Array, out: Float32Array): void;
}

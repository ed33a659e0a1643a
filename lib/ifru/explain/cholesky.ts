import { NumericalError } from "../../core";

/**
 * The lower triangle L of A = L L' in float64: for blocks of the size of an embedding, where a factor serves many
 * right-hand sides.
 */
export class Cholesky {
  /** Row-major `[size, size]`; what stands above the diagonal is not read. */
  readonly #lower: Float64Array;

  /**
   * @param matrix symmetric positive definite, row-major `[size, size]`, of which the lower triangle is read and
   *   overwritten
   * @throws NumericalError when it is not positive definite
   */
  constructor(
    matrix: Float64Array,
    readonly size: number,
  ) {
    this.#lower = matrix;
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        const left = matrix[i * size + j] - this.rowsProduct(i, j);
        if (j < i) matrix[i * size + j] = left / matrix[j * size + j];
        else if (left > 0) matrix[i * size + i] = Math.sqrt(left);
        else throw notPositiveDefinite(left);
      }
  }

  /** A⁻¹ b, a new vector. */
  solve(b: ArrayLike<number>): Float64Array {
    const x = this.forward(b);
    const [lower, size] = [this.#lower, this.size];
    for (let i = size - 1; i >= 0; i--) {
      x[i] /= lower[i * size + i];
      for (let j = 0; j < i; j++) x[j] -= lower[i * size + j] * x[i];
    }
    return x;
  }

  /** b' A⁻¹ b, without the second half of a solve. */
  inverseForm(b: ArrayLike<number>): number {
    return this.forward(b).reduce((sum, value) => sum + value * value, 0);
  }

  /** L⁻¹ b. */
  private forward(b: ArrayLike<number>): Float64Array {
    const [lower, size] = [this.#lower, this.size];
    const x = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let left = b[i];
      for (let j = 0; j < i; j++) left -= lower[i * size + j] * x[j];
      x[i] = left / lower[i * size + i];
    }
    return x;
  }

  /** The inner product of rows i and j of L, as far as they are known before column j. */
  private rowsProduct(i: number, j: number): number {
    const [lower, size] = [this.#lower, this.size];
    let sum = 0;
    for (let k = 0; k < j; k++) sum += lower[i * size + k] * lower[j * size + k];
    return sum;
  }
}

function notPositiveDefinite(pivot: number): NumericalError {
  return new NumericalError(`a block of the influence system has pivot ${pivot}`, {
    where: "explain",
    remedy: "use a larger damping, and check that the model's parameters are of ordinary size",
  });
}

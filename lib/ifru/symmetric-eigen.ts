/** Eigenvectors, in the columns of a row-major matrix, and eigenvalues in the same order. */
export interface SymmetricEigen {
  readonly vectors: Float64Array;
  readonly values: Float64Array;
}

const mostSweeps = 30;
/** What is left beside the diagonal, relative to the whole, when it counts as nothing. */
const negligible = 1e-12;

/**
 * The eigenvectors of a symmetric matrix by Jacobi's cyclic rotations: slower than what libraries do, short, and exact
 * enough for matrices of the size of an embedding.
 *
 * @param matrix row-major `[size, size]`; left diagonal
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const whole = matrix.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < mostSweeps && besideDiagonal(matrix, size) > negligible * whole; sweep++)
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, size, p, q);
  return { vectors, values: Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]) };
}

function besideDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sum += 2 * matrix[i * size + j] ** 2;
  return sum;
}

/** Turns the axes p and q so that the element between them vanishes. */
function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const between = matrix[p * size + q];
  if (between === 0) return;
  const slope = (matrix[q * size + q] - matrix[p * size + p]) / (2 * between);
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  turn(matrix, p, q, size, size, cosine, sine); // columns
  turn(matrix, p * size, q * size, 1, size, cosine, sine); // rows
  turn(vectors, p, q, size, size, cosine, sine);
}

/** (x, y) becomes (c x - s y, s x + c y) for `count` pairs, which lie `stride` apart. */
function turn(values: Float64Array, x: number, y: number, stride: number, count: number, c: number, s: number): void {
  for (let k = 0; k < count; k++, x += stride, y += stride) {
    const [before, other] = [values[x], values[y]];
    values[x] = c * before - s * other;
    values[y] = s * before + c * other;
  }
}

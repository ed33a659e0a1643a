/**
 * A product of matrices, or of as many pairs of matrices as there are batches: out = op(a) op(b), where op transposes
 * or not.
 */
export interface MatMul {
  /**
   * `[batches or 1, rows, inner]`, or `[batches or 1, inner, rows]` when it is to be transposed. One matrix serves all
   * batches.
   */
  readonly a: Float32Array;
  /** `[batches or 1, inner, columns]`, or `[batches or 1, columns, inner]` when it is to be transposed. */
  readonly b: Float32Array;
  /** `[batches, rows, columns]` */
  readonly out: Float32Array;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Default 1. */
  readonly batches?: number;
  /** Default false. */
  readonly transposeA?: boolean;
  /** Default false. */
  readonly transposeB?: boolean;
  /** Add to `out` instead of overwriting it. Default false. */
  readonly accumulate?: boolean;
}

/**
 * A sparse matrix in compressed rows (CSR): row r has the entries `pointers[r]` up to, not including,
 * `pointers[r + 1]`.
 */
export interface SparseRows {
  /** `[rows + 1]`, ascending from 0 to the number of entries. */
  readonly pointers: Int32Array;
  /** The column of each entry, `[entries]`, below the number of rows of what it multiplies. */
  readonly columns: Int32Array;
  /** `[entries]` */
  readonly values: Float32Array;
}

/** Products and reductions of row-major matrices. */
export interface MatrixOperations {
  /** General matrix product, with transposes and batches. */
  matMul(product: MatMul): void;
  /**
   * Sparse times dense: out[r] = sum over entries of row r of value x dense[column].
   *
   * @param dense `[columns, width]`
   * @param out overwritten, `[rows, width]`
   */
  spmm(sparse: SparseRows, dense: Float32Array, width: number, out: Float32Array): void;
  /**
   * out[ids[k]] = sum of values[k] over rows with that id: the gradient of gathering rows. Negative ids are left out.
   *
   * @param values `[rows, width]`
   * @param ids `[rows]`, each below the number of rows of `out`
   * @param out overwritten, `[segments, width]`
   */
  segmentSum(values: Float32Array, ids: Int32Array, width: number, out: Float32Array): void;
  /** The sum of each column, accumulated in float64. `x`: `[rows, width]`; `out` is overwritten, `[width]` */
  columnSum(x: Float32Array, width: number, out: Float32Array): void;
  /** Adds one row to every row, in place. `x`: `[rows, width]`, `row`: `[width]` */
  addToRows(x: Float32Array, row: Float32Array): void;
  /**
   * The largest `count` of each row, largest first, equal ones by column. NaN never ranks; places that stay empty (a
   * row with fewer than `count` numbers) hold column -1 and -Infinity.
   *
   * @param x `[rows, width]`
   * @param count from 1 to 1024
   * @param columns overwritten, `[rows, count]`
   * @param values overwritten, `[rows, count]`
   */
  topK(x: Float32Array, width: number, count: number, columns: Int32Array, values: Float32Array): void;
}

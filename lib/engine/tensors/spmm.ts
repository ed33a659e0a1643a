import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { InvalidArgumentError } from "../../core";
import type { SparseRows } from "../operations";
import { type FusedFunction, runFused } from "./fused";
import type { TensorLibrary, TensorMemory } from "./memory";

/** A sparse matrix that tensors can be multiplied by. Holds memory until it is disposed of. */
export interface SparseTensor {
  /** `[rows, columns]` */
  readonly shape: readonly [number, number];
  /** Sparse times dense. `dense`: `[columns, width]`; returns `[rows, width]` */
  times(dense: Tensor2D): Tensor2D;
  dispose(): void;
}

/** One orientation of a sparse matrix as tensors. */
interface StoredRows {
  readonly rows: number;
  readonly pointers: Tensor1D;
  readonly columns: Tensor1D;
  /** The row of each entry, for backends whose memory cannot be reached. */
  readonly rowOfEntry: Tensor1D;
  readonly values: Tensor1D;
}

/**
 * @param columns the number of columns
 * @throws InvalidArgumentError when a column is out of range
 */
export function sparseTensor(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  sparse: SparseRows,
  columns: number,
): SparseTensor {
  if (sparse.columns.some((column) => column < 0 || column >= columns))
    throw new InvalidArgumentError("a sparse matrix has an entry outside its columns", {
      remedy: `columns go from 0 to ${columns - 1}`,
    });
  const rows = sparse.pointers.length - 1;
  const forward = store(tf, sparse);
  const backward = store(tf, transposed(sparse, columns));
  return {
    shape: [rows, columns],
    times: (dense) => multiply(tf, memory, forward, backward, dense),
    dispose: () => tf.dispose({ forward, backward } as never),
  };
}

/** The transpose, in compressed rows as well. */
export function transposed({ pointers, columns, values }: SparseRows, columnCount: number): SparseRows {
  const starts = new Int32Array(columnCount + 1);
  for (const column of columns) starts[column + 1]++;
  for (let c = 0; c < columnCount; c++) starts[c + 1] += starts[c];
  const next = starts.slice();
  const turned = { columns: new Int32Array(columns.length), values: new Float32Array(columns.length) };
  for (let row = 0; row + 1 < pointers.length; row++)
    for (let k = pointers[row]; k < pointers[row + 1]; k++) {
      const at = next[columns[k]]++;
      turned.columns[at] = row;
      turned.values[at] = values[k];
    }
  return { pointers: starts, ...turned };
}

function store(tf: TensorLibrary, { pointers, columns, values }: SparseRows): StoredRows {
  const rowOfEntry = new Int32Array(columns.length);
  for (let row = 0; row + 1 < pointers.length; row++) rowOfEntry.fill(row, pointers[row], pointers[row + 1]);
  const integers = (array: Int32Array) => tf.keep(tf.tensor1d(array, "int32"));
  return {
    rows: pointers.length - 1,
    ...{ pointers: integers(pointers), columns: integers(columns), rowOfEntry: integers(rowOfEntry) },
    values: tf.keep(tf.tensor1d(values, "float32")),
  };
}

/** The gradient of a product with a matrix is the product with its transpose, so gradients of any order are right. */
function multiply(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  matrix: StoredRows,
  transpose: StoredRows,
  dense: Tensor2D,
): Tensor2D {
  const fused: FusedFunction<Tensor2D> = {
    composed([x]) {
      const products = tf.mul(tf.gather(x, matrix.columns), tf.expandDims(matrix.values, 1));
      return tf.unsortedSegmentSum(products, matrix.rowOfEntry, matrix.rows);
    },
    forward({ operations, make, floats, integers }, [x]) {
      const width = x.shape[1] as number;
      const out = make([matrix.rows, width]);
      const sparse = {
        pointers: integers(matrix.pointers),
        columns: integers(matrix.columns),
        values: floats(matrix.values),
      };
      operations.spmm(sparse, floats(x), width, floats(out));
      return { value: out as Tensor2D, saved: [] };
    },
    backward: (_room, dy) => [multiply(tf, memory, transpose, matrix, dy as Tensor2D) as Tensor],
  };
  return runFused(tf, memory, fused, [dense]);
}

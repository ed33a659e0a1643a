import type { MatMul, SparseRows } from "../operations";

export function matMul(product: MatMul): void {
  const { a, b, out, rows, inner, columns, batches = 1, transposeA, transposeB, accumulate } = product;
  const stepA = a.length === rows * inner ? 0 : rows * inner;
  const stepB = b.length === inner * columns ? 0 : inner * columns;
  for (let batch = 0; batch < batches; batch++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const target = (batch * rows + i) * columns + j;
        let sum = accumulate === true ? out[target] : 0;
        for (let k = 0; k < inner; k++) {
          const x = a[batch * stepA + (transposeA === true ? k * rows + i : i * inner + k)];
          const y = b[batch * stepB + (transposeB === true ? j * inner + k : k * columns + j)];
          sum += x * y;
        }
        out[target] = sum;
      }
}

export function spmm(sparse: SparseRows, dense: Float32Array, width: number, out: Float32Array): void {
  const { pointers, columns, values } = sparse;
  const sum = new Float64Array(width);
  for (let r = 0; r + 1 < pointers.length; r++) {
    sum.fill(0);
    for (let k = pointers[r]; k < pointers[r + 1]; k++)
      for (let j = 0; j < width; j++) sum[j] += values[k] * dense[columns[k] * width + j];
    out.set(sum, r * width);
  }
}

export function columnSum(x: Float32Array, width: number, out: Float32Array): void {
  const sum = new Float64Array(width);
  for (let k = 0; k < x.length; k++) sum[k % width] += x[k];
  out.set(sum);
}

export function addToRows(x: Float32Array, row: Float32Array): void {
  for (let k = 0; k < x.length; k++) x[k] += row[k % row.length];
}

export function topK(x: Float32Array, width: number, count: number, columns: Int32Array, values: Float32Array): void {
  columns.fill(-1);
  values.fill(-Infinity);
  for (let r = 0; r * width < x.length; r++) {
    const row = x.subarray(r * width, (r + 1) * width);
    const ranked = Array.from(row.keys())
      .filter((column) => !Number.isNaN(row[column]))
      .sort((a, b) => (row[a] === row[b] ? a - b : row[b] > row[a] ? 1 : -1))
      .slice(0, count);
    columns.set(ranked, r * count);
    values.set(
      ranked.map((column) => row[column]),
      r * count,
    );
  }
}

import type { MatrixOperations } from "../operations";
import type { SimdModule } from "./module";

export function simdMatrix({ wasm, at, productLines, scratch }: SimdModule): MatrixOperations {
  return {
    matMul({ a, b, out, rows, inner, columns, batches = 1, transposeA, transposeB, accumulate }) {
      // Strides in elements, steps from batch to batch in bytes.
      const strides = {
        a: transposeA === true ? [1, rows] : [inner, 1],
        b: transposeB === true ? [1, inner] : [columns, 1],
      };
      const stepA = a.length === rows * inner ? 0 : rows * inner * 4;
      const stepB = b.length === inner * columns ? 0 : inner * columns * 4;
      const lines = columns > 8 ? productLines : 8;
      const [fromA, fromB, to] = [at(a), at(b), at(out)];
      for (let batch = 0; batch < batches; batch++)
        wasm.matMul(
          ...[fromA + batch * stepA, ...strides.a, fromB + batch * stepB, ...strides.b],
          ...[to + batch * rows * columns * 4, rows, columns, inner, accumulate === true ? 1 : 0, lines, scratch],
        );
    },
    spmm: ({ pointers, columns, values }, dense, width, out) =>
      void wasm.spmm(pointers.length - 1, at(pointers), at(columns), at(values), at(dense), width, at(out)),
    segmentSum(values, ids, width, out) {
      out.fill(0);
      wasm.segmentSum(at(values), at(ids), ids.length, width, at(out));
    },
    columnSum: (x, width, out) => void wasm.columnSum(at(x), x.length / width, width, at(out)),
    addToRows: (x, row) => void wasm.addToRows(at(x), at(row), x.length / row.length, row.length),
    topK: (x, width, count, columns, values) =>
      void wasm.topK(at(x), x.length / width, width, count, at(columns), at(values)),
  };
}

import { InvalidArgumentError, requireNumber } from "../../core";
import type { MatrixOperations, RawOperations } from "../operations";
import { requireIds, requireLength, requirePointers, rowsOf } from "./require";

/** The matrix operations behind checks of their shapes and ids. */
export function checkMatrix(raw: RawOperations): MatrixOperations {
  return {
    matMul(product) {
      const { a, b, out, rows, inner, columns, batches = 1 } = product;
      for (const [name, size] of Object.entries({ rows, inner, columns, batches }))
        requireNumber(`matMul ${name}`, size, { min: 0, integer: true });
      if (a.length !== rows * inner) requireLength("matMul", "a", a, batches * rows * inner);
      if (b.length !== inner * columns) requireLength("matMul", "b", b, batches * inner * columns);
      requireLength("matMul", "out", out, batches * rows * columns);
      raw.matMul(product);
    },
    spmm(sparse, dense, width, out) {
      const { pointers, columns, values } = sparse;
      requireLength("spmm", "pointers", pointers, rowsOf("spmm", "out", out, width) + 1);
      requirePointers("spmm", "pointers", pointers, columns.length);
      requireIds(raw, "spmm", "columns", columns, rowsOf("spmm", "dense", dense, width));
      requireLength("spmm", "values", values, columns.length);
      raw.spmm(sparse, dense, width, out);
    },
    segmentSum(values, ids, width, out) {
      const segments = rowsOf("segmentSum", "out", out, width);
      requireLength("segmentSum", "values", values, ids.length * width);
      const tooLarge = ids.find((id) => id >= segments);
      if (tooLarge !== undefined)
        throw new InvalidArgumentError(`segmentSum: "ids" holds the id ${tooLarge}`, {
          remedy: `ids go up to ${segments - 1}`,
        });
      raw.segmentSum(values, ids, width, out);
    },
    columnSum(x, width, out) {
      rowsOf("columnSum", "x", x, width);
      requireLength("columnSum", "out", out, width);
      raw.columnSum(x, width, out);
    },
    addToRows(x, row) {
      rowsOf("addToRows", "x", x, row.length);
      raw.addToRows(x, row);
    },
    topK(x, width, count, columns, values) {
      const rows = rowsOf("topK", "x", x, width);
      requireNumber("topK count", count, { min: 1, max: 1024, integer: true });
      requireLength("topK", "columns", columns, rows * count);
      requireLength("topK", "values", values, rows * count);
      raw.topK(x, width, count, columns, values);
    },
  };
}

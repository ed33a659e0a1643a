import type { MatrixOperations } from "../operations";
import type { SimdModule } from "./module";
import { simdMatMul } from "./products";

export function simdMatrix(module: SimdModule): MatrixOperations {
  const { at, divide } = module;
  return {
    matMul: simdMatMul(module),
    spmm({ pointers, columns, values }, dense, width, out) {
      const [rows, entries] = [pointers.length - 1, columns.length];
      const [starts, column, value, x, to] = [at(pointers), at(columns), at(values), at(dense), at(out)];
      divide({
        ...{ operation: "spmm", count: rows, cost: (0.15 * width * entries) / rows },
        end: (share) => firstAtLeast(pointers, share * entries),
        arguments: (from, count) => [count, starts + 4 * from, column, value, x, width, to + 4 * width * from],
      });
    },
    segmentSum(values, ids, width, out) {
      const [of, segment, to, rows, segments] = [at(values), at(ids), at(out), ids.length, out.length / width];
      divide({
        ...{ operation: "segmentSum", count: width, unit: 32, cost: 0.4 * rows + 0.1 * segments },
        arguments: (from, count) => [of + 4 * from, segment, rows, width, count, to + 4 * from, segments],
      });
    },
    columnSum(x, width, out) {
      const [of, to, rows] = [at(x), at(out), x.length / width];
      divide({
        ...{ operation: "columnSum", count: width, unit: 16, cost: 0.2 * rows },
        arguments: (from, count) => [of + 4 * from, rows, width, count, to + 4 * from],
      });
    },
    addToRows(x, row) {
      const [to, of, width] = [at(x), at(row), row.length];
      divide({
        ...{ operation: "addToRows", count: x.length / width, cost: 0.2 * width },
        arguments: (from, count) => [to + 4 * width * from, of, count, width],
      });
    },
    topK(x, width, count, columns, values) {
      const [of, places, best] = [at(x), at(columns), at(values)];
      divide({
        ...{ operation: "topK", count: x.length / width, cost: 0.3 * width },
        arguments(from, rows) {
          const list = 4 * count * from;
          return [of + 4 * width * from, rows, width, count, places + list, best + list];
        },
      });
    },
  };
}

/** The first place of an ascending array that holds at least so much. */
function firstAtLeast(ascending: Int32Array, least: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

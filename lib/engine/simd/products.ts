import type { MatMul } from "../operations";
import type { Divisible } from "../threads";
import type { SimdModule } from "./module";
import { revectorizes } from "./revectorize";

/** Nanoseconds of a multiplication and its addition: half where V8 joins vectors. */
const cost = revectorizes ? 0.025 : 0.05;
/**
 * The block of columns of `lib/engine/assembly/matmul.ts`: where wide products are cut at them, both matrices are
 * packed no more often than in one piece.
 */
const blockColumns = 512;
/** From so many columns on there are enough blocks to cut at. */
const wide = 4 * blockColumns;
/** Each piece packs one of the matrices anew, so it should not be small where there are enough. */
const unitOf = (count: number) => (count >= 256 ? 64 : 32);

/** Where the matrices of a product lie: strides and steps in elements. */
interface Layout {
  readonly a: number;
  readonly aRow: number;
  readonly aInner: number;
  readonly aStep: number;
  readonly b: number;
  readonly bInner: number;
  readonly bColumn: number;
  readonly bStep: number;
  readonly c: number;
}

/** The part of a product that one call computes. */
interface Part {
  readonly rows: number;
  readonly columns: number;
  readonly batches: number;
}

/** General products of matrices, cut by batches, columns or rows, whichever costs least to pack. */
export function simdMatMul({ at, productLines, divide }: SimdModule): (product: MatMul) => void {
  return (product) => {
    const { rows, inner, columns, batches = 1, accumulate } = product;
    const lines = columns > 8 ? productLines : 8;
    const layout = layoutOf(product, at);
    const call = (moved: Layout, part: Part) => {
      const { a, aRow, aInner, aStep, b, bInner, bColumn, bStep, c } = moved;
      const [from, sizes] = [
        [a, aRow, aInner, aStep, b, bInner, bColumn, bStep, c, columns],
        [part.rows, part.columns],
      ];
      return [...from, ...sizes, inner, part.batches, accumulate === true ? 1 : 0, lines];
    };
    divide({ operation: "matMul", ...cuts({ rows, columns, batches }, inner, layout, call) });
  };
}

function layoutOf({ a, b, out, rows, inner, columns, transposeA, transposeB }: MatMul, at: SimdModule["at"]): Layout {
  const [aRow, aInner] = transposeA === true ? [1, rows] : [inner, 1];
  const [bInner, bColumn] = transposeB === true ? [1, inner] : [columns, 1];
  const aStep = a.length === rows * inner ? 0 : rows * inner;
  const bStep = b.length === inner * columns ? 0 : inner * columns;
  return { a: at(a), aRow, aInner, aStep, b: at(b), bInner, bColumn, bStep, c: at(out) };
}

function cuts(
  whole: Part,
  inner: number,
  layout: Layout,
  call: (moved: Layout, part: Part) => number[],
): Omit<Divisible, "operation"> {
  const { rows, columns, batches } = whole;
  const { a, aRow, aStep, b, bColumn, bStep, c } = layout;
  if (batches > 1)
    return {
      ...{ count: batches, cost: cost * rows * columns * inner },
      arguments: (from, count) =>
        call(
          { ...layout, a: a + 4 * aStep * from, b: b + 4 * bStep * from, c: c + 4 * rows * columns * from },
          { rows, columns, batches: count },
        ),
    };
  if (columns >= wide || columns > rows)
    return {
      ...{
        count: columns,
        unit: columns >= wide ? blockColumns : unitOf(columns),
        cost: cost * rows * inner,
      },
      arguments: (from, count) =>
        call({ ...layout, b: b + 4 * bColumn * from, c: c + 4 * from }, { rows, columns: count, batches }),
    };
  return {
    ...{ count: rows, unit: unitOf(rows), cost: cost * columns * inner },
    arguments: (from, count) =>
      call({ ...layout, a: a + 4 * aRow * from, c: c + 4 * columns * from }, { rows: count, columns, batches }),
  };
}

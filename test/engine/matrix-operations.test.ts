import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidOptionError, Random } from "../../lib/core";
import type { MatMul } from "../../lib/engine/operations";
import { expectClose, expectSame, forms } from "./forms";

const normal = (length: number, seed: number) => Random.fromSeed(seed).fillNormal(new Float32Array(length), 1);
const size = (max: number) => fc.integer({ min: 0, max });

describe("the simd form agrees with the reference", () => {
  it("matMul, every transpose, batched or with one matrix for all", () => {
    const cases = fc.record({
      rows: size(20),
      inner: size(20),
      columns: size(20),
      batches: fc.integer({ min: 1, max: 3 }),
      one: fc.constantFrom("a", "b", "neither"),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      accumulate: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ one, ...sizes }) => {
        const { rows, inner, columns, batches } = sizes;
        expectSame((operations, put) => {
          const a = put(normal((one === "a" ? 1 : batches) * rows * inner, 1));
          const b = put(normal((one === "b" ? 1 : batches) * inner * columns, 2));
          const out = put(normal(batches * rows * columns, 3));
          operations.matMul({ a, b, out, ...sizes });
          return [out];
        });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [70, 300, 530],
    [65, 257, 9],
    [4, 513, 8],
    [129, 3, 1030],
  ])("matMul beyond one block: %i x %i x %i", (rows, inner, columns) => {
    for (const transposeA of [false, true])
      for (const transposeB of [false, true])
        expectSame((operations, put) => {
          const [a, b] = [put(normal(rows * inner, 1)), put(normal(inner * columns, 2))];
          const out = put(new Float32Array(rows * columns));
          operations.matMul({ a, b, out, rows, inner, columns, transposeA, transposeB });
          return [out];
        });
  });

  it("spmm", () => {
    const cases = fc.record({ width: fc.integer({ min: 1, max: 70 }), rows: size(12), seed: fc.integer() });
    fc.assert(
      fc.property(cases, ({ width, rows, seed }) =>
        expectSame((operations, put) => {
          const random = Random.fromSeed(seed);
          const pointers = new Int32Array(rows + 1);
          for (let r = 0; r < rows; r++) pointers[r + 1] = pointers[r] + random.integer(7);
          const columns = Int32Array.from({ length: pointers[rows] }, () => random.integer(5));
          const sparse = { pointers: put(pointers), columns: put(columns), values: put(normal(columns.length, seed)) };
          const out = put(new Float32Array(rows * width).fill(3));
          operations.spmm(sparse, put(normal(5 * width, 4)), width, out);
          return [out];
        }),
      ),
    );
  });

  it("columnSum and addToRows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), size(30), (width, rows) =>
        expectSame((operations, put) => {
          const x = put(normal(rows * width, 1));
          const out = put(new Float32Array(width).fill(8));
          operations.columnSum(x, width, out);
          operations.addToRows(x, put(normal(width, 2)));
          return [out, x];
        }),
      ),
    );
  });

  it("topK, with ties, NaN and infinities", () => {
    const value = fc.constantFrom(-Infinity, -2, -1, -0, 0, 0.5, 1, 1, 3, Infinity, NaN);
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 12 }))
      .chain(([width, rows, count]) =>
        fc.record({
          ...{ width: fc.constant(width), rows: fc.constant(rows), count: fc.constant(count) },
          x: fc.array(value, { minLength: width * rows, maxLength: width * rows }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ width, rows, count, x }) => {
        const results = forms.map(({ operations, workspace }) => {
          const room = workspace();
          const [columns, values] = [room.int32(rows * count), room.float32(rows * count)];
          operations.topK(room.copyOf(Float32Array.from(x)), width, count, columns, values);
          const copied = { columns: [...columns], values: [...values].map((entry) => entry + 0) };
          room.dispose();
          return copied;
        });
        expect(results[0]).toEqual(results[1]);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(forms)("the $name form", ({ operations, workspace }) => {
  it("does not let float32 sums drift", () => {
    const room = workspace();
    const out = room.float32(1);
    operations.columnSum(room.float32(1_000_000).fill(0.1), 1, out);
    expectClose(out[0], 100_000, 1e-6);
    room.dispose();
  });

  it("refuses shapes that do not fit", () => {
    const room = workspace();
    const product = { a: room.float32(6), b: room.float32(12), out: room.float32(8), rows: 2, inner: 3, columns: 4 };
    operations.matMul(product);
    const refused = (changes: Partial<MatMul>) =>
      expect(() => operations.matMul({ ...product, ...changes })).toThrow(InvalidArgumentError);
    refused({ rows: 3 });
    refused({ a: room.float32(5) });
    refused({ b: room.float32(24) });
    refused({ out: room.float32(9) });
    refused({ batches: 2 });
    expect(() => operations.matMul({ ...product, inner: 1.5 })).toThrow(InvalidOptionError);
    const sparse = { pointers: room.int32(2), columns: room.int32(1), values: room.float32(1) };
    const [dense, out] = [room.float32(4), room.float32(4)];
    expect(() => operations.spmm(sparse, dense, 4, out)).toThrow(/"pointers" does not ascend/);
    sparse.pointers[1] = 1;
    sparse.columns[0] = 1;
    expect(() => operations.spmm(sparse, dense, 4, out)).toThrow(/the id 1/);
    sparse.columns[0] = -1;
    expect(() => operations.spmm(sparse, dense, 4, out)).toThrow(/the id -1/);
    expect(() => operations.columnSum(dense, 3, out)).toThrow(/rows of 3/);
    expect(() => operations.addToRows(dense, room.float32(3))).toThrow(/rows of 3/);
    expect(() => operations.topK(dense, 4, 0, room.int32(0), room.float32(0))).toThrow(/count/);
    expect(() => operations.topK(dense, 4, 2, room.int32(2), room.float32(3))).toThrow(/"values" has 3/);
    room.dispose();
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, libFolder } from "../../lib/core";
import { expectClose, expectSame, forms, simdForm } from "./forms";
import { vectors } from "./generators";

const pairs = fc.integer({ min: 0, max: 70 }).chain((length) => fc.tuple(vectors(length), vectors(length)));

describe("the simd form agrees with the reference", () => {
  it("dot, axpy, xpby and hadamard, at any alignment", () => {
    fc.assert(
      fc.property(
        pairs,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.integer({ min: 0, max: 3 }),
        ([x, y], f, skip) => {
          expectSame((operations, put) => {
            const shifted = (values: Float32Array) => {
              const part = put(new Float32Array(skip + values.length)).subarray(skip);
              part.set(values);
              return part;
            };
            const [a, b, c, d, out] = [shifted(x), shifted(y), shifted(y), shifted(x), shifted(x)];
            operations.axpy(f, a, b);
            operations.xpby(a, f, c);
            operations.hadamard(a, d, out);
            return [b, c, out];
          });
        },
      ),
    );
  });

  it("segmentSum", () => {
    const cases = fc.integer({ min: 1, max: 40 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        ids: fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 30 }),
        seed: fc.integer(),
      }),
    );
    fc.assert(
      fc.property(cases, ({ width, ids }) =>
        expectSame((operations, put) => {
          const values = Float32Array.from({ length: ids.length * width }, (_, k) => Math.sin(k));
          const out = put(new Float32Array(5 * width).fill(9));
          operations.segmentSum(put(values), put(Int32Array.from(ids)), width, out);
          return [out];
        }),
      ),
    );
  });
});

describe.each(forms)("the $name form", ({ operations, workspace }) => {
  it("sums dot products in float64", () => {
    const memory = workspace();
    // In float32 the small terms would vanish beside 2^24.
    const x = memory.copyOf(Float32Array.from([2 ** 24, ...Array<number>(1000).fill(1), -(2 ** 24)]));
    expect(operations.dot(x, memory.copyOf(new Float32Array(1002).fill(1)))).toBe(1000);
    memory.dispose();
  });

  it("gathers NaN into the loss instead of hiding it", () => {
    const memory = workspace();
    const p = memory.copyOf(Float32Array.from([NaN]));
    const [q, r, w] = [memory.float32(1), memory.float32(1), memory.float32(1)];
    const zero = memory.int32(1);
    expect(operations.mfDerivatives(p, q, zero, zero, memory.float32(1), 1, r, w)).toBeNaN();
    memory.dispose();
  });

  it("is exact where the sigmoid saturates", () => {
    const memory = workspace();
    const scores = [-1e4, -80, -20, 0, 20, 80, 1e4];
    const p = memory.copyOf(Float32Array.from(scores));
    const q = memory.copyOf(Float32Array.from([1]));
    const user = memory.copyOf(Int32Array.from(scores.keys()));
    const [item, label] = [memory.int32(7), memory.float32(7)];
    const [r, w] = [memory.float32(7), memory.float32(7)];
    const loss = operations.mfDerivatives(p, q, user, item, label, 1, r, w);
    expectClose(
      loss,
      scores.reduce((sum, s) => sum + Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))), 0),
      1e-6,
    );
    expectClose(r[2], 1 / (1 + Math.exp(20)), 1e-6);
    expectClose(w[4], Math.exp(-20) / (1 + Math.exp(-20)) ** 2, 1e-6);
    expect([...r].slice(-1)).toEqual([1]);
    memory.dispose();
  });

  it("refuses vectors of different lengths and ids beyond the segments", () => {
    const memory = workspace();
    expect(() => operations.dot(memory.float32(3), memory.float32(4))).toThrow(InvalidArgumentError);
    const ids = memory.copyOf(Int32Array.from([0, 5]));
    expect(() => operations.segmentSum(memory.float32(2), ids, 1, memory.float32(5))).toThrow(/the id 5/);
    expect(() => operations.segmentSum(memory.float32(2), ids, 2, memory.float32(12))).toThrow(/"values" has 2/);
    memory.dispose();
  });
});

it("the simd form refuses arrays outside its memory", () => {
  expect(() => simdForm.operations.dot(new Float32Array(2), new Float32Array(2))).toThrow(/createWorkspace/);
});

/** The ids of the sections of a WebAssembly module, in order. */
function sections(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++]);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return ids;
}

it.each(["operations", "products"])(
  "the module %s holds no static data, which would overwrite a foreign heap",
  (name) => {
    const found = sections(readFileSync(join(libFolder(), "dist", "engine", `${name}.wasm`)));
    const [codeSection, dataSection] = [10, 11];
    expect(found).toContain(codeSection);
    expect(found).not.toContain(dataSection);
  },
);

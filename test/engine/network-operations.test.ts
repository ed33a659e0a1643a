import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, Random } from "../../lib/core";
import type { Operations } from "../../lib/engine/operations";
import type { OperationArray } from "../../lib/engine/arrays";
import { expectClose, expectSame, forms } from "./forms";

type Put = <T extends OperationArray>(array: T) => T;
const normal = (length: number, seed: number, deviation = 1) =>
  Random.derive(seed, length).fillNormal(new Float32Array(length), deviation);
const shapes = fc.record({
  rows: fc.integer({ min: 0, max: 6 }),
  width: fc.integer({ min: 1, max: 45 }),
  deviation: fc.constantFrom(0.1, 1, 10),
});

const crossEntropy = (operations: Operations, put: Put, rows: number, width: number, logits: Float32Array) => {
  const labels = Int32Array.from({ length: rows }, (_, r) => (7 * r) % width);
  const [losses, gradient] = [put(new Float32Array(rows)), put(new Float32Array(logits.length))];
  operations.softmaxCrossEntropy(put(logits), put(labels), put(normal(rows, 1)), losses, gradient);
  return { losses, gradient };
};

const gru = (operations: Operations, put: Put, width: number, parts: Record<"i" | "s" | "h", Float32Array>) => {
  const gates = put(new Float32Array(parts.i.length));
  const step = { fromInput: put(parts.i), fromState: put(parts.s), state: put(parts.h), gates, width };
  const out = put(new Float32Array(parts.h.length));
  operations.gruForward(step, out);
  return { step, out };
};

const gruGradients = (
  operations: Operations,
  put: Put,
  width: number,
  parts: Record<"i" | "s" | "h" | "d", Float32Array>,
) => {
  const { step } = gru(operations, put, width, parts);
  const empty = (length: number) => put(new Float32Array(length));
  const out = { fromInput: empty(parts.i.length), fromState: empty(parts.i.length), state: empty(parts.h.length) };
  operations.gruBackward(step, put(parts.d), out);
  return out;
};

const norm = (operations: Operations, put: Put, x: Float32Array, gain: Float32Array, bias: Float32Array) => {
  const empty = () => put(new Float32Array(x.length / gain.length));
  const layer = { x: put(x), gain: put(gain), mean: empty(), inverseDeviation: empty() };
  const out = put(new Float32Array(x.length));
  operations.layerNorm(layer, put(bias), 1e-5, out);
  return { layer, out };
};

describe("the simd form agrees with the reference", () => {
  it("softmaxCrossEntropy", () => {
    fc.assert(
      fc.property(shapes, ({ rows, width, deviation }) =>
        expectSame((operations, put) => {
          const result = crossEntropy(operations, put, rows, width, normal(rows * width, 3, deviation));
          return [result.losses, result.gradient];
        }),
      ),
    );
    expectSame((operations, put) => {
      const result = crossEntropy(operations, put, 2, 3501, normal(7002, 3));
      return [result.losses, result.gradient];
    });
  });

  it("gruForward and gruBackward", () => {
    fc.assert(
      fc.property(shapes, ({ rows, width, deviation }) =>
        expectSame((operations, put) => {
          const [i, s] = [normal(3 * rows * width, 1, deviation), normal(3 * rows * width, 2, deviation)];
          const [h, d] = [normal(rows * width, 3), normal(rows * width, 4)];
          const { step, out } = gru(operations, put, width, { i, s, h });
          return [out, step.gates, ...Object.values(gruGradients(operations, put, width, { i, s, h, d }))];
        }),
      ),
    );
  });

  it("layerNorm and layerNormGradient", () => {
    fc.assert(
      fc.property(shapes, ({ rows, width, deviation }) =>
        expectSame(
          (operations, put) => {
            const [gain, bias] = [normal(width, 2), normal(width, 3)];
            // Not constant rows: what is left of a difference of equal numbers depends on rounding alone.
            const x = normal(rows * width, 1, deviation).map((value, k) => value + (k % 2));
            const { layer, out } = norm(operations, put, x, gain, bias);
            const [outX, outGain, outBias] = [x, gain, gain].map(({ length }) => put(new Float32Array(length).fill(5)));
            operations.layerNormGradient(layer, put(normal(x.length, 4)), outX, outGain, outBias);
            return [out, layer.mean, layer.inverseDeviation, outX, outGain, outBias];
          },
          { relative: 1e-4, absolute: 1e-5 },
        ),
      ),
    );
  });
});

/** The slope of a float64 function of one array along a direction. */
function slope(f: (x: Float64Array) => number, x: Float32Array, direction: Float32Array): number {
  const h = 1e-5;
  const at = (sign: number) => f(Float64Array.from(x, (value, k) => value + sign * h * direction[k]));
  return (at(1) - at(-1)) / (2 * h);
}
const product = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  Array.from(x).reduce((sum, value, k) => sum + value * y[k], 0);
const sigma = (x: number) => 1 / (1 + Math.exp(-x));

describe.each(forms)("gradients of the $name form are those of the definitions", ({ operations, workspace }) => {
  const inRoom = (work: (put: Put) => void) => () => {
    const room = workspace();
    work((array) => room.copyOf(array));
    room.dispose();
  };

  it(
    "softmaxCrossEntropy",
    inRoom((put) => {
      const [logits, direction, weights] = [normal(15, 1), normal(15, 2), normal(3, 1)];
      const { gradient } = crossEntropy(operations, put, 3, 5, logits);
      const weightedLoss = (x: Float64Array) =>
        [0, 1, 2].reduce((sum, r) => {
          const row = x.subarray(5 * r, 5 * r + 5);
          return sum + weights[r] * (Math.log(row.reduce((s, v) => s + Math.exp(v), 0)) - row[(7 * r) % 5]);
        }, 0);
      expectClose(product(gradient, direction), slope(weightedLoss, logits, direction), 1e-5);
    }),
  );

  it(
    "the GRU step",
    inRoom((put) => {
      const [i, s, h, d] = [normal(18, 1), normal(18, 2), normal(6, 3), normal(6, 4)];
      const weighted = (I: ArrayLike<number>, S: ArrayLike<number>, H: ArrayLike<number>) => {
        let sum = 0;
        for (let k = 0; k < 6; k++) {
          const at = 9 * Math.floor(k / 3) + (k % 3);
          const [r, z] = [sigma(I[at] + S[at]), sigma(I[at + 3] + S[at + 3])];
          const n = Math.tanh(I[at + 6] + r * S[at + 6]);
          sum += d[k] * ((1 - z) * n + z * H[k]);
        }
        return sum;
      };
      const out = gruGradients(operations, put, 3, { i, s, h, d });
      const [wide, narrow] = [normal(18, 7), normal(6, 8)];
      expectClose(
        product(out.fromInput, wide),
        slope((x) => weighted(x, s, h), i, wide),
        1e-5,
      );
      expectClose(
        product(out.fromState, wide),
        slope((x) => weighted(i, x, h), s, wide),
        1e-5,
      );
      expectClose(
        product(out.state, narrow),
        slope((x) => weighted(i, s, x), h, narrow),
        1e-5,
      );
    }),
  );

  it(
    "layerNorm",
    inRoom((put) => {
      const [x, gain, bias, d] = [normal(14, 1), normal(7, 2), normal(7, 3), normal(14, 4)];
      const weighted = (X: ArrayLike<number>, G: ArrayLike<number>, B: ArrayLike<number>) => {
        let sum = 0;
        for (const r of [0, 7]) {
          const row = Array.from(X).slice(r, r + 7);
          const mean = row.reduce((a, b) => a + b) / 7;
          const deviation = Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0) / 7 + 1e-5);
          row.forEach((value, j) => (sum += d[r + j] * (((value - mean) / deviation) * G[j] + B[j])));
        }
        return sum;
      };
      const { layer } = norm(operations, put, x, gain, bias);
      const [outX, outGain, outBias] = [14, 7, 7].map((length) => put(new Float32Array(length)));
      operations.layerNormGradient(layer, put(d), outX, outGain, outBias);
      const [wide, narrow] = [normal(14, 7), normal(7, 8)];
      expectClose(
        product(outX, wide),
        slope((v) => weighted(v, gain, bias), x, wide),
        1e-4,
      );
      expectClose(
        product(outGain, narrow),
        slope((v) => weighted(x, v, bias), gain, narrow),
        1e-5,
      );
      expectClose(
        product(outBias, narrow),
        slope((v) => weighted(x, gain, v), bias, narrow),
        1e-5,
      );
    }),
  );

  it(
    "refuses shapes that do not fit",
    inRoom((put) => {
      const array = (length: number) => put(new Float32Array(length));
      const labels = put(Int32Array.of(0, 3));
      const ce = (classes: number, rows = 2) =>
        operations.softmaxCrossEntropy(array(2 * classes), labels, array(rows), array(2), array(2 * classes));
      expect(() => ce(3)).toThrow(/the id 3/);
      expect(() => ce(4, 3)).toThrow(InvalidArgumentError);
      expect(() => ce(4.5)).toThrow(/logits per label/);
      expect(() => gru(operations, put, 4, { i: array(18), s: array(18), h: array(6) })).toThrow(/rows of 4/);
      expect(() => gru(operations, put, 3, { i: array(18), s: array(15), h: array(6) })).toThrow(/"fromState"/);
      expect(() => norm(operations, put, array(8), array(3), array(3))).toThrow(/rows of 3/);
      expect(() => norm(operations, put, array(6), array(3), array(2))).toThrow(/"bias"/);
    }),
  );
});

it.each(forms)(
  "the $name form carries NaN and survives infinities in softmaxCrossEntropy",
  ({ operations, workspace }) => {
    const room = workspace();
    const logits = room.copyOf(Float32Array.of(1, NaN, 2, 1e30, -Infinity, 3));
    const [losses, gradient] = [room.float32(2), room.float32(6)];
    operations.softmaxCrossEntropy(logits, room.int32(2), room.float32(2).fill(1), losses, gradient);
    expect(losses[0]).toBeNaN();
    expect(losses[1]).toBe(0);
    expect([...gradient.subarray(3)]).toEqual([0, 0, 0].map((value) => expect.closeTo(value, 6) as number));
    room.dispose();
  },
);

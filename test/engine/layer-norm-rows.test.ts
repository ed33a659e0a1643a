import { describe, expect, it } from "vitest";
import { loadSimdEngine } from "../../lib/engine/simd";
import { ArrayWorkspace } from "../../lib/engine/workspace";

// The SIMD form, whatever engine is in use: the reference sums in float64.
const { operations, memory } = loadSimdEngine();

/** Layer normalisation and its gradients of some rows, as plain arrays. */
function normalise(rows: readonly number[], width: number) {
  const room = new ArrayWorkspace(memory);
  const values = (salt: number) =>
    room.copyOf(
      Float32Array.from(rows.flatMap((r) => Array.from({ length: width }, (_, j) => Math.sin(salt + r * width + j)))),
    );
  const once = (salt: number) => room.copyOf(Float32Array.from({ length: width }, (_, j) => Math.cos(salt + j)));
  const norm = {
    x: values(1),
    gain: once(2),
    mean: room.float32(rows.length),
    inverseDeviation: room.float32(rows.length),
  };
  const [out, outX] = [0, 0].map(() => room.float32(rows.length * width));
  const [outGain, outBias] = [0, 0].map(() => room.float32(width));
  operations.layerNorm(norm, once(3), 1e-5, out);
  operations.layerNormGradient(norm, values(4), outX, outGain, outBias);
  const { mean, inverseDeviation } = norm;
  const copies = [mean, inverseDeviation, out, outX, outGain, outBias].map((array) => Float32Array.from(array));
  room.dispose();
  return copies;
}

describe.each([4, 12, 64, 5])("layer normalisation of width %d", (width) => {
  it.each([2, 3, 4, 7, 9])("of %d rows at once is the same bytes as row by row", (count) => {
    const rows = Array.from({ length: count }, (_, r) => r);
    const [mean, inverse, out, outX, outGain, outBias] = normalise(rows, width);
    const alone = rows.map((row) => normalise([row], width));
    const joined = (which: number) => Float32Array.from(alone.flatMap((one) => Array.from(one[which])));
    expect([mean, inverse, out, outX]).toEqual([0, 1, 2, 3].map(joined));
    const added = (which: number) => alone.map((one) => one[which]).reduce((sum, one) => sum.map((x, j) => x + one[j]));
    expect([outGain, outBias]).toEqual([4, 5].map(added));
  });
});

// Layer normalisation. Every pointer is a byte offset.
import { firstLanes, loadUpTo, storeUpTo } from "./lanes";
import { sum4 } from "./math";

/** out = (x - mean) inverseDeviation gain + bias, row by row; the statistics are kept for the gradient. */
export function layerNorm(
  x: usize,
  gain: usize,
  bias: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
  mean: usize,
  inverseDeviation: usize,
  out: usize,
): void {
  const bytes = (<usize>width) << 2;
  let row: usize = 0;
  if ((width & 3) === 0)
    for (const end = (<usize>(rows & ~3)) << 2; row < end; row += 16) {
      layerNormFour(x, gain, bias, width, epsilon, mean + row, inverseDeviation + row, out);
      x += bytes << 2;
      out += bytes << 2;
    }
  for (; row < (<usize>rows) << 2; row += 4) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) sum = f32x4.add(sum, loadUpTo(x + j, bytes - j));
    const centre = sum4(sum) / <f32>width;
    const centres = f32x4.splat(centre);
    let squares = f32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const left = bytes - j;
      // Lanes beyond the row must stay 0.
      const difference = f32x4.sub(loadUpTo(x + j, left), left >= 16 ? centres : firstLanes(centres, left));
      squares = f32x4.add(squares, f32x4.mul(difference, difference));
    }
    const inverse: f32 = 1 / sqrt<f32>(sum4(squares) / <f32>width + epsilon);
    const inverses = f32x4.splat(inverse);
    for (let j: usize = 0; j < bytes; j += 16) {
      const left = bytes - j;
      const normal = f32x4.mul(f32x4.sub(loadUpTo(x + j, left), centres), inverses);
      storeUpTo(out + j, left, f32x4.add(f32x4.mul(normal, loadUpTo(gain + j, left)), loadUpTo(bias + j, left)));
    }
    store<f32>(mean + row, centre);
    store<f32>(inverseDeviation + row, inverse);
    x += bytes;
    out += bytes;
  }
}

/** The same of four rows at once, whose width is a multiple of four: their sums need not wait for each other. */
function layerNormFour(
  x: usize,
  gain: usize,
  bias: usize,
  width: i32,
  epsilon: f32,
  mean: usize,
  inverseDeviation: usize,
  out: usize,
): void {
  const bytes = (<usize>width) << 2;
  const x1 = x + bytes;
  const x2 = x1 + bytes;
  const x3 = x2 + bytes;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    s0 = f32x4.add(s0, v128.load(x + j));
    s1 = f32x4.add(s1, v128.load(x1 + j));
    s2 = f32x4.add(s2, v128.load(x2 + j));
    s3 = f32x4.add(s3, v128.load(x3 + j));
  }
  const m0 = f32x4.splat(sum4(s0) / <f32>width);
  const m1 = f32x4.splat(sum4(s1) / <f32>width);
  const m2 = f32x4.splat(sum4(s2) / <f32>width);
  const m3 = f32x4.splat(sum4(s3) / <f32>width);
  let q0 = f32x4.splat(0);
  let q1 = f32x4.splat(0);
  let q2 = f32x4.splat(0);
  let q3 = f32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    s0 = f32x4.sub(v128.load(x + j), m0);
    s1 = f32x4.sub(v128.load(x1 + j), m1);
    s2 = f32x4.sub(v128.load(x2 + j), m2);
    s3 = f32x4.sub(v128.load(x3 + j), m3);
    q0 = f32x4.add(q0, f32x4.mul(s0, s0));
    q1 = f32x4.add(q1, f32x4.mul(s1, s1));
    q2 = f32x4.add(q2, f32x4.mul(s2, s2));
    q3 = f32x4.add(q3, f32x4.mul(s3, s3));
  }
  const i0 = f32x4.splat(1 / sqrt<f32>(sum4(q0) / <f32>width + epsilon));
  const i1 = f32x4.splat(1 / sqrt<f32>(sum4(q1) / <f32>width + epsilon));
  const i2 = f32x4.splat(1 / sqrt<f32>(sum4(q2) / <f32>width + epsilon));
  const i3 = f32x4.splat(1 / sqrt<f32>(sum4(q3) / <f32>width + epsilon));
  for (let j: usize = 0; j < bytes; j += 16) {
    const g = v128.load(gain + j);
    const b = v128.load(bias + j);
    const to = out + j;
    v128.store(to, f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x + j), m0), i0), g), b));
    v128.store(to + bytes, f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x1 + j), m1), i1), g), b));
    v128.store(to + 2 * bytes, f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x2 + j), m2), i2), g), b));
    v128.store(to + 3 * bytes, f32x4.add(f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x3 + j), m3), i3), g), b));
  }
  v128.store_lane<f32>(mean, m0, 0);
  v128.store_lane<f32>(mean, m1, 0, 4);
  v128.store_lane<f32>(mean, m2, 0, 8);
  v128.store_lane<f32>(mean, m3, 0, 12);
  v128.store_lane<f32>(inverseDeviation, i0, 0);
  v128.store_lane<f32>(inverseDeviation, i1, 0, 4);
  v128.store_lane<f32>(inverseDeviation, i2, 0, 8);
  v128.store_lane<f32>(inverseDeviation, i3, 0, 12);
}

/**
 * The gradients of a layer normalisation: with y = (x - mean) inverseDeviation and g = gradient gain, outX =
 * inverseDeviation (g - mean(g) - y mean(g y)), outGain = sum of gradient y, outBias = sum of gradient (both added to).
 */
export function layerNormGradient(
  x: usize,
  gain: usize,
  mean: usize,
  inverseDeviation: usize,
  gradient: usize,
  rows: i32,
  width: i32,
  outX: usize,
  outGain: usize,
  outBias: usize,
): void {
  const bytes = (<usize>width) << 2;
  let row: usize = 0;
  if ((width & 3) === 0)
    for (const end = (<usize>(rows & ~1)) << 2; row < end; row += 8) {
      layerNormGradientTwo(x, gain, mean + row, inverseDeviation + row, gradient, width, outX, outGain, outBias);
      x += bytes << 1;
      gradient += bytes << 1;
      outX += bytes << 1;
    }
  for (; row < (<usize>rows) << 2; row += 4) {
    const centres = v128.load32_splat(mean + row);
    const inverses = v128.load32_splat(inverseDeviation + row);
    let sum = f32x4.splat(0);
    let alongNormal = f32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      const left = bytes - j;
      const d = loadUpTo(gradient + j, left); // 0 beyond the row, and so are the products with it
      const normal = f32x4.mul(f32x4.sub(loadUpTo(x + j, left), centres), inverses);
      const g = f32x4.mul(d, loadUpTo(gain + j, left));
      sum = f32x4.add(sum, g);
      alongNormal = f32x4.add(alongNormal, f32x4.mul(g, normal));
      storeUpTo(outGain + j, left, f32x4.add(loadUpTo(outGain + j, left), f32x4.mul(d, normal)));
      storeUpTo(outBias + j, left, f32x4.add(loadUpTo(outBias + j, left), d));
    }
    const meanGradient = f32x4.splat(sum4(sum) / <f32>width);
    const meanAlong = f32x4.splat(sum4(alongNormal) / <f32>width);
    for (let j: usize = 0; j < bytes; j += 16) {
      const left = bytes - j;
      const normal = f32x4.mul(f32x4.sub(loadUpTo(x + j, left), centres), inverses);
      const g = f32x4.mul(loadUpTo(gradient + j, left), loadUpTo(gain + j, left));
      const moved = f32x4.sub(f32x4.sub(g, meanGradient), f32x4.mul(normal, meanAlong));
      storeUpTo(outX + j, left, f32x4.mul(inverses, moved));
    }
    x += bytes;
    gradient += bytes;
    outX += bytes;
  }
}

/** The same of two rows at once, whose width is a multiple of four: their sums need not wait for each other. */
function layerNormGradientTwo(
  x: usize,
  gain: usize,
  mean: usize,
  inverseDeviation: usize,
  gradient: usize,
  width: i32,
  outX: usize,
  outGain: usize,
  outBias: usize,
): void {
  const bytes = (<usize>width) << 2;
  const m0 = v128.load32_splat(mean);
  const m1 = v128.load32_splat(mean, 4);
  const i0 = v128.load32_splat(inverseDeviation);
  const i1 = v128.load32_splat(inverseDeviation, 4);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    const gains = v128.load(gain + j);
    const d0 = v128.load(gradient + j);
    const d1 = v128.load(gradient + bytes + j);
    const n0 = f32x4.mul(f32x4.sub(v128.load(x + j), m0), i0);
    const n1 = f32x4.mul(f32x4.sub(v128.load(x + bytes + j), m1), i1);
    const g0 = f32x4.mul(d0, gains);
    const g1 = f32x4.mul(d1, gains);
    s0 = f32x4.add(s0, g0);
    s1 = f32x4.add(s1, g1);
    a0 = f32x4.add(a0, f32x4.mul(g0, n0));
    a1 = f32x4.add(a1, f32x4.mul(g1, n1));
    const gainOfFirst = f32x4.add(v128.load(outGain + j), f32x4.mul(d0, n0));
    v128.store(outGain + j, f32x4.add(gainOfFirst, f32x4.mul(d1, n1)));
    v128.store(outBias + j, f32x4.add(f32x4.add(v128.load(outBias + j), d0), d1));
  }
  s0 = f32x4.splat(sum4(s0) / <f32>width);
  s1 = f32x4.splat(sum4(s1) / <f32>width);
  a0 = f32x4.splat(sum4(a0) / <f32>width);
  a1 = f32x4.splat(sum4(a1) / <f32>width);
  for (let j: usize = 0; j < bytes; j += 16) {
    const gains = v128.load(gain + j);
    const n0 = f32x4.mul(f32x4.sub(v128.load(x + j), m0), i0);
    const n1 = f32x4.mul(f32x4.sub(v128.load(x + bytes + j), m1), i1);
    const g0 = f32x4.mul(v128.load(gradient + j), gains);
    const g1 = f32x4.mul(v128.load(gradient + bytes + j), gains);
    v128.store(outX + j, f32x4.mul(i0, f32x4.sub(f32x4.sub(g0, s0), f32x4.mul(n0, a0))));
    v128.store(outX + bytes + j, f32x4.mul(i1, f32x4.sub(f32x4.sub(g1, s1), f32x4.mul(n1, a1))));
  }
}

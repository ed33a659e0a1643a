import { sum4 } from "./math";

// Rows of embedding matrices: `bytes` is 4 x width.

/** The dot product of two rows. */
export function rowDot(a: usize, b: usize, bytes: usize): f32 {
  const whole = bytes & ~15;
  let sum = f32x4.splat(0);
  let j: usize = 0;
  for (; j < whole; j += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + j), v128.load(b + j)));
  let total = sum4(sum);
  for (; j < bytes; j += 4) total += load<f32>(a + j) * load<f32>(b + j);
  return total;
}

/** <a, b> + <c, d>: two chains of sums, so that one addition need not wait for the other. */
export function twoRowDots(a: usize, b: usize, c: usize, d: usize, bytes: usize): f32 {
  const whole = bytes & ~15;
  let first = f32x4.splat(0);
  let second = f32x4.splat(0);
  let j: usize = 0;
  for (; j < whole; j += 16) {
    first = f32x4.add(first, f32x4.mul(v128.load(a + j), v128.load(b + j)));
    second = f32x4.add(second, f32x4.mul(v128.load(c + j), v128.load(d + j)));
  }
  let total = sum4(f32x4.add(first, second));
  for (; j < bytes; j += 4) total += load<f32>(a + j) * load<f32>(b + j) + load<f32>(c + j) * load<f32>(d + j);
  return total;
}

/** out += factor x */
export function addRow(factor: f32, x: usize, out: usize, bytes: usize): void {
  const whole = bytes & ~15;
  const factors = f32x4.splat(factor);
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(out + j, f32x4.add(v128.load(out + j), f32x4.mul(factors, v128.load(x + j))));
  for (; j < bytes; j += 4) store<f32>(out + j, load<f32>(out + j) + factor * load<f32>(x + j));
}

/** out += f x + g y */
export function addTwoRows(f: f32, x: usize, g: f32, y: usize, out: usize, bytes: usize): void {
  const whole = bytes & ~15;
  const fs = f32x4.splat(f);
  const gs = f32x4.splat(g);
  let j: usize = 0;
  for (; j < whole; j += 16) {
    const sum = f32x4.add(f32x4.mul(fs, v128.load(x + j)), f32x4.mul(gs, v128.load(y + j)));
    v128.store(out + j, f32x4.add(v128.load(out + j), sum));
  }
  for (; j < bytes; j += 4) store<f32>(out + j, load<f32>(out + j) + (f * load<f32>(x + j) + g * load<f32>(y + j)));
}

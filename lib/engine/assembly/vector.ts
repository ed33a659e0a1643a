// Vector helpers. Every pointer is a byte offset; counts are elements.

/** Sum of x[k] y[k], products and sum in float64. */
export function dot(x: usize, y: usize, count: i32): f64 {
  const bytes = (<usize>count) << 2;
  const whole = bytes & ~15;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let j: usize = 0;
  for (; j < whole; j += 16) {
    low = f64x2.add(low, f64x2.mul(promote(x + j), promote(y + j)));
    high = f64x2.add(high, f64x2.mul(promote(x + j + 8), promote(y + j + 8)));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; j < bytes; j += 4) sum += <f64>load<f32>(x + j) * <f64>load<f32>(y + j);
  return sum;
}

/** Two float32 as float64. */
function promote(x: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x));
}

/** y += alpha x */
export function axpy(alpha: f32, x: usize, y: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const whole = bytes & ~15;
  const factor = f32x4.splat(alpha);
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(y + j, f32x4.add(v128.load(y + j), f32x4.mul(factor, v128.load(x + j))));
  for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(y + j) + alpha * load<f32>(x + j));
}

/** y = x + beta y */
export function xpby(x: usize, beta: f32, y: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const whole = bytes & ~15;
  const factor = f32x4.splat(beta);
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(y + j, f32x4.add(v128.load(x + j), f32x4.mul(factor, v128.load(y + j))));
  for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(x + j) + beta * load<f32>(y + j));
}

/** out = x y, element by element */
export function hadamard(x: usize, y: usize, out: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const whole = bytes & ~15;
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(out + j, f32x4.mul(v128.load(x + j), v128.load(y + j)));
  for (; j < bytes; j += 4) store<f32>(out + j, load<f32>(x + j) * load<f32>(y + j));
}

/** The largest id as an unsigned number; 0 when there is none. */
export function largestId(ids: usize, count: i32): u32 {
  const bytes = (<usize>count) << 2;
  const whole = bytes & ~15;
  let lanes = i32x4.splat(0);
  let j: usize = 0;
  for (; j < whole; j += 16) lanes = i32x4.max_u(lanes, v128.load(ids + j));
  let largest = max<u32>(
    max<u32>(i32x4.extract_lane(lanes, 0), i32x4.extract_lane(lanes, 1)),
    max<u32>(i32x4.extract_lane(lanes, 2), i32x4.extract_lane(lanes, 3)),
  );
  for (; j < bytes; j += 4) largest = max<u32>(largest, load<u32>(ids + j));
  return largest;
}

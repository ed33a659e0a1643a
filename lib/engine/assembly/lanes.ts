// Rows whose width is no multiple of four.

/** Four elements from `x`, or as many as there are before `end`, the rest 0. */
export function loadUpTo(x: usize, left: usize): v128 {
  if (left >= 16) return v128.load(x);
  let four = v128.load32_zero(x);
  if (left > 4) four = f32x4.replace_lane(four, 1, load<f32>(x, 4));
  if (left > 8) four = f32x4.replace_lane(four, 2, load<f32>(x, 8));
  return four;
}

/** The first four elements, or as many as there is room for. */
export function storeUpTo(x: usize, left: usize, four: v128): void {
  if (left >= 16) {
    v128.store(x, four);
    return;
  }
  store<f32>(x, f32x4.extract_lane(four, 0));
  if (left > 4) store<f32>(x, f32x4.extract_lane(four, 1), 4);
  if (left > 8) store<f32>(x, f32x4.extract_lane(four, 2), 8);
}

/** The lanes for which there are bytes left, the others 0. */
export function firstLanes(four: v128, left: usize): v128 {
  const zero = f32x4.splat(0);
  if (left <= 4) return v128.shuffle<f32>(four, zero, 0, 5, 6, 7);
  if (left <= 8) return v128.shuffle<f32>(four, zero, 0, 1, 6, 7);
  return v128.shuffle<f32>(four, zero, 0, 1, 2, 7);
}

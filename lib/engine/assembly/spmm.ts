import { addRow } from "./row";

/** out[r] = sum over entries of row r of value x dense[column], sixteen columns at a time in registers. */
export function spmm(
  rows: i32,
  pointers: usize,
  columns: usize,
  values: usize,
  dense: usize,
  width: i32,
  out: usize,
): void {
  const bytes = (<usize>width) << 2;
  const whole = bytes & ~63;
  for (let r = 0; r < rows; r++) {
    const start = (<usize>load<i32>(pointers + ((<usize>r) << 2))) << 2;
    const end = (<usize>load<i32>(pointers + ((<usize>r) << 2), 4)) << 2;
    const target = out + <usize>r * bytes;
    for (let j: usize = 0; j < whole; j += 64) sumStrip(columns, values, start, end, dense + j, bytes, target + j);
    if (whole < bytes) {
      memory.fill(target + whole, 0, bytes - whole);
      for (let k = start; k < end; k += 4) {
        const from = dense + <usize>load<i32>(columns + k) * bytes + whole;
        addRow(load<f32>(values + k), from, target + whole, bytes - whole);
      }
    }
  }
}

/** Sixteen columns of one row of the product. */
function sumStrip(
  columns: usize,
  values: usize,
  start: usize,
  end: usize,
  dense: usize,
  bytes: usize,
  target: usize,
): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let k = start; k < end; k += 4) {
    const from = dense + <usize>load<i32>(columns + k) * bytes;
    const value = v128.load32_splat(values + k);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(from)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(from, 16)));
    s2 = f32x4.add(s2, f32x4.mul(value, v128.load(from, 32)));
    s3 = f32x4.add(s3, f32x4.mul(value, v128.load(from, 48)));
  }
  v128.store(target, s0);
  v128.store(target, s1, 16);
  v128.store(target, s2, 32);
  v128.store(target, s3, 48);
}

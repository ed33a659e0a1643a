import { addRow } from "./row";

// Reductions of row-major matrices. Every pointer is a byte offset.

/**
 * The sum of each of `columns` columns in float64, sixteen at a time: whole lines of the cache. Rows are `width`
 * elements apart.
 */
export function columnSum(x: usize, rows: i32, width: i32, columns: i32, out: usize): void {
  const step = (<usize>width) << 2;
  const bytes = (<usize>columns) << 2;
  const whole = bytes & ~63;
  let j: usize = 0;
  for (; j < whole; j += 64) sumSixteen(x + j, rows, step, out + j);
  for (; j < bytes; j += 4) {
    let sum: f64 = 0;
    for (let r = 0, from = x + j; r < rows; r++, from += step) sum += <f64>load<f32>(from);
    store<f32>(out + j, <f32>sum);
  }
}

function sumSixteen(x: usize, rows: i32, bytes: usize, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let s4 = f64x2.splat(0);
  let s5 = f64x2.splat(0);
  let s6 = f64x2.splat(0);
  let s7 = f64x2.splat(0);
  for (let r = 0; r < rows; r++) {
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.load64_zero(x, 0)));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(v128.load64_zero(x, 16)));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.load64_zero(x, 24)));
    s4 = f64x2.add(s4, f64x2.promote_low_f32x4(v128.load64_zero(x, 32)));
    s5 = f64x2.add(s5, f64x2.promote_low_f32x4(v128.load64_zero(x, 40)));
    s6 = f64x2.add(s6, f64x2.promote_low_f32x4(v128.load64_zero(x, 48)));
    s7 = f64x2.add(s7, f64x2.promote_low_f32x4(v128.load64_zero(x, 56)));
    x += bytes;
  }
  putPair(out + 0, s0);
  putPair(out + 8, s1);
  putPair(out + 16, s2);
  putPair(out + 24, s3);
  putPair(out + 32, s4);
  putPair(out + 40, s5);
  putPair(out + 48, s6);
  putPair(out + 56, s7);
}

function putPair(out: usize, pair: v128): void {
  store<f32>(out, <f32>f64x2.extract_lane(pair, 0));
  store<f32>(out, <f32>f64x2.extract_lane(pair, 1), 4);
}

/** Adds one row to every row. */
export function addToRows(x: usize, row: usize, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) addRow(1, row, x + <usize>r * bytes, bytes);
}

/** The largest `count` of each row, largest first, equal ones by column; NaN never ranks. */
export function topK(x: usize, rows: i32, width: i32, count: i32, columns: usize, values: usize): void {
  const bytes = (<usize>count) << 2;
  for (let r = 0; r < rows; r++) {
    rankRow(x + ((<usize>r * <usize>width) << 2), width, count, columns, values);
    columns += bytes;
    values += bytes;
  }
}

/**
 * Keeps a sorted list of the best so far; four columns at once are compared with its last, which is passed ever more
 * rarely.
 */
function rankRow(x: usize, width: i32, count: i32, columns: usize, values: usize): void {
  let found = 0;
  let j = 0;
  for (; j < width && found < count; j++)
    found = insert(load<f32>(x + ((<usize>j) << 2)), j, found, count, columns, values);
  const last = values + ((<usize>(count - 1)) << 2);
  for (; j + 4 <= width; j += 4) {
    const four = v128.load(x + ((<usize>j) << 2));
    if (!v128.any_true(f32x4.gt(four, v128.load32_splat(last)))) continue;
    for (let i = j; i < j + 4; i++) insert(load<f32>(x + ((<usize>i) << 2)), i, found, count, columns, values);
  }
  for (; j < width; j++) insert(load<f32>(x + ((<usize>j) << 2)), j, found, count, columns, values);
  for (; found < count; found++) {
    store<i32>(columns + ((<usize>found) << 2), -1);
    store<f32>(values + ((<usize>found) << 2), -Infinity);
  }
}

/**
 * Puts a value behind those that are at least as large, if it is a number and ranks; returns how many are in the list.
 */
function insert(value: f32, column: i32, found: i32, count: i32, columns: usize, values: usize): i32 {
  if (value !== value) return found;
  if (found === count && !(value > load<f32>(values + ((<usize>(count - 1)) << 2)))) return found;
  let at = min(found, count - 1);
  for (; at > 0; at--) {
    const before = (<usize>(at - 1)) << 2;
    if (load<f32>(values + before) >= value) break;
    store<f32>(values + before, load<f32>(values + before), 4);
    store<i32>(columns + before, load<i32>(columns + before), 4);
  }
  store<f32>(values + ((<usize>at) << 2), value);
  store<i32>(columns + ((<usize>at) << 2), column);
  return min(found + 1, count);
}

import { exp4, log1p4, sumInDouble } from "./math";
import { addRow, addTwoRows, rowDot, twoRowDots } from "./row";

// Matrix factorisation, score s = <p_u, q_i>, binary cross-entropy with logits. Every pointer is a byte offset.

/** How many rows are scored before anything is scattered: the embeddings of a block stay in the nearest cache. */
const block: i32 = 64;
const blockBytes: usize = 256;

/** out[k] = <p[user[k]], q[item[k]]> */
export function mfScores(p: usize, q: usize, user: usize, item: usize, rows: i32, width: i32, out: usize): void {
  const bytes = (<usize>width) << 2;
  for (let k: usize = 0, end = (<usize>rows) << 2; k < end; k += 4) {
    const u = p + <usize>load<i32>(user + k) * bytes;
    const i = q + <usize>load<i32>(item + k) * bytes;
    store<f32>(out + k, rowDot(u, i, bytes));
  }
}

/**
 * Turns scores into residuals sigmoid(s) - y, in place, and writes curvatures sigmoid(s)(1 - sigmoid(s)) unless
 * `curvature` is 0. Returns the summed loss max(s, 0) - y s + log(1 + exp(-|s|)).
 */
export function crossEntropy(score: usize, label: usize, rows: i32, curvature: usize): f64 {
  let loss: f64 = 0;
  const end = (<usize>rows) << 2;
  const whole = end & ~15;
  let k: usize = 0;
  for (; k < whole; k += 16) {
    const s = v128.load(score + k);
    const y = v128.load(label + k);
    const small = exp4(f32x4.neg(f32x4.abs(s)));
    v128.store(score + k, f32x4.sub(sigmoid(s, small), y));
    if (curvature !== 0) v128.store(curvature + k, sigmoidSlope(small));
    loss += sumInDouble(lossOf(s, y, small));
  }
  for (; k < end; k += 4) {
    const s = f32x4.splat(load<f32>(score + k));
    const y = f32x4.splat(load<f32>(label + k));
    const small = exp4(f32x4.neg(f32x4.abs(s)));
    store<f32>(score + k, f32x4.extract_lane(f32x4.sub(sigmoid(s, small), y), 0));
    if (curvature !== 0) store<f32>(curvature + k, f32x4.extract_lane(sigmoidSlope(small), 0));
    loss += <f64>f32x4.extract_lane(lossOf(s, y, small), 0);
  }
  return loss;
}

/** sigmoid(s), given exp(-|s|). */
function sigmoid(s: v128, small: v128): v128 {
  const one = f32x4.splat(1);
  const numerator = v128.bitselect(one, small, f32x4.ge(s, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, small));
}

/** sigmoid(s)(1 - sigmoid(s)), given exp(-|s|). */
function sigmoidSlope(small: v128): v128 {
  const sum = f32x4.add(f32x4.splat(1), small);
  return f32x4.div(small, f32x4.mul(sum, sum));
}

function lossOf(s: v128, y: v128, small: v128): v128 {
  return f32x4.add(f32x4.sub(f32x4.pmax(s, f32x4.splat(0)), f32x4.mul(y, s)), log1p4(small));
}

/**
 * Adds the gradient of scale x (loss + penalty / 2 x (|p_u|² + |q_i|²)), summed over rows, to `gradientP` and
 * `gradientQ`. `residual` is left with the residuals. Returns the summed loss, without penalty and scale.
 */
export function mfLossGradient(
  p: usize,
  q: usize,
  user: usize,
  item: usize,
  label: usize,
  rows: i32,
  width: i32,
  scale: f32,
  penalty: f32,
  residual: usize,
  gradientP: usize,
  gradientQ: usize,
): f64 {
  const bytes = (<usize>width) << 2;
  let loss: f64 = 0;
  for (let start = 0; start < rows; start += block) {
    const count = min(block, rows - start);
    const from = (<usize>start) << 2;
    mfScores(p, q, user + from, item + from, count, width, residual + from);
    loss += crossEntropy(residual + from, label + from, count, 0);
    for (let k = from, end = from + ((<usize>count) << 2); k < end; k += 4) {
      const u = <usize>load<i32>(user + k) * bytes;
      const i = <usize>load<i32>(item + k) * bytes;
      const r = scale * load<f32>(residual + k);
      if (penalty === 0) {
        addRow(r, q + i, gradientP + u, bytes);
        addRow(r, p + u, gradientQ + i, bytes);
      } else {
        addTwoRows(r, q + i, scale * penalty, p + u, gradientP + u, bytes);
        addTwoRows(r, p + u, scale * penalty, q + i, gradientQ + i, bytes);
      }
    }
  }
  return loss;
}

/** outP[u] += r q_i, outQ[i] += r p_u over rows sorted by user: user u has the rows pointers[u] … pointers[u + 1]. */
export function mfGradient(
  users: i32,
  pointers: usize,
  item: usize,
  residual: usize,
  p: usize,
  q: usize,
  width: i32,
  outP: usize,
  outQ: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let u = 0; u < users; u++) {
    const row = <usize>u * bytes;
    const start = rowStart(pointers, u);
    const count = rowEnd(pointers, u) - start;
    scatter(item + start, residual + start, count, q, p + row, outP + row, outQ, bytes);
  }
}

/**
 * The Hessian of the summed loss times the direction (a, b), added to (outP, outQ): ds = <a_u, q_i> + <p_u, b_i>,
 * outP[u] += w ds q_i + r b_i, outQ[i] += w ds p_u + r a_u. Without residuals (0) it is the Gauss-Newton product.
 * `scratch` holds w ds of one block of rows.
 */
export function mfHessianVectorProduct(
  users: i32,
  pointers: usize,
  item: usize,
  residual: usize,
  curvature: usize,
  p: usize,
  q: usize,
  a: usize,
  b: usize,
  width: i32,
  outP: usize,
  outQ: usize,
  scratch: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let u = 0; u < users; u++) {
    const row = <usize>u * bytes;
    const end = rowEnd(pointers, u);
    for (let start = rowStart(pointers, u); start < end; start += blockBytes) {
      const count = min(blockBytes, end - start);
      scoreSlopes(item + start, curvature + start, count, p + row, q, a + row, b, bytes, scratch);
      scatter(item + start, scratch, count, q, p + row, outP + row, outQ, bytes);
      if (residual !== 0) scatter(item + start, residual + start, count, b, a + row, outP + row, outQ, bytes);
    }
  }
}

/** out[k] = w[k] (<a, q[item[k]]> + <p, b[item[k]]>) for one user. */
function scoreSlopes(
  item: usize,
  curvature: usize,
  count: usize,
  p: usize,
  q: usize,
  a: usize,
  b: usize,
  bytes: usize,
  out: usize,
): void {
  for (let k: usize = 0; k < count; k += 4) {
    const i = <usize>load<i32>(item + k) * bytes;
    store<f32>(out + k, load<f32>(curvature + k) * twoRowDots(a, q + i, p, b + i, bytes));
  }
}

/**
 * One user's rows with coefficients f: own += f[k] others[item[k]], outOthers[item[k]] += f[k] mine. `count` is in
 * bytes.
 */
function scatter(
  item: usize,
  f: usize,
  count: usize,
  others: usize,
  mine: usize,
  own: usize,
  outOthers: usize,
  bytes: usize,
): void {
  const whole = bytes & ~63;
  for (let j: usize = 0; j < whole; j += 64)
    scatterStrip(item, f, count, others + j, mine + j, own + j, outOthers + j, bytes);
  if (whole === bytes) return;
  const rest = bytes - whole;
  for (let k: usize = 0; k < count; k += 4) {
    const i = <usize>load<i32>(item + k) * bytes + whole;
    addRow(load<f32>(f + k), others + i, own + whole, rest);
    addRow(load<f32>(f + k), mine + whole, outOthers + i, rest);
  }
}

/** Sixteen columns of `scatter`, the user's own in registers. */
function scatterStrip(
  item: usize,
  f: usize,
  count: usize,
  others: usize,
  mine: usize,
  own: usize,
  outOthers: usize,
  bytes: usize,
): void {
  const m0 = v128.load(mine);
  const m1 = v128.load(mine, 16);
  const m2 = v128.load(mine, 32);
  const m3 = v128.load(mine, 48);
  let s0 = v128.load(own);
  let s1 = v128.load(own, 16);
  let s2 = v128.load(own, 32);
  let s3 = v128.load(own, 48);
  for (let k: usize = 0; k < count; k += 4) {
    const i = <usize>load<i32>(item + k) * bytes;
    const factor = v128.load32_splat(f + k);
    const from = others + i;
    const to = outOthers + i;
    s0 = f32x4.add(s0, f32x4.mul(factor, v128.load(from)));
    s1 = f32x4.add(s1, f32x4.mul(factor, v128.load(from, 16)));
    s2 = f32x4.add(s2, f32x4.mul(factor, v128.load(from, 32)));
    s3 = f32x4.add(s3, f32x4.mul(factor, v128.load(from, 48)));
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(factor, m0)));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(factor, m1)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(factor, m2)), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), f32x4.mul(factor, m3)), 48);
  }
  v128.store(own, s0);
  v128.store(own, s1, 16);
  v128.store(own, s2, 32);
  v128.store(own, s3, 48);
}

/** Byte offset, within a column, of a user's first row. */
function rowStart(pointers: usize, user: i32): usize {
  return (<usize>load<i32>(pointers + ((<usize>user) << 2))) << 2;
}

/** Byte offset, within a column, after a user's last row. */
function rowEnd(pointers: usize, user: i32): usize {
  return rowStart(pointers, user + 1);
}

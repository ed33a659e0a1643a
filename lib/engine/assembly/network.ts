import { exp4, log, sigmoid4, sum4, sumInDouble, tanh4 } from "./math";

// What neural recommenders spend their time on beside matrix products. Every pointer is a byte offset.

/** loss = log(sum of exp(x_j)) - x_label and gradient = weight (softmax(x) - onehot(label)), row by row. */
export function softmaxCrossEntropy(
  logits: usize,
  labels: usize,
  weights: usize,
  rows: i32,
  classes: i32,
  losses: usize,
  gradient: usize,
): void {
  const bytes = (<usize>classes) << 2;
  for (let r: usize = 0, end = (<usize>rows) << 2; r < end; r += 4) {
    const label = (<usize>load<i32>(labels + r)) << 2;
    const weight = load<f32>(weights + r);
    const labelLogit = load<f32>(logits + label); // before the gradient may overwrite it
    const largest = largestOf(logits, bytes);
    const sum = exponentials(logits, largest, bytes, gradient);
    scaleRow(gradient, <f32>(<f64>weight / sum), bytes);
    store<f32>(gradient + label, load<f32>(gradient + label) - weight);
    store<f32>(losses + r, <f32>(log(sum) + <f64>largest - <f64>labelLogit));
    logits += bytes;
    gradient += bytes;
  }
}

function largestOf(x: usize, bytes: usize): f32 {
  const whole = bytes & ~15;
  let lanes = f32x4.splat(-Infinity);
  let j: usize = 0;
  for (; j < whole; j += 16) lanes = f32x4.pmax(lanes, v128.load(x + j));
  let largest = max<f32>(
    max<f32>(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    max<f32>(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
  for (; j < bytes; j += 4) largest = max<f32>(largest, load<f32>(x + j));
  return largest;
}

/** How many bytes of exponentials are summed in float32 before the sum goes on in float64. */
const strip: usize = 1024;

/** out = exp(x - largest); returns the sum. */
function exponentials(x: usize, largest: f32, bytes: usize, out: usize): f64 {
  const whole = bytes & ~15;
  const shift = f32x4.splat(largest);
  let sum: f64 = 0;
  let j: usize = 0;
  while (j < whole) {
    let lanes = f32x4.splat(0);
    for (let end = min(j + strip, whole); j < end; j += 16) {
      const value = exp4(f32x4.sub(v128.load(x + j), shift));
      v128.store(out + j, value);
      lanes = f32x4.add(lanes, value);
    }
    sum += sumInDouble(lanes);
  }
  for (; j < bytes; j += 4) {
    const value = f32x4.extract_lane(exp4(f32x4.splat(load<f32>(x + j) - largest)), 0);
    store<f32>(out + j, value);
    sum += <f64>value;
  }
  return sum;
}

function scaleRow(x: usize, factor: f32, bytes: usize): void {
  const whole = bytes & ~15;
  const factors = f32x4.splat(factor);
  let j: usize = 0;
  for (; j < whole; j += 16) v128.store(x + j, f32x4.mul(factors, v128.load(x + j)));
  for (; j < bytes; j += 4) store<f32>(x + j, factor * load<f32>(x + j));
}

/** Four elements from `x`, or as many as there are before `end`, the rest 0. */
function loadUpTo(x: usize, left: usize): v128 {
  if (left >= 16) return v128.load(x);
  let four = v128.load32_zero(x);
  if (left > 4) four = f32x4.replace_lane(four, 1, load<f32>(x, 4));
  if (left > 8) four = f32x4.replace_lane(four, 2, load<f32>(x, 8));
  return four;
}

/** The first four elements, or as many as there is room for. */
function storeUpTo(x: usize, left: usize, four: v128): void {
  if (left >= 16) {
    v128.store(x, four);
    return;
  }
  store<f32>(x, f32x4.extract_lane(four, 0));
  if (left > 4) store<f32>(x, f32x4.extract_lane(four, 1), 4);
  if (left > 8) store<f32>(x, f32x4.extract_lane(four, 2), 8);
}

/** One step of a gated recurrent unit; `gates` is left with r, z and n. */
export function gruForward(
  fromInput: usize,
  fromState: usize,
  state: usize,
  gates: usize,
  rows: i32,
  width: i32,
  out: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    for (let j: usize = 0; j < bytes; j += 16) {
      const left = bytes - j;
      const i = fromInput + j;
      const s = fromState + j;
      const g = gates + j;
      const r = sigmoid4(f32x4.add(loadUpTo(i, left), loadUpTo(s, left)));
      const z = sigmoid4(f32x4.add(loadUpTo(i + bytes, left), loadUpTo(s + bytes, left)));
      const candidate = f32x4.mul(r, loadUpTo(s + 2 * bytes, left));
      const n = tanh4(f32x4.add(loadUpTo(i + 2 * bytes, left), candidate));
      storeUpTo(g, left, r);
      storeUpTo(g + bytes, left, z);
      storeUpTo(g + 2 * bytes, left, n);
      const h = loadUpTo(state + j, left);
      storeUpTo(out + j, left, f32x4.add(n, f32x4.mul(z, f32x4.sub(h, n))));
    }
    fromInput += 3 * bytes;
    fromState += 3 * bytes;
    gates += 3 * bytes;
    state += bytes;
    out += bytes;
  }
}

/** The gradients of one step, from that of the state after it. */
export function gruBackward(
  fromState: usize,
  state: usize,
  gates: usize,
  gradient: usize,
  rows: i32,
  width: i32,
  outInput: usize,
  outFromState: usize,
  outState: usize,
): void {
  const bytes = (<usize>width) << 2;
  const one = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    for (let j: usize = 0; j < bytes; j += 16) {
      const left = bytes - j;
      const g = gates + j;
      const r = loadUpTo(g, left);
      const z = loadUpTo(g + bytes, left);
      const n = loadUpTo(g + 2 * bytes, left);
      const d = loadUpTo(gradient + j, left);
      const h = loadUpTo(state + j, left);
      const beforeTanh = f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n)));
      const beforeZ = f32x4.mul(f32x4.mul(d, f32x4.sub(h, n)), f32x4.mul(z, f32x4.sub(one, z)));
      const throughR = f32x4.mul(beforeTanh, loadUpTo(fromState + j + 2 * bytes, left));
      const beforeR = f32x4.mul(throughR, f32x4.mul(r, f32x4.sub(one, r)));
      storeUpTo(outInput + j, left, beforeR);
      storeUpTo(outInput + j + bytes, left, beforeZ);
      storeUpTo(outInput + j + 2 * bytes, left, beforeTanh);
      storeUpTo(outFromState + j, left, beforeR);
      storeUpTo(outFromState + j + bytes, left, beforeZ);
      storeUpTo(outFromState + j + 2 * bytes, left, f32x4.mul(beforeTanh, r));
      storeUpTo(outState + j, left, f32x4.mul(d, z));
    }
    fromState += 3 * bytes;
    gates += 3 * bytes;
    outInput += 3 * bytes;
    outFromState += 3 * bytes;
    gradient += bytes;
    state += bytes;
    outState += bytes;
  }
}

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
  for (let row: usize = 0; row < (<usize>rows) << 2; row += 4) {
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

/** The lanes for which there are bytes left, the others 0. */
function firstLanes(four: v128, left: usize): v128 {
  const zero = f32x4.splat(0);
  if (left <= 4) return v128.shuffle<f32>(four, zero, 0, 5, 6, 7);
  if (left <= 8) return v128.shuffle<f32>(four, zero, 0, 1, 6, 7);
  return v128.shuffle<f32>(four, zero, 0, 1, 2, 7);
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
  for (let row: usize = 0; row < (<usize>rows) << 2; row += 4) {
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

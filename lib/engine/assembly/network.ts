import { loadUpTo, storeUpTo } from "./lanes";
import { exp4, log, sigmoid4, sumInDouble, tanh4 } from "./math";

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

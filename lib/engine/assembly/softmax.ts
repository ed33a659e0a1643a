import { exp4, exponential, log, sumInDouble } from "./math";

// The cross-entropy of softmax over a whole catalogue. Every pointer is a byte offset.

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

/**
 * out = exp(x - largest); returns the sum. Four vectors at a time, so that V8 can join them; in the order of the
 * elements all the same.
 */
function exponentials(x: usize, largest: f32, bytes: usize, out: usize): f64 {
  const shift = f32x4.splat(largest);
  const whole = bytes & ~15;
  // Constants that no compiler knows: V8 makes those it knows anew in every round, which takes as long as the rest.
  const unknown = <f32>(memory.size() >> 31); // 0
  const least = f32x4.splat(-87.3 + unknown);
  const most = f32x4.splat(88.3 + unknown);
  const toPowers = f32x4.splat(1.44269504088896341 + unknown);
  const rounding = f32x4.splat(12582912 + unknown);
  const high = f32x4.splat(0.693359375 + unknown);
  const low = f32x4.splat(-2.1219444e-4 + unknown);
  const c5 = f32x4.splat(1.98756915e-4 + unknown);
  const c4 = f32x4.splat(1.3981999507e-3 + unknown);
  const c3 = f32x4.splat(8.3334519073e-3 + unknown);
  const c2 = f32x4.splat(4.1665795894e-2 + unknown);
  const c1 = f32x4.splat(1.6666665459e-1 + unknown);
  const c0 = f32x4.splat(5.0000001201e-1 + unknown);
  const one = f32x4.splat(1 + unknown);
  const bias = i32x4.splat(127 + <i32>(memory.size() >> 31));
  let sum: f64 = 0;
  let j: usize = 0;
  while (j < whole) {
    let lanes = f32x4.splat(0);
    const end = min(j + strip, whole);
    for (; j + 64 <= end; j += 64) {
      // prettier-ignore
      const a = exponential(f32x4.sub(v128.load(x + j), shift), least, most, toPowers, rounding, high, low, c5, c4, c3, c2, c1, c0, one, bias);
      // prettier-ignore
      const b = exponential(f32x4.sub(v128.load(x + j, 16), shift), least, most, toPowers, rounding, high, low, c5, c4, c3, c2, c1, c0, one, bias);
      // prettier-ignore
      const c = exponential(f32x4.sub(v128.load(x + j, 32), shift), least, most, toPowers, rounding, high, low, c5, c4, c3, c2, c1, c0, one, bias);
      // prettier-ignore
      const d = exponential(f32x4.sub(v128.load(x + j, 48), shift), least, most, toPowers, rounding, high, low, c5, c4, c3, c2, c1, c0, one, bias);
      v128.store(out + j, a);
      v128.store(out + j, b, 16);
      v128.store(out + j, c, 32);
      v128.store(out + j, d, 48);
      lanes = f32x4.add(f32x4.add(f32x4.add(f32x4.add(lanes, a), b), c), d);
    }
    for (; j < end; j += 16) {
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

// Adam. Every pointer is a byte offset; the caller folds the bias corrections into
// `stepSize` and `rootScale`, and gives take = 1 - beta, which float32 would compute to four digits only.

/**
 * One step over `count` elements: m and v move towards g and g², w -= stepSize m / (sqrt(v) rootScale + eps), g = 0.
 */
export function adam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  count: i32,
  stepSize: f32,
  rootScale: f32,
  beta1: f32,
  take1: f32,
  beta2: f32,
  take2: f32,
  epsilon: f32,
): void {
  const bytes = (<usize>count) << 2;
  const whole = bytes & ~15;
  const zero = f32x4.splat(0);
  const keep1 = f32x4.splat(beta1);
  const keep2 = f32x4.splat(beta2);
  const add1 = f32x4.splat(take1);
  const add2 = f32x4.splat(take2);
  const steps = f32x4.splat(stepSize);
  const scales = f32x4.splat(rootScale);
  const epsilons = f32x4.splat(epsilon);
  let j: usize = 0;
  for (; j < whole; j += 16) {
    const gradient = v128.load(g + j);
    const first = f32x4.add(f32x4.mul(keep1, v128.load(m + j)), f32x4.mul(add1, gradient));
    const second = f32x4.add(f32x4.mul(keep2, v128.load(v + j)), f32x4.mul(add2, f32x4.mul(gradient, gradient)));
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(second), scales), epsilons);
    v128.store(m + j, first);
    v128.store(v + j, second);
    v128.store(g + j, zero);
    v128.store(w + j, f32x4.sub(v128.load(w + j), f32x4.div(f32x4.mul(steps, first), root)));
  }
  for (; j < bytes; j += 4) {
    const gradient = load<f32>(g + j);
    const first = beta1 * load<f32>(m + j) + take1 * gradient;
    const second = beta2 * load<f32>(v + j) + take2 * (gradient * gradient);
    store<f32>(m + j, first);
    store<f32>(v + j, second);
    store<f32>(g + j, 0);
    store<f32>(w + j, load<f32>(w + j) - (stepSize * first) / (sqrt<f32>(second) * rootScale + epsilon));
  }
}

/** The same for the listed rows only. */
export function adamRows(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  rows: usize,
  count: i32,
  width: i32,
  stepSize: f32,
  rootScale: f32,
  beta1: f32,
  take1: f32,
  beta2: f32,
  take2: f32,
  epsilon: f32,
): void {
  for (let k = 0; k < count; k++) {
    const at = (<usize>load<i32>(rows + ((<usize>k) << 2)) * <usize>width) << 2;
    adam(w + at, g + at, m + at, v + at, width, stepSize, rootScale, beta1, take1, beta2, take2, epsilon);
  }
}

/**
 * What several steps without a gradient do to the listed rows (`lib/engine/lazy-adam.ts` derives it): w -= c m /
 * (sqrt(v) + e), m *= decay1, v *= decay2. Each row has its own four numbers c, e, decay1, decay2.
 */
export function adamCatchUp(
  w: usize,
  m: usize,
  v: usize,
  rows: usize,
  count: i32,
  width: i32,
  coefficients: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let k = 0; k < count; k++) {
    const at = <usize>load<i32>(rows + ((<usize>k) << 2)) * bytes;
    catchUpRow(w + at, m + at, v + at, bytes, coefficients + ((<usize>k) << 4));
  }
}

function catchUpRow(w: usize, m: usize, v: usize, bytes: usize, coefficients: usize): void {
  const whole = bytes & ~15;
  const c = load<f32>(coefficients);
  const e = load<f32>(coefficients, 4);
  const decay1 = load<f32>(coefficients, 8);
  const decay2 = load<f32>(coefficients, 12);
  let j: usize = 0;
  for (; j < whole; j += 16) {
    const first = v128.load(m + j);
    const second = v128.load(v + j);
    const root = f32x4.add(f32x4.sqrt(second), f32x4.splat(e));
    v128.store(w + j, f32x4.sub(v128.load(w + j), f32x4.div(f32x4.mul(f32x4.splat(c), first), root)));
    v128.store(m + j, f32x4.mul(f32x4.splat(decay1), first));
    v128.store(v + j, f32x4.mul(f32x4.splat(decay2), second));
  }
  for (; j < bytes; j += 4) {
    const first = load<f32>(m + j);
    const second = load<f32>(v + j);
    store<f32>(w + j, load<f32>(w + j) - (c * first) / (sqrt<f32>(second) + e));
    store<f32>(m + j, decay1 * first);
    store<f32>(v + j, decay2 * second);
  }
}

import { loadUpTo, storeUpTo } from "./lanes";
import { sigmoid4, tanh4 } from "./math";

// What neural recommenders spend their time on beside matrix products. Every pointer is a byte offset.

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

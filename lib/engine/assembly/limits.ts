import { multiplyBlock8 } from "./multiply-block";

// What the machine can do at most, for `npm run bench` to compare with.

/** The innermost loop of a matrix product with all it needs in the nearest cache: so many times 256 x 64 operations. */
export function multiplyAdds(rounds: i32): void {
  const depth = 256;
  const a: usize = 0;
  const b = a + depth * 16;
  const c = b + depth * 32;
  for (let round = 0; round < rounds; round++) multiplyBlock8(depth, a, b, c, 32, false);
}

/** Reads so many bytes, a multiple of 64, and hardly computes. Returns what depends on all of them. */
export function readAll(pointer: usize, bytes: usize): i32 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  for (let end = pointer + bytes; pointer < end; pointer += 64) {
    a = v128.or(a, v128.load(pointer));
    b = v128.or(b, v128.load(pointer, 16));
    c = v128.or(c, v128.load(pointer, 32));
    d = v128.or(d, v128.load(pointer, 48));
  }
  return i32x4.extract_lane(v128.or(v128.or(a, b), v128.or(c, d)), 0);
}

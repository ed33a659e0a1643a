// What the machine can do at most, for `npm run bench` to compare with.

/** Multiplies and adds in registers, with nothing else to wait for. Returns what depends on all of it. One round is 56 operations. */
export function multiplyAdds(rounds: i32): f32 {
  const factor = f32x4.splat(1.0000001);
  let p0 = f32x4.splat(1);
  let p1 = f32x4.splat(2);
  let p2 = f32x4.splat(3);
  let p3 = f32x4.splat(4);
  let p4 = f32x4.splat(5);
  let p5 = f32x4.splat(6);
  let p6 = f32x4.splat(7);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0);
  let s5 = f32x4.splat(0);
  let s6 = f32x4.splat(0);
  for (let round = 0; round < rounds; round++) {
    p0 = f32x4.mul(p0, factor);
    p1 = f32x4.mul(p1, factor);
    p2 = f32x4.mul(p2, factor);
    p3 = f32x4.mul(p3, factor);
    p4 = f32x4.mul(p4, factor);
    p5 = f32x4.mul(p5, factor);
    p6 = f32x4.mul(p6, factor);
    s0 = f32x4.add(s0, p0);
    s1 = f32x4.add(s1, p1);
    s2 = f32x4.add(s2, p2);
    s3 = f32x4.add(s3, p3);
    s4 = f32x4.add(s4, p4);
    s5 = f32x4.add(s5, p5);
    s6 = f32x4.add(s6, p6);
  }
  s0 = f32x4.add(s0, f32x4.add(f32x4.add(s1, s2), f32x4.add(f32x4.add(s3, s4), f32x4.add(s5, s6))));
  return f32x4.extract_lane(s0, 0);
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

// What one core can do at most, for `npm run bench` to compare with. Whoever calls fills the memory with numbers.

/**
 * So many times seven multiplications and seven additions of four lanes. None waits for another of its round, so that
 * what is measured is how many a core can do, not how long one takes.
 */
export function multiplyAdds(rounds: i32): void {
  let m0 = v128.load(0, 0);
  let m1 = v128.load(0, 16);
  let m2 = v128.load(0, 32);
  let m3 = v128.load(0, 48);
  let m4 = v128.load(0, 64);
  let m5 = v128.load(0, 80);
  let m6 = v128.load(0, 96);
  let a0 = v128.load(0, 112);
  let a1 = v128.load(0, 128);
  let a2 = v128.load(0, 144);
  let a3 = v128.load(0, 160);
  let a4 = v128.load(0, 176);
  let a5 = v128.load(0, 192);
  let a6 = v128.load(0, 208);
  for (let round = 0; round < rounds; round++) {
    m0 = f32x4.mul(m0, m0);
    m1 = f32x4.mul(m1, m1);
    m2 = f32x4.mul(m2, m2);
    m3 = f32x4.mul(m3, m3);
    m4 = f32x4.mul(m4, m4);
    m5 = f32x4.mul(m5, m5);
    m6 = f32x4.mul(m6, m6);
    a0 = f32x4.add(a0, a0);
    a1 = f32x4.add(a1, a1);
    a2 = f32x4.add(a2, a2);
    a3 = f32x4.add(a3, a3);
    a4 = f32x4.add(a4, a4);
    a5 = f32x4.add(a5, a5);
    a6 = f32x4.add(a6, a6);
  }
  v128.store(0, m0, 0);
  v128.store(0, m1, 16);
  v128.store(0, m2, 32);
  v128.store(0, m3, 48);
  v128.store(0, m4, 64);
  v128.store(0, m5, 80);
  v128.store(0, m6, 96);
  v128.store(0, a0, 112);
  v128.store(0, a1, 128);
  v128.store(0, a2, 144);
  v128.store(0, a3, 160);
  v128.store(0, a4, 176);
  v128.store(0, a5, 192);
  v128.store(0, a6, 208);
}

/**
 * Six and six of eight lanes each, in adjacent vectors. V8 joins them only where they lie at offsets of a pointer, not
 * at fixed addresses. Where it does not join them, they do not fit the registers.
 */
export function multiplyAddsTwice(pointer: usize, rounds: i32): void {
  let m0l = v128.load(pointer, 0);
  let m0h = v128.load(pointer, 16);
  let m1l = v128.load(pointer, 32);
  let m1h = v128.load(pointer, 48);
  let m2l = v128.load(pointer, 64);
  let m2h = v128.load(pointer, 80);
  let m3l = v128.load(pointer, 96);
  let m3h = v128.load(pointer, 112);
  let m4l = v128.load(pointer, 128);
  let m4h = v128.load(pointer, 144);
  let m5l = v128.load(pointer, 160);
  let m5h = v128.load(pointer, 176);
  let a0l = v128.load(pointer, 192);
  let a0h = v128.load(pointer, 208);
  let a1l = v128.load(pointer, 224);
  let a1h = v128.load(pointer, 240);
  let a2l = v128.load(pointer, 256);
  let a2h = v128.load(pointer, 272);
  let a3l = v128.load(pointer, 288);
  let a3h = v128.load(pointer, 304);
  let a4l = v128.load(pointer, 320);
  let a4h = v128.load(pointer, 336);
  let a5l = v128.load(pointer, 352);
  let a5h = v128.load(pointer, 368);
  const kl = v128.load(pointer, 384);
  const kh = v128.load(pointer, 400);
  for (let round = 0; round < rounds; round++) {
    m0l = f32x4.mul(m0l, kl);
    m0h = f32x4.mul(m0h, kh);
    m1l = f32x4.mul(m1l, kl);
    m1h = f32x4.mul(m1h, kh);
    m2l = f32x4.mul(m2l, kl);
    m2h = f32x4.mul(m2h, kh);
    m3l = f32x4.mul(m3l, kl);
    m3h = f32x4.mul(m3h, kh);
    m4l = f32x4.mul(m4l, kl);
    m4h = f32x4.mul(m4h, kh);
    m5l = f32x4.mul(m5l, kl);
    m5h = f32x4.mul(m5h, kh);
    a0l = f32x4.add(a0l, kl);
    a0h = f32x4.add(a0h, kh);
    a1l = f32x4.add(a1l, kl);
    a1h = f32x4.add(a1h, kh);
    a2l = f32x4.add(a2l, kl);
    a2h = f32x4.add(a2h, kh);
    a3l = f32x4.add(a3l, kl);
    a3h = f32x4.add(a3h, kh);
    a4l = f32x4.add(a4l, kl);
    a4h = f32x4.add(a4h, kh);
    a5l = f32x4.add(a5l, kl);
    a5h = f32x4.add(a5h, kh);
  }
  v128.store(pointer, m0l, 0);
  v128.store(pointer, m0h, 16);
  v128.store(pointer, m1l, 32);
  v128.store(pointer, m1h, 48);
  v128.store(pointer, m2l, 64);
  v128.store(pointer, m2h, 80);
  v128.store(pointer, m3l, 96);
  v128.store(pointer, m3h, 112);
  v128.store(pointer, m4l, 128);
  v128.store(pointer, m4h, 144);
  v128.store(pointer, m5l, 160);
  v128.store(pointer, m5h, 176);
  v128.store(pointer, a0l, 192);
  v128.store(pointer, a0h, 208);
  v128.store(pointer, a1l, 224);
  v128.store(pointer, a1h, 240);
  v128.store(pointer, a2l, 256);
  v128.store(pointer, a2h, 272);
  v128.store(pointer, a3l, 288);
  v128.store(pointer, a3h, 304);
  v128.store(pointer, a4l, 320);
  v128.store(pointer, a4h, 336);
  v128.store(pointer, a5l, 352);
  v128.store(pointer, a5h, 368);
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

// The innermost loops of a matrix product: a block of four rows stays in registers. Rows of the result are `cBytes` apart.

/** A 4 x 8 block. */
export function multiplyBlock8(depth: i32, a: usize, b: usize, c: usize, cBytes: usize, adds: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 16;
    b += 32;
  }
  putPair(c, c00, c01, adds);
  putPair(c + cBytes, c10, c11, adds);
  putPair(c + 2 * cBytes, c20, c21, adds);
  putPair(c + 3 * cBytes, c30, c31, adds);
}

/** A 4 x 16 block: its adjacent vectors become those of 256 bits where V8 joins them. */
export function multiplyBlock16(depth: i32, a: usize, b: usize, c: usize, cBytes: usize, adds: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c13 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c22 = f32x4.splat(0);
  let c23 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  let c32 = f32x4.splat(0);
  let c33 = f32x4.splat(0);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    c03 = f32x4.add(c03, f32x4.mul(x, b3));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    c12 = f32x4.add(c12, f32x4.mul(x, b2));
    c13 = f32x4.add(c13, f32x4.mul(x, b3));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    c22 = f32x4.add(c22, f32x4.mul(x, b2));
    c23 = f32x4.add(c23, f32x4.mul(x, b3));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    c32 = f32x4.add(c32, f32x4.mul(x, b2));
    c33 = f32x4.add(c33, f32x4.mul(x, b3));
    a += 16;
    b += 64;
  }
  putFour(c, c00, c01, c02, c03, adds);
  putFour(c + cBytes, c10, c11, c12, c13, adds);
  putFour(c + 2 * cBytes, c20, c21, c22, c23, adds);
  putFour(c + 3 * cBytes, c30, c31, c32, c33, adds);
}

function putPair(c: usize, left: v128, right: v128, adds: bool): void {
  if (adds) {
    left = f32x4.add(left, v128.load(c));
    right = f32x4.add(right, v128.load(c, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

/** Stores side by side, at offsets of one address, are where V8 begins to look for vectors to join. */
function putFour(c: usize, p: v128, q: v128, r: v128, s: v128, adds: bool): void {
  if (adds) {
    p = f32x4.add(p, v128.load(c));
    q = f32x4.add(q, v128.load(c, 16));
    r = f32x4.add(r, v128.load(c, 32));
    s = f32x4.add(s, v128.load(c, 48));
  }
  v128.store(c, p);
  v128.store(c, q, 16);
  v128.store(c, r, 32);
  v128.store(c, s, 48);
}

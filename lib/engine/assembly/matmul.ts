// General matrix product after Goto and van de Geijn: panels of both matrices are packed so that the innermost loop
// reads them in order, and a 4 x 8 block of the result stays in registers. Strides are in elements, pointers in bytes.

const blockRows: i32 = 64;
const blockColumns: i32 = 512;
const blockInner: i32 = 256;

/** How many bytes of room `matMul` needs, aligned to 16. */
export function matMulScratchBytes(): i32 {
  return (blockInner * blockColumns + blockRows * blockInner + 32) << 2;
}

/** C = A B, or C += A B: A[i, k] at `a + aRow i + aInner k`, B[k, j] at `b + bInner k + bColumn j`, C row-major. */
export function matMul(
  a: usize,
  aRow: i32,
  aInner: i32,
  b: usize,
  bInner: i32,
  bColumn: i32,
  c: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: i32,
  scratch: usize,
): void {
  const packedB = scratch;
  const packedA = packedB + ((<usize>(blockInner * blockColumns)) << 2);
  const edge = packedA + ((<usize>(blockRows * blockInner)) << 2);
  const cBytes = (<usize>columns) << 2;
  if (inner === 0 && !accumulate) memory.fill(c, 0, <usize>rows * cBytes);
  for (let j = 0; j < columns; j += blockColumns) {
    const n = min(blockColumns, columns - j);
    for (let k = 0; k < inner; k += blockInner) {
      const depth = min(blockInner, inner - k);
      const adds = accumulate !== 0 || k > 0;
      packB(element(b, k, bInner, j, bColumn), bInner, bColumn, depth, n, packedB);
      for (let i = 0; i < rows; i += blockRows) {
        const m = min(blockRows, rows - i);
        packA(element(a, i, aRow, k, aInner), aRow, aInner, m, depth, packedA);
        for (let jj = 0; jj < n; jj += 8)
          for (let ii = 0; ii < m; ii += 4) {
            const from = packedA + ((<usize>(ii * depth)) << 2);
            const to = packedB + ((<usize>(jj * depth)) << 2);
            const target = c + <usize>(i + ii) * cBytes + ((<usize>(j + jj)) << 2);
            if (m - ii >= 4 && n - jj >= 8) multiplyBlock(depth, from, to, target, cBytes, adds);
            else {
              multiplyBlock(depth, from, to, edge, 32, false);
              copyEdge(edge, target, cBytes, min(4, m - ii), min(8, n - jj), adds);
            }
          }
      }
    }
  }
}

function element(base: usize, i: i32, iStride: i32, j: i32, jStride: i32): usize {
  return base + ((<usize>i * <usize>iStride + <usize>j * <usize>jStride) << 2);
}

/** Rows four by four, depth outermost; what is beyond the last row is 0. */
function packA(a: usize, row: i32, inner: i32, rows: i32, depth: i32, out: usize): void {
  const step = (<usize>inner) << 2;
  const next = (<usize>row) << 2;
  for (let i = 0; i < rows; i += 4) {
    const from = element(a, i, row, 0, 0);
    const have = min(4, rows - i);
    if (have < 4) packLines(from, step, next, depth, have, 4, out);
    else if (row === 1) packFour(from, step, depth, out);
    else packTurned(from, step, next, depth, 4, out);
    out += (<usize>depth) << 4;
  }
}

/** Columns eight by eight, depth outermost; what is beyond the last column is 0. */
function packB(b: usize, inner: i32, column: i32, depth: i32, columns: i32, out: usize): void {
  const step = (<usize>inner) << 2;
  const next = (<usize>column) << 2;
  for (let j = 0; j < columns; j += 8) {
    const from = element(b, 0, 0, j, column);
    const have = min(8, columns - j);
    if (have < 8) packLines(from, step, next, depth, have, 8, out);
    else if (column === 1) packEight(from, step, depth, out);
    else packTurned(from, step, next, depth, 8, out);
    out += (<usize>depth) << 5;
  }
}

/** Lines that lie side by side. */
function packFour(from: usize, step: usize, depth: i32, out: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(out, v128.load(from));
    out += 16;
    from += step;
  }
}

function packEight(from: usize, step: usize, depth: i32, out: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    out += 32;
    from += step;
  }
}

/** Element by element: `have` of `lines` lines, `next` bytes apart, the rest 0. */
function packLines(from: usize, step: usize, next: usize, depth: i32, have: i32, lines: i32, out: usize): void {
  for (let k = 0; k < depth; k++) {
    for (let line = 0; line < lines; line++) {
      store<f32>(out, line < have ? load<f32>(from + <usize>line * next) : 0);
      out += 4;
    }
    from += step;
  }
}

/** Where depth runs along memory, 4 x 4 blocks of the lines are turned in registers. */
function packTurned(from: usize, step: usize, next: usize, depth: i32, lines: i32, out: usize): void {
  const outStep = (<usize>lines) << 2;
  let k = 0;
  if (step === 4)
    for (; k + 4 <= depth; k += 4) {
      for (let line = 0; line < lines; line += 4)
        turnBlock(from + <usize>line * next, next, out + ((<usize>line) << 2), outStep);
      out += outStep << 2;
      from += 16;
    }
  packLines(from, step, next, depth - k, lines, lines, out);
}

/** Four rows of four elements, `next` bytes apart, to four columns `outStep` bytes apart. */
function turnBlock(from: usize, next: usize, out: usize, outStep: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + next);
  const c = v128.load(from + 2 * next);
  const d = v128.load(from + 3 * next);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(out + outStep, v128.shuffle<f64>(ab, cd, 1, 3));
  v128.store(out + 2 * outStep, v128.shuffle<f64>(abHigh, cdHigh, 0, 2));
  v128.store(out + 3 * outStep, v128.shuffle<f64>(abHigh, cdHigh, 1, 3));
}

/** A 4 x 8 block of the result, rows `cBytes` apart: the sum over depth of packed columns times packed rows. */
export function multiplyBlock(depth: i32, a: usize, b: usize, c: usize, cBytes: usize, adds: bool): void {
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
  putRow(c, c00, c01, adds);
  putRow(c + cBytes, c10, c11, adds);
  putRow(c + 2 * cBytes, c20, c21, adds);
  putRow(c + 3 * cBytes, c30, c31, adds);
}

function putRow(c: usize, left: v128, right: v128, adds: bool): void {
  if (adds) {
    left = f32x4.add(left, v128.load(c));
    right = f32x4.add(right, v128.load(c, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

/** The part of a 4 x 8 block that lies inside the result. */
function copyEdge(block: usize, c: usize, cBytes: usize, rows: i32, columns: i32, adds: bool): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const target = c + <usize>i * cBytes + ((<usize>j) << 2);
      const value = load<f32>(block + ((<usize>i) << 5) + ((<usize>j) << 2));
      store<f32>(target, adds ? load<f32>(target) + value : value);
    }
}

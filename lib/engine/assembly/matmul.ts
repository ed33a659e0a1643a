import { multiplyBlock8, multiplyBlock16 } from "./multiply-block";

// General matrix product after Goto and van de Geijn: panels of both matrices are packed so that the innermost loop
// reads them in order, and a block of the result stays in registers: 4 x 8 in those of 128 bits, 4 x 16 in those of 256.
// Each element is the same sum in the same order in both. Strides are in elements, pointers in bytes.

const blockRows: i32 = 64;
const blockColumns: i32 = 512;
const blockInner: i32 = 256;

/** How many bytes of room `matMul` needs, aligned to 16. */
export function matMulScratchBytes(): i32 {
  return (blockInner * blockColumns + blockRows * blockInner + 64) << 2;
}

/**
 * C = A B, or C += A B, for as many pairs of matrices as there are batches: A[i, k] at `a + aRow i + aInner k`, B[k, j]
 * at `b + bInner k + bColumn j`, C[i, j] at `c + cRow i + j`. The matrices of two batches lie `aStep` and `bStep`
 * apart, those of C one behind the other. `lines` columns stay in registers at once, 8 or 16.
 */
export function matMul(
  a: usize,
  aRow: i32,
  aInner: i32,
  aStep: i32,
  b: usize,
  bInner: i32,
  bColumn: i32,
  bStep: i32,
  c: usize,
  cRow: i32,
  rows: i32,
  columns: i32,
  inner: i32,
  batches: i32,
  accumulate: i32,
  lines: i32,
  scratch: usize,
): void {
  for (let batch = 0; batch < batches; batch++) {
    multiply(a, aRow, aInner, b, bInner, bColumn, c, cRow, rows, columns, inner, accumulate, lines, scratch);
    a += (<usize>aStep) << 2;
    b += (<usize>bStep) << 2;
    c += (<usize>rows * <usize>cRow) << 2;
  }
}

function multiply(
  a: usize,
  aRow: i32,
  aInner: i32,
  b: usize,
  bInner: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: i32,
  lines: i32,
  scratch: usize,
): void {
  const packedB = scratch;
  const packedA = packedB + ((<usize>(blockInner * blockColumns)) << 2);
  const edge = packedA + ((<usize>(blockRows * blockInner)) << 2);
  const cBytes = (<usize>cRow) << 2;
  if (inner === 0 && !accumulate)
    for (let i = 0; i < rows; i++) memory.fill(c + <usize>i * cBytes, 0, (<usize>columns) << 2);
  for (let j = 0; j < columns; j += blockColumns) {
    const n = min(blockColumns, columns - j);
    for (let k = 0; k < inner; k += blockInner) {
      const depth = min(blockInner, inner - k);
      const adds = accumulate !== 0 || k > 0;
      packB(element(b, k, bInner, j, bColumn), bInner, bColumn, depth, n, lines, packedB);
      for (let i = 0; i < rows; i += blockRows) {
        const m = min(blockRows, rows - i);
        packA(element(a, i, aRow, k, aInner), aRow, aInner, m, depth, packedA);
        for (let jj = 0; jj < n; jj += lines)
          for (let ii = 0; ii < m; ii += 4) {
            const from = packedA + ((<usize>(ii * depth)) << 2);
            const to = packedB + ((<usize>(jj * depth)) << 2);
            const target = c + <usize>(i + ii) * cBytes + ((<usize>(j + jj)) << 2);
            if (m - ii >= 4 && n - jj >= lines) multiplyBlock(lines, depth, from, to, target, cBytes, adds);
            else {
              multiplyBlock(lines, depth, from, to, edge, (<usize>lines) << 2, false);
              copyEdge(edge, lines, target, cBytes, min(4, m - ii), min(lines, n - jj), adds);
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

/** Columns `lines` by `lines`, depth outermost; what is beyond the last column is 0. */
function packB(b: usize, inner: i32, column: i32, depth: i32, columns: i32, lines: i32, out: usize): void {
  const step = (<usize>inner) << 2;
  const next = (<usize>column) << 2;
  for (let j = 0; j < columns; j += lines) {
    const from = element(b, 0, 0, j, column);
    const have = min(lines, columns - j);
    if (have < lines) packLines(from, step, next, depth, have, lines, out);
    else if (column !== 1) packTurned(from, step, next, depth, lines, out);
    else if (lines === 8) packEight(from, step, depth, out);
    else packSixteen(from, step, depth, out);
    out += (<usize>(depth * lines)) << 2;
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

function packSixteen(from: usize, step: usize, depth: i32, out: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    v128.store(out, v128.load(from, 32), 32);
    v128.store(out, v128.load(from, 48), 48);
    out += 64;
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

/** A block of the result, rows `cBytes` apart: the sum over depth of packed columns times packed rows. */
function multiplyBlock(lines: i32, depth: i32, a: usize, b: usize, c: usize, cBytes: usize, adds: bool): void {
  if (lines === 8) multiplyBlock8(depth, a, b, c, cBytes, adds);
  else multiplyBlock16(depth, a, b, c, cBytes, adds);
}

/** The part of a block, of so many columns, that lies inside the result. */
function copyEdge(block: usize, lines: i32, c: usize, cBytes: usize, rows: i32, columns: i32, adds: bool): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const target = c + <usize>i * cBytes + ((<usize>j) << 2);
      const value = load<f32>(block + ((<usize>(i * lines + j)) << 2));
      store<f32>(target, adds ? load<f32>(target) + value : value);
    }
}

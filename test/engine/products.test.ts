import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { libFolder } from "recsys-unlearning/core";
import { compileRevectorized } from "../../lib/engine/simd/revectorize";

/** Rows, inner, columns: whole blocks, ragged edges, and more than one panel of each. */
const shapes = [
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 8],
  [5, 300, 17],
  [4, 256, 16],
  [7, 257, 33],
  [66, 300, 530],
  [2, 600, 24],
  [130, 10, 15],
] as const;

interface Products {
  matMul(...values: number[]): void;
  matMulScratchBytes(): number;
}

/** The bytes of a product of every shape, either way round and added to what was there, as a hash. */
function productsHash(module: WebAssembly.Module, lines: number): string {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Products;
  const floats = new Float32Array(memory.buffer);
  const hash = createHash("sha256");
  const a = 16 + wasm.matMulScratchBytes();
  for (const [rows, inner, columns] of shapes)
    for (const form of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const [b, c] = [a + rows * inner * 4, a + (rows * inner + inner * columns) * 4];
      let seed = rows + inner + columns + form;
      for (let i = a / 4; i < c / 4 + rows * columns; i++) {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
        floats[i] = seed / 0x80000000 - 0.5;
      }
      const strides = { a: form & 1 ? [1, rows] : [inner, 1], b: form & 2 ? [1, inner] : [columns, 1] };
      const from = [a, ...strides.a, 0, b, ...strides.b, 0];
      wasm.matMul(...from, c, columns, rows, columns, inner, 1, form & 4, lines, 16);
      hash.update(new Uint8Array(memory.buffer, c, rows * columns * 4));
    }
  return hash.digest("hex").slice(0, 16);
}

describe("matrix products", () => {
  const bytes = readFileSync(join(libFolder(), "dist", "engine", "products.wasm"));
  /** Of the one kernel there was before, in version 0.1.0. */
  const before = "7b3cd9333acc2507";

  it.each([8, 16])("are the same bytes on every machine with %d columns in registers", (lines) => {
    expect(productsHash(new WebAssembly.Module(bytes), lines)).toBe(before);
    expect(productsHash(compileRevectorized(bytes), lines)).toBe(before);
  });

  it("are compiled without a word of V8 on stderr", () => {
    const load = `require(${JSON.stringify(join(libFolder(), "dist/engine/simd/index.js"))}).loadSimdEngine()`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", load], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

import { readFileSync } from "node:fs";
import { inRepository } from "recsys-unlearning/core";
import { compileRevectorized, revectorizes } from "recsys-unlearning/engine";
import { least } from "./least";

interface Probes {
  /** So many rounds of 14 operations on 128-bit vectors, none of which waits for another. */
  multiplyAdds(rounds: number): void;
  /** So many rounds of 24 such operations, in adjacent pairs; `pointer` is where their numbers lie. */
  multiplyAddsTwice(pointer: number, rounds: number): void;
  /** Reads so many bytes, a multiple of 64, and hardly computes. */
  readAll(pointer: number, bytes: number): number;
}

const rounds = 100_000;
const lanes = 4;
const pageBytes = 65_536;

/**
 * Multiplications and additions that the core of this thread does at best, 10^9 a second: on vectors of 128 bits, or of
 * 256 where V8 joins them.
 */
export function multiplyAddRate(): number {
  const { multiplyAdds, multiplyAddsTwice } = probes(1);
  const rate = (operations: number, ms: number) => (rounds * operations * lanes) / ms / 1e6;
  const narrow = rate(
    14,
    least(() => multiplyAdds(rounds)),
  );
  const wide = revectorizes
    ? rate(
        24,
        least(() => multiplyAddsTwice(0, rounds)),
      )
    : 0;
  return Math.max(narrow, wide);
}

/**
 * Bytes that this thread can read, 10^9 a second, from wherever so many bytes lie after they were used: a cache, or
 * memory.
 */
export function readRate(footprint: number): number {
  const pages = Math.ceil(footprint / pageBytes);
  const { readAll } = probes(pages);
  const repeats = Math.ceil(4e6 / footprint); // long enough to be timed
  const ms = least(() => {
    for (let n = 0; n < repeats; n++) readAll(0, pages * pageBytes);
  });
  return (pages * pageBytes * repeats) / ms / 1e6;
}

function probes(pages: number): Probes {
  const module = compileRevectorized(readFileSync(inRepository("bench", "dist", "engine", "limits.wasm")));
  const memory = new WebAssembly.Memory({ initial: pages });
  new Float32Array(memory.buffer).fill(1); // not a number so small that computing takes longer
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Probes;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { libFolder } from "recsys-unlearning/core";
import { least } from "./least";

interface Probes {
  /** The innermost loop of a matrix product, with all it needs in the nearest cache. */
  multiplyAdds(rounds: number): void;
  /** Reads so many bytes, a multiple of 64, and hardly computes. */
  readAll(pointer: number, bytes: number): number;
}

const rounds = 5_000;
const flopsPerRound = 256 * 64;
const pageBytes = 65_536;

/** Multiplications and additions on 128-bit vectors that one core does at best, 10^9 a second. */
export function peakGigaflops(): number {
  const { multiplyAdds } = probes(1);
  peak = Math.max(peak, (rounds * flopsPerRound) / least(() => multiplyAdds(rounds)) / 1e6);
  return peak;
}
/** The best so far: what else runs on the machine only ever takes away. */
let peak = 0;

/**
 * Bytes that one core can read, 10^9 a second, from wherever so many bytes lie after they were used: a cache, or
 * memory.
 */
export function readGigabytes(footprint: number): number {
  const pages = Math.ceil(footprint / pageBytes);
  const { readAll } = probes(pages);
  const repeats = Math.ceil(4e6 / footprint); // long enough to be timed
  const ms = least(() => {
    for (let n = 0; n < repeats; n++) readAll(0, pages * pageBytes);
  });
  return (pages * pageBytes * repeats) / ms / 1e6;
}

function probes(pages: number): Probes {
  const module = new WebAssembly.Module(readFileSync(join(libFolder(), "dist", "engine", "operations.heap.wasm")));
  const memory = new WebAssembly.Memory({ initial: pages });
  new Uint8Array(memory.buffer).fill(1);
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Probes;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { libFolder } from "recsys-unlearning/core";
import { least } from "./least";

interface Probes {
  /** 56 floating-point operations a round, in registers. */
  multiplyAdds(rounds: number): number;
  /** Reads so many bytes, a multiple of 64, and hardly computes. */
  readAll(pointer: number, bytes: number): number;
}

const rounds = 2_000_000;
const flopsPerRound = 56;
const pageBytes = 65_536;

/** Multiplications and additions on 128-bit vectors that one core can do, 10^9 a second: no WebAssembly is faster. */
export function peakGigaflops(): number {
  return (peak ??= (rounds * flopsPerRound) / least(() => probes(1).multiplyAdds(rounds)) / 1e6);
}
let peak: number | undefined;

/** Bytes that one core can read, 10^9 a second, from wherever so many bytes lie after they were used: a cache, or memory. */
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

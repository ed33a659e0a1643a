import { mersenne } from "pure-rand/generator/mersenne";

/**
 * numpy's legacy `RandomState(seed).shuffle(arange(length))`, number for number: MT19937 with `init_genrand` seeding,
 * and for i = length-1 … 1 a draw from [0, i] by masked rejection. IFRU's data protocol rests on it
 * (`lib/ifru/README.md`, data).
 *
 * @param length how many indices to shuffle, below 2^31
 * @param seed an unsigned 32-bit seed
 * @returns the shuffled indices, `[length]`
 * @example
 * numpyShuffledIndices(10, 1024); // as numpy's RandomState(1024).shuffle leaves arange(10)
 */
export function numpyShuffledIndices(length: number, seed: number): Int32Array {
  const generator = mersenne(seed);
  const indices = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const mask = 0xffffffff >>> Math.clz32(i);
    let j: number;
    do j = (generator.next() & mask) >>> 0;
    while (j > i);
    const kept = indices[i];
    indices[i] = indices[j];
    indices[j] = kept;
  }
  return indices;
}

/**
 * The first `count` 32-bit outputs of MT19937 for a seed, as unsigned numbers.
 *
 * @example
 * mersenneTwisterOutputs(1024, 3); // as numpy's RandomState(1024) draws them
 */
export function mersenneTwisterOutputs(seed: number, count: number): number[] {
  const generator = mersenne(seed);
  return Array.from({ length: count }, () => generator.next() >>> 0);
}

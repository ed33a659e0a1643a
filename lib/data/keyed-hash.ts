const rotate = (x: number, bits: number) => (x << bits) | (x >>> (32 - bits));

/**
 * HalfSipHash-2-4 of some bytes: without its key, nobody can tell which bytes have the same hash (Aumasson and
 * Bernstein 2012). Slower than `hashBytes`; for a table whose ids were chosen to collide.
 *
 * @param key two 32-bit numbers that nobody knows
 * @returns signed 32-bit
 */
export function keyedHash(bytes: Uint8Array, start: number, end: number, [k0, k1]: Int32Array): number {
  let [v0, v1, v2, v3] = [k0, k1, k0 ^ 0x6c796765, k1 ^ 0x74656462];
  const rounds = (count: number) => {
    for (let round = 0; round < count; round++) {
      v0 = (v0 + v1) | 0;
      v1 = rotate(v1, 5) ^ v0;
      v0 = rotate(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = rotate(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = rotate(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = rotate(v1, 13) ^ v2;
      v2 = rotate(v2, 16);
    }
  };
  let word = 0;
  for (let at = start; at < end; at++) {
    word |= bytes[at] << (8 * ((at - start) & 3));
    if (((at - start) & 3) < 3) continue;
    v3 ^= word;
    rounds(2);
    v0 ^= word;
    word = 0;
  }
  const last = word | ((end - start) << 24);
  v3 ^= last;
  rounds(2);
  v0 ^= last;
  v2 ^= 0xff;
  rounds(4);
  return v1 ^ v3;
}

import { setFlagsFromString } from "node:v8";

// V8 can join two adjacent 128-bit operations of WebAssembly into one of 256 bits. Each lane computes the same, so the
// bytes stay the same. It is an experiment of V8, behind a flag, and only its optimising compiler does it. So:
// - Only on releases where it was measured to gain. Node 20 lacks it; on Node 22 matrix products were never faster.
// - Only for a small module of ours: matrix products take half the time, sparse ones 0.7 of it, softmax cross-entropy
//   a third; other operations gain nothing, and some lose without the profile that V8 would else collect before it
//   optimises.
// - The flags hold while that module is compiled and no longer, so that nobody else's code is touched. All of the
//   module must then be compiled at once, by the optimising compiler. Without a profile that must not inline: Node 26
//   ends the process otherwise.

const measuredReleases = [24, 26];
const switched = [
  ["--no-wasm-inlining", "--wasm-inlining"],
  ["--no-liftoff", "--liftoff"],
  ["--no-wasm-lazy-compilation", "--wasm-lazy-compilation"],
  ["--experimental-wasm-revectorize", "--no-experimental-wasm-revectorize"],
] as const;

/**
 * Whether V8 joins vectors here. V8 prints to stderr when it does not know a flag, so it is not tried elsewhere.
 *
 * @example
 * const lanes = revectorizes ? 8 : 4; // of float32, in what is compiled by compileRevectorized
 */
export const revectorizes: boolean = (() => {
  const { v8_enable_wasm_simd256_revec: isBuiltIn } = process.config.variables as unknown as Record<string, unknown>;
  const release = Number(process.versions.node.split(".")[0]);
  return isBuiltIn === 1 && process.arch === "x64" && measuredReleases.includes(release);
})();

/**
 * Compiles a module so that V8 joins its adjacent vectors, where it can; elsewhere as any other.
 *
 * @throws WebAssembly.CompileError when the bytes are no module
 * @example
 * const module = compileRevectorized(await readFile("products.wasm"));
 */
export function compileRevectorized(bytes: Uint8Array): WebAssembly.Module {
  if (!revectorizes) return new WebAssembly.Module(bytes);
  for (const [on] of switched) setFlagsFromString(on);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const [, off] of [...switched].reverse()) setFlagsFromString(off);
  }
}

import type { Options } from "../experiments";

/** All training options but the seed, which comes from the run. */
export function withoutSeed<T extends { readonly seed: number }>({ seed: _seed, ...options }: T): Options {
  return options as unknown as Options;
}

import type { EngineName } from "../../lib/engine";

/** How far results may be from the exact ones, relative to the largest element. One table for every test on tensors. */
export interface Tolerances {
  /** Values and first gradients. */
  readonly value: number;
  /** Second derivatives against finite differences of first ones, in float32. */
  readonly secondOrder: number;
  /** Sums of half a million float32 numbers. */
  readonly longSum: number;
}

export const tolerances: Readonly<Record<EngineName, Tolerances>> = {
  wasm: { value: 1e-5, secondOrder: 3e-3, longSum: 1e-5 },
  cpu: { value: 1e-5, secondOrder: 3e-3, longSum: 1e-5 },
  blas: { value: 1e-5, secondOrder: 3e-3, longSum: 1e-5 },
  tensorflow: { value: 2e-5, secondOrder: 3e-3, longSum: 5e-3 },
};

import type { AdamOperations } from "./adam";
import type { MatrixOperations } from "./matrix";
import type { MfOperations } from "./mf";
import type { NetworkOperations } from "./network";
import type { VectorOperations } from "./vector";

export type { AdamOperations, AdamState, AdamStep } from "./adam";
export type { MatMul, MatrixOperations, SparseRows } from "./matrix";
export type { MfBatch, MfOperations, MfCurvatureRows } from "./mf";
export type { GruStep, GruStepGradients, LayerNorm, NetworkOperations } from "./network";
export type { VectorOperations } from "./vector";

/**
 * The operations. There are two implementations with the same meaning: `simd` (WebAssembly, AssemblyScript in
 * `lib/engine/assembly`) and `reference` (plain TypeScript). Arrays come from `createWorkspace()`, or are parts of such
 * arrays (`subarray`); output arrays must not overlap inputs unless an operation says so. They agree to float32
 * rounding: 1e-5 relative.
 *
 * Every operation throws InvalidArgumentError for lengths that do not fit together and for ids out of range.
 */
export interface Operations
  extends VectorOperations, MatrixOperations, MfOperations, AdamOperations, NetworkOperations {}

/** An implementation, and the one thing the checks need of it. */
export interface RawOperations extends Operations {
  /** The largest id as an unsigned number, so that a negative one counts as huge; 0 when there is none. */
  largestId(ids: Int32Array): number;
}

/**
 * What computes: the backend for tensors, SIMD operations on typed arrays, and optimisers. Nothing here knows a
 * recommender.
 *
 * Each operation has a plain reference in TypeScript, a check of its arguments, and a SIMD form in WebAssembly. The
 * default engine is `wasm`, where the same seed gives the same bytes on every machine.
 *
 * @packageDocumentation
 */
export { Adam, type AdamOptions, type Optimizer } from "./adam";
export type { OperationArray } from "./arrays";
export { type TensorEngine, tensorEngine } from "./backend";
export { createWorkspace, engineName, type EngineName, engineNames, operations } from "./engine";
export { LazyAdam } from "./lazy-adam";
export { loadOpenBlas, type OpenBlas } from "./blas/library";
export { installBlas } from "./blas/install";
export { findBlas } from "./blas/locate";
export { buildNative } from "./native/build";
export { findNative, isFitNode } from "./native/locate";
export { measureEngine } from "./native/measure";
export { type InstalledEngine, keepMeasured, type MeasuredEngines, readMeasured } from "./native/measured";
export { type BuildSeconds, removeInstalled } from "./native/staging";
export type {
  AdamState,
  AdamStep,
  GruStep,
  GruStepGradients,
  LayerNorm,
  MatMul,
  MfBatch,
  MfCurvatureRows,
  Operations,
  SparseRows,
} from "./operations";
export { compileRevectorized, revectorizes } from "./simd/revectorize";
export {
  type GruWatch,
  type GruWeights,
  type LinearClassifier,
  type Recording,
  type RowCrossEntropies,
  type SparseTensor,
  type TensorAdam,
  type TensorAdamState,
  type TensorLibrary,
  transposed,
} from "./tensors";
export { threadCount } from "./threads";
export { liveWorkspaces, type Workspace } from "./workspace";

export { Adam, type AdamOptions, type Optimizer, type OptimizerState } from "./adam";
export { type TensorEngine, tensorEngine } from "./backend";
export { createWorkspace, engineName, type EngineName, operations } from "./engine";
export { LazyAdam } from "./lazy-adam";
export type {
  AdamState,
  AdamStep,
  GruStep,
  GruStepGradients,
  LayerNorm,
  MatMul,
  MfBatch,
  MfProblem,
  Operations,
  SparseRows,
} from "./operations";
export type { GruWeights } from "./tensors/gru";
export type { TensorLibrary } from "./tensors/memory";
export { type SparseTensor, transposed } from "./tensors/spmm";
export { liveWorkspaces, type OperationArray, type Workspace } from "./workspace";

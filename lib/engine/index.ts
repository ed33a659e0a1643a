export { Adam, type AdamOptions, type Optimizer, type OptimizerState } from "./adam";
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
export { liveWorkspaces, type OperationArray, type Workspace } from "./workspace";

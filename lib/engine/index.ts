export { Adam, type AdamOptions, type Optimizer, type OptimizerState } from "./adam";
export { createWorkspace, engineName, type EngineName, operations } from "./engine";
export { LazyAdam } from "./lazy-adam";
export type { AdamState, AdamStep, MfBatch, MfProblem, Operations } from "./operations";
export { liveWorkspaces, type OperationArray, type Workspace } from "./workspace";

export { createWorkspace, engineName, type EngineName, operations } from "./engine";
export type { AdamState, AdamStep, MfBatch, MfProblem, Operations } from "./operations";
export { liveWorkspaces, type OperationArray, type Workspace } from "./workspace";

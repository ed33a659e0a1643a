export {
  type Execution,
  type ExecuteOptions,
  KernelClient,
  KernelError,
  kernelArgv,
  type StartOptions,
} from "./client/kernel-client";
export type { DisplayOutput, ErrorOutput, Output, ResultOutput, StreamOutput } from "./client/outputs";
export { type Difference, differences } from "./notebook/compare";
export {
  type CellFailure,
  executeNotebook,
  type NotebookEvent,
  type NotebookRun,
  type NotebookRunOptions,
} from "./notebook/execute-notebook";
export { findNotebooks } from "./notebook/find-notebooks";
export {
  hasTag,
  type Notebook,
  type NotebookCell,
  notebookText,
  parseNotebook,
  readNotebook,
  writeNotebook,
} from "./notebook/notebook-file";
export { declaredParameters, withParameters } from "./notebook/parameters";
export { type NotebookReport, type RunnerEvent, type RunnerOptions, runNotebooks } from "./notebook/runner";

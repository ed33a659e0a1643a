export { builtInParts } from "../reproduction/built-in-parts";
export { codeVersion } from "./store/code-version";
export { computeRun, computeWithPrerequisites, isUsable, type Recompute } from "./running/compute-run";
export { runOf } from "./running/experiment-data";
export { defaultStoreFolder, experimentResult, type ExperimentResult, type ResultOptions } from "./summary/experiment-result";
export { expandView, type Selection } from "./summary/expand-view";
export { type Choice, expandGrid, expandGrids, type Grid, type ResolveConfig, seedsUpTo } from "./config/grid";
export { type LocalRunnerOptions, runLocally, workerCount } from "./running/local-runner";
export type {
  AuditContext,
  AuditPart,
  BackbonePart,
  DatasetPart,
  Evaluation,
  Facts,
  FitOutcome,
  LogRecord,
  MethodContext,
  MethodOutcome,
  MethodPart,
  MetricPart,
  Metrics,
  Parts,
  Prerequisite,
  Problem,
  RequestPart,
  RunContext,
  Scores,
  Seconds,
  StepRecord,
  Task,
  TaskTypes,
  Training,
} from "./config/parts";
export { type PlannedRun, planRuns, type RunStatus } from "./running/plan";
export type {
  Ratings,
  RatingsAudit,
  RatingsBackbone,
  RatingsContext,
  RatingsDataset,
  RatingsMethod,
  RatingsMetric,
  RatingsModel,
  RatingsOutcome,
  RatingsRequest,
  RatingsRequestPart,
} from "../reproduction/ratings";
export { findRuns, type FoundRuns, keepRecords, readRecords, recordsFolder } from "./store/records";
export { studyRequests, type RequestStudy, type RequestStudyOptions, type RequestStudyRow } from "../reproduction/ratings/request-study";
export { requestStageTable, requestStudyTable } from "../reproduction/ratings/request-study-table";
export { resolveConfig } from "./config/resolve";
export {
  describeRun,
  identifyRun,
  type Options,
  type OptionValue,
  type Run,
  type RunConfig,
  type RunOptions,
} from "./config/run-config";
export { type RunRecord, type RunResult, type RunState, RunStore, type RunTiming, type SampleTest } from "./store/run-store";
export { type Search, searchConfigs, type SearchRange, searchTrials, type Trial } from "./config/search";
export { searches, searchNamed } from "../reproduction/searches";
export { readGridFile, requeueStatus, type SlurmJob, type SlurmOptions, slurmQueue, submitToSlurm } from "./running/slurm";
export type {
  SessionsAudit,
  SessionsBackbone,
  SessionsContext,
  SessionsDataset,
  SessionsMethod,
  SessionsMetric,
  SessionsModel,
  SessionsOutcome,
  SessionsRequest,
  SessionsRequestPart,
  SessionsTask,
} from "../reproduction/sessions";
export {
  type Comparison,
  countNames,
  type MetricSummary,
  summariseRuns,
  type Summary,
  type SummaryRow,
  type TimeSummary,
} from "./summary/summary";
export { methodLabel, requestLabel, summaryTable, type SummaryTableOptions } from "./summary/summary-table";
export {
  noiseFloorMethod,
  type OptionColumn,
  type Preset,
  presets,
  referenceMethod,
  startMethod,
  type SweepLine,
  type TradeOff,
  type View,
} from "./summary/view";
export { views, viewNamed } from "../reproduction/views";
export type { RunnerReport } from "./running/work-queue";

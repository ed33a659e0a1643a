export { builtInParts } from "./built-in-parts";
export { codeVersion } from "./code-version";
export { computeRun, computeWithPrerequisites, isUsable, type Recompute } from "./compute-run";
export { runOf } from "./experiment-data";
export { defaultStoreFolder, experimentResult, type ExperimentResult, type ResultOptions } from "./experiment-result";
export { expandView, type Selection } from "./expand-view";
export { type Choice, expandGrid, expandGrids, type Grid, type ResolveConfig, seedsUpTo } from "./grid";
export { type LocalRunnerOptions, runLocally, workerCount } from "./local-runner";
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
} from "./parts";
export { type PlannedRun, planRuns, type RunStatus } from "./plan";
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
} from "./ratings";
export { findRuns, type FoundRuns, keepRecords, readRecords, recordsFolder } from "./records";
export { studyRequests, type RequestStudy, type RequestStudyOptions, type RequestStudyRow } from "./request-study";
export { requestStageTable, requestStudyTable } from "./request-study-table";
export { resolveConfig } from "./resolve";
export {
  describeRun,
  identifyRun,
  type Options,
  type OptionValue,
  type Run,
  type RunConfig,
  type RunOptions,
} from "./run-config";
export { type RunRecord, type RunResult, type RunState, RunStore, type RunTiming, type SampleTest } from "./run-store";
export { type Search, searchConfigs, type SearchRange, searchTrials, type Trial } from "./search";
export { searches, searchNamed } from "./searches";
export { readGridFile, requeueStatus, type SlurmJob, type SlurmOptions, slurmQueue, submitToSlurm } from "./slurm";
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
} from "./sessions";
export {
  type Comparison,
  countNames,
  type MetricSummary,
  summariseRuns,
  type Summary,
  type SummaryRow,
  type TimeSummary,
} from "./summary";
export { methodLabel, requestLabel, summaryTable, type SummaryTableOptions } from "./summary-table";
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
} from "./view";
export { views, viewNamed } from "./views";
export type { RunnerReport } from "./work-queue";

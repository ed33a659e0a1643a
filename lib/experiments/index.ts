/**
 * The machinery of experiments: grids of runs, records that are kept, and the tables that summarise them.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export type {
  AuditContext,
  AuditPart,
  BackbonePart,
  DatasetPart,
  Evaluation,
  FitOutcome,
  LogRecord,
  MethodContext,
  MethodOutcome,
  MethodPart,
  MetricPart,
  Metrics,
  Parts,
  PartVersion,
  PartsModule,
  Prerequisite,
  RunProblem,
  RequestPart,
  RunContext,
  ModelOutputs,
  Seconds,
  Task,
  TaskTypes,
  Training,
} from "./config/parts";
export { type Choice, expandGrid, expandGrids, type Grid, type ResolveConfig, seedsUpTo } from "./config/grid";
export { type CleanReport, cleanRunStore } from "./store/clean-store";
export { changedModules, codeOf, moduleVersion, type RunCode } from "./store/code-version";
export {
  type Comparison,
  countNames,
  type MetricSummary,
  summariseRuns,
  type ViewSummary,
  type SummaryRow,
  type TimeSummary,
} from "./summary/summary";
export { computeRun, computeWithPrerequisites, isUsable, type Recompute } from "./running/compute-run";
export { defaultStoreFolder, type ExperimentResult, type ResultOptions, viewResult } from "./summary/experiment-result";
export { describeRuns } from "./config/describe-runs";
export {
  describeRun,
  type Options,
  type OptionValue,
  type Run,
  type RunConfig,
  type RunOptions,
} from "./config/run-config";
export { recordsToVerify, type Verification } from "./store/verification";
export { type Disagreement, holdToRecords, sampleToVerify, type Verified } from "./running/verify";
export { keptPresets, keptResult } from "./summary/kept-result";
export { conditionOf, conditionsOf, expandView, type RunSelection } from "./summary/expand-view";
export {
  findRuns,
  type FoundRuns,
  keepCode,
  keepRecords,
  readKeptCode,
  readRecords,
  recordsFolder,
} from "./store/records";
export { type LocalRunnerOptions, runLocally, workerCount } from "./running/local-runner";
export { type Difference, differenceOf, minus } from "./summary/minus";
export { type Labels, relabelled } from "./summary/relabel";
export { reordered } from "./summary/reorder";
export { SelectionError, selectResult, type SelectedResult, type Selection } from "./summary/select";
export { askedLabel, methodLabel, requestLabel, summaryTable, type SummaryTableOptions } from "./summary/summary-table";
export { noiseFloorMethod, referenceMethod, startMethod } from "./config/compared-methods";
export { type OptionColumn, type Preset, presets, type SweepLine, type TradeOff, type View } from "./config/view";
export { originalOf, preparationOf, requestPartOf, retrainOf, startOf } from "./config/related-runs";
export { costEstimator, type CostEstimate, estimateCost, type MachineCost } from "./running/cost-model";
export { makespan } from "./running/makespan";
export { type PlannedRun, planRuns, planToCompute, type RunStatus } from "./running/plan";
export { readGridFile, writeGridFile } from "./running/grid-file";
export { requeueStatus, shellWord, type SlurmJob, type SlurmOptions, slurmQueue, submitToSlurm } from "./running/slurm";
export { referenceMethods } from "./running/reference-methods";
export { optionHelp, optionMarkdown } from "./config/option-table";
export { defaultsOf, resolveConfig } from "./config/resolve";
export type { RunnerReport } from "./running/work-queue";
export { runOf } from "./config/experiment-data";
export { type RunRecord, type RunResult, type RunState, type RunTiming, type SampleTest } from "./store/run-record";
export { parseSettings, type Settings, withSettings } from "./config/settings";
export { RunStore } from "./store/run-store";
export { type Search, searchConfigs, type SearchRange } from "./config/search";
export { searchTrials, type Trial } from "./summary/search-trials";
export { identifyRun, identityOf, type RunIdentity } from "./config/identity";
export { changedCode, type CodeChange } from "./summary/changed-code";
export { inModule, loadableFrom, moduleOf } from "./config/parts";

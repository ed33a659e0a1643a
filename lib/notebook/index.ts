/**
 * What a notebook shows: tables, pictures, data frames, and the results of experiments. No other area knows of
 * notebooks.
 *
 * - {@link display} shows a value below a cell.
 * - {@link experiment} reads the results of an experiment by name. It computes nothing unless asked.
 *
 * @packageDocumentation
 */
export {
  beliefChart,
  type ComparedModels,
  type Forgotten,
  forgottenRanks,
  movementTable,
  rankChangeChart,
  recommendationTable,
  type RecommendationOptions,
} from "./before-and-after";
export { Content, image, json, latex, markdown, svg } from "./content";
export { bundleOf, display } from "./display";
export { type Danfo, danfo, type FrameColumns, toFrame, toInteractions, toTable } from "./frames";
export { Html, html, type HtmlPart } from "./html";
export { reload, type Reloaded } from "./reload";
export { requestStageTable, requestStudyTable } from "./request-study-table";
export {
  type RequestStudy,
  type RequestStudyRow,
  type StudiedMethods,
  type StudiedOutcome,
  studyRequests,
} from "./request-study";
export { experiment, Experiment, type ExperimentOptions, type Told } from "./experiment";
export { Finding } from "./finding";

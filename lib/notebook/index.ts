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
export { experiment, Experiment, type ExperimentOptions, Finding } from "./experiment";

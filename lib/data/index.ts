export { type DatasetFile, datasetFiles, removeDataset, type VerifiedFile, verifyDatasetFile } from "./cache";
export {
  datasetCatalogue,
  datasetEntry,
  type DatasetEntry,
  type DatasetOrigin,
  type DatasetTitles,
  type DatasetVariant,
} from "./catalogue";
export { datasetContent, type FoundContent } from "./content-hash";
export { dataHash } from "./data-hash";
export type { Dataset } from "./dataset";
export type { ParsedFile } from "./delimited-parser";
export type { ColumnChoice, ReadOptions } from "./file-layout";
export { type ForgetSamples, forgetSamples } from "./sessions/forget-samples";
export { generateInteractions, type GenerateOptions } from "./generate";
export { IdMap } from "./id-map";
export { ifruSplit, type IfruSplit, type IfruSplitOptions } from "./ifru-split";
export { type GroupedRows, groupRows, indexInteractions, type InteractionIndex } from "./interaction-index";
export { type Interactions, retainedRows, rowCount, rowsWhere, selectRows } from "./interactions";
export { loadItemTitles } from "./item-titles";
export { kCoreRows } from "./k-core";
export { loadDataset, type LoadDatasetOptions } from "./load-dataset";
export type { RowOrder } from "./order";
export {
  drawnSamples,
  type Histories,
  historyCount,
  leftPaddedTokens,
  type PrefixSamples,
  prefixSamples,
  samplesOfRows,
  selectSamples,
  trainingWindows,
} from "./sessions/prefix-samples";
export { readInteractions } from "./read-interactions";
export { compactRows } from "./renumber";
export { requestStream, type RequestStreamOptions } from "./request-stream";
export { groupOfUsersRows, interactionRows, itemRows, randomRows, userRows } from "./requests";
export {
  loadSessionDataset,
  type SessionDataset,
  sessionDataset,
  type SessionDatasetOptions,
  sessionSplitHash,
  type SessionStatistics,
  sessionStatistics,
} from "./sessions/session-dataset";
export { readSessionFiles, writeSessionFiles } from "./sessions/session-files";
export {
  selectSessions,
  sessionCount,
  sessionItemRows,
  type SessionOptions,
  type Sessions,
  type SessionSplit,
  sessionUserRows,
  splitSessions,
  toSessions,
  wholeSessionRows,
  withoutRows,
} from "./sessions/sessions";
export { type PlantedSpam, plantSpam, type SpamOptions } from "./spam";
export {
  applySplit,
  leaveLastOut,
  randomSplit,
  type RowSplit,
  type Split,
  type SplitOptions,
  temporalSplit,
  userSplit,
} from "./splits";
export { chooseUsers, type UserChoice } from "./user-choice";

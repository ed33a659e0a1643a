/**
 * Datasets and what is made of them: the catalogue, verified downloads, parsing, splits, sessions, and requests to
 * forget.
 *
 * - {@link loadDataset} reads a dataset of the catalogue, or a file of your own.
 * - {@link ifruSplit} makes rows to train on, rows to forget, validation and test rows.
 * - {@link loadSessionDataset} makes one session per user, in order of time.
 *
 * `data/README.md` of the repository says where datasets are looked for and what they are verified by.
 *
 * @packageDocumentation
 */
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
export { generateInteractions, generateOptions, type GenerateOptions } from "./generate";
export { IdMap } from "./id-map";
export { ifruSplit, type IfruSplit, ifruSplitOptions, type IfruSplitOptions } from "./ifru-split";
export { type GroupedRows, groupRows, indexInteractions, type InteractionIndex } from "./interaction-index";
export { type Interactions, joinedRows, retainedRows, rowCount, rowsWhere, selectRows } from "./interactions";
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
export { requestStream, requestStreamOptions, type RequestStreamOptions } from "./request-stream";
export { groupOfUsersRows, interactionRows, itemRows, randomRows, userRows } from "./requests";
export {
  loadSessionDataset,
  type SessionDataset,
  sessionDataset,
  sessionDatasetOptions,
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
export { type PlantedSpam, plantSpam, spamOptions, type SpamOptions } from "./spam";
export { applySplit, type RowSplit, type Split } from "./splits";
export { chooseUsers, type UserChoice } from "./user-choice";

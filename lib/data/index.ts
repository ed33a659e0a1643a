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
export type { AskedRequest, RequestDescription } from "./asking/asked";
export { attributeRequest, type AttributeChoice } from "./asking/by-attribute";
export { itemsRequest, pairsRequest, type RawPair, readPairs, usersRequest } from "./asking/by-ids";
export { type Moment, type Period, periodRequest } from "./asking/by-period";
export { rowsRequest, type RowToJudge } from "./asking/by-rows";
export { type AttributeColumns, type ItemAttributes, readItemAttributes } from "./asking/item-attributes";
export { type AskedSessionRequest, sessionRequest } from "./asking/of-sessions";
export { readIds } from "./asking/raw-ids";
export { streamRequests } from "./asking/streams";
export { type DatasetFile, datasetFiles, removeDataset, type VerifiedFile, verifyDatasetFile } from "./catalogue/cache";
export {
  datasetCatalogue,
  type DatasetCategories,
  datasetEntry,
  type DatasetEntry,
  type DatasetOrigin,
  type DatasetTitles,
  type DatasetVariant,
} from "./catalogue/catalogue";
export { datasetContent, type FoundContent } from "./catalogue/content-hash";
export { dataHash } from "./data-hash";
export type { Dataset } from "./catalogue/dataset";
export type { ParsedFile } from "./reading/interactions-parser";
export { type FileFormat, fileFormats, type FormatKind } from "./reading/file-formats";
export type { LayoutFacts } from "./reading/file-layout";
export type { FormatName } from "./reading/format-names";
export {
  type ColumnChoice,
  type ColumnChoices,
  readOptionList,
  type ReadOptions,
  type ReadSettings,
} from "./reading/read-options";
export { requireForgetRows, retainedRows } from "./forget-rows";
export { type ForgetSamples, forgetSamples } from "./sessions/forget-samples";
export { generateInteractions, generateOptions, type GenerateOptions } from "./generate";
export { IdMap } from "./id-map";
export { ifruSplit, type IfruSplit, ifruSplitOptions, type IfruSplitOptions } from "./ifru-split";
export { type GroupedRows, groupRows, indexInteractions, type InteractionIndex } from "./interaction-index";
export { type Interactions, joinedRows, rowCount, rowsWhere, selectRows } from "./interactions";
export { loadItemCategories } from "./catalogue/item-categories";
export { loadItemTitles } from "./catalogue/item-titles";
export { kCoreRows } from "./k-core";
export { loadDataset, type LoadDatasetOptions } from "./catalogue/load-dataset";
export type { RowOrder } from "./order";
export { placesWhere } from "./places-where";
export {
  drawnSamples,
  eventsWithoutHistory,
  type Histories,
  historyCount,
  leftPaddedTokens,
  type PrefixSamples,
  prefixSamples,
  samplesOfRows,
  selectSamples,
  trainingWindows,
} from "./sessions/prefix-samples";
export { readInteractions } from "./reading/read-interactions";
export { compactRows, withIdsOf } from "./renumber";
export { requireSameIds, requireValidationIds } from "./same-ids";
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
export { spellReadOptionsAs } from "./reading/spelling";
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
export { type LeakedRows, leakedRows, type Leaks } from "./splitting/leaks";
export { type LoadedSplit, loadSplit, type LoadSplitOptions, type SplitSources } from "./splitting/load-split";
export { negativeOptions, type NegativeOptions, withNegatives } from "./splitting/negatives";
export { loadOwnSessions, ownSessionOptions, type OwnSessionOptions } from "./splitting/own-sessions";
export {
  type Protocol,
  type ProtocolSplit,
  protocolSplit,
  type ProtocolSplits,
  publishedSplits,
} from "./splitting/protocols";
export { splitHash } from "./splitting/split-hash";
export { splitByColumn, splitInteractions, splitOptions, type SplitOptions } from "./splitting/split-interactions";
export { trainingSplit, trainingSplitOptions, type TrainingSplitOptions } from "./splitting/training-split";
export { applySplit, type RowSplit, type Split } from "./splits";
export { chooseUsers, type UserChoice } from "./user-choice";

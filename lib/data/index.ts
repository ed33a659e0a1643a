export { type DatasetFile, datasetFiles, removeDataset, type VerifiedFile, verifyDatasetFile } from "./cache";
export {
  datasetCatalogue,
  datasetEntry,
  type DatasetEntry,
  type DatasetOrigin,
  type DatasetVariant,
} from "./catalogue";
export { dataHash } from "./data-hash";
export type { Dataset } from "./dataset";
export type { ParsedFile } from "./delimited-parser";
export type { ColumnChoice, ReadOptions } from "./file-layout";
export { generateInteractions, type GenerateOptions } from "./generate";
export { IdMap } from "./id-map";
export { ifruSplit, type IfruSplit, type IfruSplitOptions } from "./ifru-split";
export { indexInteractions, type InteractionIndex } from "./interaction-index";
export { type Interactions, retainedRows, rowCount, selectRows } from "./interactions";
export { kCoreRows } from "./k-core";
export { loadDataset, type LoadDatasetOptions } from "./load-dataset";
export { readInteractions } from "./read-interactions";
export { interactionRows, itemRows, randomRows, userRows } from "./requests";

export { Mf, type MfInitialisation } from "./mf";
export { loadModel, saveModel } from "./model-file";
export type { Parameter, Recommender } from "./recommender";
export { overwriteRows, readRows, type ReplaceableParameters, type RowUpdate, withRows } from "./row-update";
export { decodeTensors, encodeTensors, type StoredTensor, type TensorFile } from "./tensor-file";

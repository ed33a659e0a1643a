export { type TensorAdam, tensorAdam, type TensorAdamState } from "./adam";
export { repairSecondOrder } from "./gradients";
export { gru, type GruWatch, type GruWeights } from "./gru";
export { innerProduct } from "./inner-product";
export { installKernels } from "./kernels";
export { layerNorm } from "./layer-norm";
export type { TensorLibrary } from "./library";
export { cpuTensorMemory, type TensorMemory, wasmTensorMemory } from "./memory";
export { record, type Recording } from "./recording";
export {
  type LinearClassifier,
  linearSoftmaxCrossEntropy,
  logSoftmax,
  rowCrossEntropies,
  type RowCrossEntropies,
  softmaxCrossEntropy,
} from "./softmax-cross-entropy";
export { type SparseTensor, sparseTensor, transposed } from "./spmm";
export { weightedSum } from "./weighted-sum";

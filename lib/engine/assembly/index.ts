export { adam, adamCatchUp, adamRows } from "./adam";
export { addToRows, columnSum, topK } from "./matrix";
export { crossEntropy, mfGradient, mfHessianVectorProduct, mfLossGradient, mfScores } from "./mf";
export { layerNorm, layerNormGradient } from "./layer-norm";
export { gruBackward, gruForward, softmaxCrossEntropy } from "./network";
export { segmentSum } from "./segment-sum";
export { axpy, dot, hadamard, largestId, xpby } from "./vector";

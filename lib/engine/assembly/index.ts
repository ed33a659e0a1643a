export { adam, adamCatchUp, adamRows } from "./adam";
export { crossEntropy, mfCurvatureDiagonal, mfGradient, mfHessianVectorProduct, mfLossGradient, mfScores } from "./mf";
export { segmentSum } from "./segment-sum";
export { axpy, dot, hadamard, largestId, xpby } from "./vector";

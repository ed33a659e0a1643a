import type { RawOperations } from "../operations";
import { adam, adamCatchUp, adamRows } from "./adam";
import { addToRows, columnSum, matMul, spmm, topK } from "./matrix";
import { mfDerivatives, mfScores } from "./mf-derivatives";
import { mfGradient, mfLossGradient } from "./mf-gradient";
import { mfHessianVectorProduct } from "./mf-hessian-vector-product";
import { gruBackward, gruForward, layerNorm, layerNormGradient, softmaxCrossEntropy } from "./network";
import { segmentSum } from "./segment-sum";
import { axpy, dot, hadamard, largestId, xpby } from "./vector";

/** The operations in plain TypeScript: what each one means, and what the SIMD form is tested against. */
export const referenceOperations: RawOperations = {
  adam,
  adamCatchUp,
  adamRows,
  addToRows,
  axpy,
  columnSum,
  dot,
  gruBackward,
  gruForward,
  hadamard,
  largestId,
  layerNorm,
  layerNormGradient,
  matMul,
  mfDerivatives,
  mfGradient,
  mfHessianVectorProduct,
  mfLossGradient,
  mfScores,
  segmentSum,
  softmaxCrossEntropy,
  spmm,
  topK,
  xpby,
};

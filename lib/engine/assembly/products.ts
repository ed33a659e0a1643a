// The operations that gain from 256-bit vectors, a module of its own: lib/engine/simd/revectorize.ts says why.
export { matMul, matMulScratchBytes } from "./matmul";
export { spmm } from "./spmm";
export { softmaxCrossEntropy } from "./softmax";

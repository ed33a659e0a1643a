export { curriculumDefaults, type CurriculumOptions, curriculumOrder } from "./batch-order";
export { embeddingDifficulty } from "./embedding-difficulty";
export { type ForgetSamples, forgetSamples } from "./forget-samples";
export { gradientDifficulty } from "./gradient-difficulty";
export { exactMinNorm, type FrankWolfeOptions, frankWolfeMinNorm, minNormWeights, squaredNorm } from "./min-norm";
export { logitCosine, outputLayerDifficulty } from "./output-layer-difficulty";
export { paretoDefaults, type ParetoOptions, type ParetoStep, paretoStep } from "./pareto";

export { curriculumDefaults, type CurriculumOptions, curriculumOrder } from "./batch-order";
export { exactMinNorm, type FrankWolfeOptions, frankWolfeMinNorm, minNormWeights, squaredNorm } from "./min-norm";
export { paretoDefaults, type ParetoOptions, type ParetoStep, paretoStep } from "./pareto";

export { curriculumDefaults, type CurriculumOptions, curriculumOrder } from "./batch-order";
export { CalibratedForgetting, type CalibrationPoint } from "./calibration";
export { cau } from "./cau";
export { cauMf, cauMfDefaults, type CauMfDiagnostics, type CauMfOptions } from "./cau-mf";
export { cauDefaults, type CauOptions } from "./cau-options";
export { embeddingDifficulty } from "./embedding-difficulty";
export {
  sessionGradientAscent,
  sessionGradientAscentDefaults,
  type SessionGradientAscentOptions,
} from "./gradient-ascent";
export { gradientDifficulty } from "./gradient-difficulty";
export type { JointDescentOptions, JointStep } from "./joint-descent";
export { cosineOf, logitProducts, type LogitProducts } from "./logit-products";
export type { UnlearningLoopOptions } from "./loop-options";
export {
  lossGradients,
  lossNames,
  type LossGradients,
  originalOutput,
  type OriginalOutput,
  type OutputGradient,
  type OutputPass,
} from "./loss-gradients";
export { exactMinNorm, type FrankWolfeOptions, frankWolfeMinNorm, minNormWeights, squaredNorm } from "./min-norm";
export { mostDrop, type OperatingPoint, OperatingPoints } from "./operating-point";
export { outputLayerDifficulty } from "./output-layer-difficulty";
export { paretoDefaults, type ParetoOptions, type ParetoStep, paretoStep } from "./pareto";
export type { UnlearningDiagnostics, UnlearningStep } from "./unlearning-loop";

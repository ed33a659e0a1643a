/**
 * Forgetting from recommenders of sessions by a curriculum of small steps (CAU).
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { type CurriculumOptions, curriculumOrder } from "./batch-order";
export { CalibratedForgetting, type CalibrationPoint, type StepBack } from "./sessions/calibrated-forgetting";
export { cau } from "./sessions/cau";
export { cauMf, type CauMfDiagnostics, cauMfOptions, type CauMfOptions } from "./cau-mf";
export { cauOptions, type CauOptions } from "./sessions/cau-options";
export { embeddingDifficulty } from "./sessions/embedding-difficulty";
export {
  sessionGradientAscent,
  sessionGradientAscentOptions,
  type SessionGradientAscentOptions,
} from "./sessions/gradient-ascent";
export { gradientDifficulty } from "./sessions/gradient-difficulty";
export type { JointDescentOptions, JointStep } from "./sessions/joint-descent";
export { cosineOf, logitProducts, type LogitProducts } from "./logit-products";
export type { UnlearningLoopOptions } from "./sessions/loop-options";
export { lossNames } from "./loss-names";
export {
  lossGradients,
  type LossGradients,
  originalOutput,
  type OriginalOutput,
  type OutputGradient,
  type OutputPass,
} from "./sessions/loss-gradients";
export { exactMinNorm, type FrankWolfeOptions, frankWolfeMinNorm, minNormWeights, squaredNorm } from "./min-norm";
export { mostDrop, type OperatingPoint, OperatingPoints } from "./sessions/operating-point";
export { outputLayerDifficulty } from "./sessions/output-layer-difficulty";
export { paretoDefaults, type ParetoOptions, type ParetoStep, paretoStep } from "./pareto";
export { modelBetween, shareAtLevel } from "./sessions/step-back";
export type { UnlearningDiagnostics, UnlearningStep } from "./sessions/unlearning-loop";

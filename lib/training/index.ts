/**
 * How models are fitted, and what a method of unlearning is.
 *
 * - {@link fitMf}, {@link fitLightGcn}, {@link fitNeuralMf} and {@link fitSessionModel} train a model, with early
 *   stopping.
 * - {@link UnlearningMethod} is the interface of every method. It returns an update, a cost and diagnostics.
 * - {@link applyUpdate} makes the new model from an update.
 *
 * @packageDocumentation
 */
export { applyUpdate } from "./apply-update";
export { type Batch, Batches } from "./batches";
export type { Checkpoint, Checkpoints, EpochRecord } from "./checkpoint";
export { fit, fitEpochs, type FitHistory, type FitLimits, notFinite, type ResumableTrainee, type Trainee } from "./fit";
export {
  fitLightGcn,
  fitLightGcnOptions,
  type FitLightGcnOptions,
  type LightGcnFit,
  refitLightGcn,
} from "./fit-lightgcn";
export { fitMf, fitMfOptions, type FitMfOptions, type MfFit, refitMf } from "./fit-mf";
export { fitNeuralMf, fitNeuralMfOptions, type FitNeuralMfOptions, type NeuralMfFit } from "./fit-neural-mf";
export type { CalibratedOption, Facts, MethodDescription, StepRecord } from "./method-description";
export type { ModelUpdate, UnlearningCost, UnlearningMethod, UnlearningRequest, UnlearningResult } from "./method";
export { PreparedOrigin } from "./prepared-origin";
export {
  fitSessionModel,
  type FitSessionOptions,
  type FitSessionSettings,
  fitSessionOptions,
  refitSessionModel,
  resolveFitSessionOptions,
  type SessionModelFit,
} from "./sessions/fit-session-model";
export { notForgottenFacts, type SessionUnlearningRequest } from "./sessions/session-request";

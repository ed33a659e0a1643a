export { applyUpdate } from "./apply-update";
export { type EpochRecord, fit, type FitHistory, type Trainee } from "./fit";
export { fitMf, type FitMfOptions, type MfFit, resolveFitMfOptions } from "./fit-mf";
export type { ModelUpdate, UnlearningCost, UnlearningMethod, UnlearningRequest, UnlearningResult } from "./method";

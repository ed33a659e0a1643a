export { auc } from "./auc";
export { aucByExposure, type AucByExposure, exposureMasks, type ExposureMasks } from "./exposure";
export {
  distanceOverNoiseFloor,
  forgetAuc,
  forgetLossGap,
  logLosses,
  mean,
  meanProbabilityDifference,
} from "./forgetting";

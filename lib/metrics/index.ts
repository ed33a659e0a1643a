/**
 * What is measured: accuracy, forgetting, exposure, membership inference, and tests of significance. All are pure
 * functions of scores, labels and ranks. A metric that is undefined is `null`.
 *
 * @packageDocumentation
 */
export { auc } from "./auc";
export { meanRanks, pearson, spearman } from "./correlation";
export { aucByExposure, type AucByExposure, exposureMasks, type ExposureMasks } from "./exposure";
export {
  distanceOverNoiseFloor,
  forgetAuc,
  forgetLossGap,
  logLosses,
  mean,
  meanProbabilityDifference,
} from "./forgetting";
export { exposureAtK, rankDrops } from "./item-exposure";
export { membershipAuc, membershipScores } from "./membership";
export { rankOf, topItems } from "./order";
export { type FirstItems, FullRanking, fullRanking, type PerUser, type RankingAtK } from "./ranking";
export { type OneSided, oneSidedTTest } from "./one-sided";
export { mrrAt, ndcgAt, rankingSummary, recallAt, sessionCutoffs } from "./rank-metrics";
export { exposureGini, gini, itemCoverage } from "./spread";
export { type MetricDefinitions, topListMetric, type TopListMetric, topListSummary } from "./top-list-metrics";
export { topLists, type TopLists } from "./top-lists";
export {
  candidateRanks,
  type CandidateOptions,
  type CandidateRanks,
  targetRanks,
  unseenSamples,
} from "./sessions/session-ranking";
export {
  bootstrapInterval,
  holm,
  median,
  pairedTTest,
  permutationTest,
  type ResamplingOptions,
  summarise,
  type MeasurementSummary,
  type TestResult,
  wilcoxonTest,
} from "./significance";
export { type UnlearningOutcome, type UScores, uScores } from "./sessions/u-score";

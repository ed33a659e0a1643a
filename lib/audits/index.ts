/**
 * Whether a model has forgotten, as one verdict: completeness, utility and cost beside Original and Retrain. Whether
 * an influence is right, held to training again.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { type Agreement, agreementOf, ceilingOf } from "./attribution/agreement";
export { type NearForgetting, nearForgetting } from "./after/near-forgetting";
export { gradientSteps, type Relearn, type Relearning, relearning } from "./after/relearning";
export { type Ends, endsOf, nearDuplicates, rowsOfItems } from "./forget-sets/hard-sets";
export { type Attribution, AttributionScores, type Estimate, type Retrainable } from "./attribution/attribution";
export { type Case, caseWithout, randomSubsets, type SubsetDraw } from "./attribution/cases";
export { datamodelingOptions, type DatamodelingOptions, datamodelingScore } from "./attribution/datamodeling-score";
export { embeddingSimilarity } from "./attribution/estimates/embedding-similarity";
export { gradientProducts } from "./attribution/estimates/gradient-products";
export { meanOfEstimates } from "./attribution/estimates/mean-of-estimates";
export type { FactorModel, Pairs } from "./attribution/estimates/pairs";
export { type Unlearnable, unlearningEstimate } from "./attribution/estimates/unlearning-estimate";
export { leaveOut, leaveOutOptions, type LeaveOutOptions } from "./attribution/leave-out";
export { type CaseOutputs, meanOfOutputs } from "./attribution/outputs";
export { type Finding, type Judgement, type VerdictCriteria, verdictCriteria } from "./criteria";
export { type DivergenceOptions, divergenceOptions } from "./margins/divergence";
export { type Divergences, type Klom, klom } from "./margins/klom";
export { itemMargin, type Margins, ratingMargins } from "./margins/margins";
export {
  informativeFrom,
  type MeasuredModels,
  measureQuality,
  type MeasureQuality,
  qualityOf,
} from "./margins/measure-quality";
export type { CostOfAnswer, Outcome } from "./sentences";
export type { Answer, JudgedModel, Trained } from "./subjects";
export { verdict, type VerdictOptions } from "./verdict";
export { Verdict, type VerdictContent } from "./verdict-value";

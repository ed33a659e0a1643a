/**
 * Whether a model has forgotten, as one verdict: completeness, utility and cost beside Original and Retrain.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { type Finding, type Judgement, type VerdictCriteria, verdictCriteria } from "./criteria";
export type { CostOfAnswer, Outcome } from "./sentences";
export type { Answer, JudgedModel, Trained } from "./subjects";
export { verdict, type VerdictOptions } from "./verdict";
export { Verdict, type VerdictContent } from "./verdict-value";

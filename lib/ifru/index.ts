/**
 * Forgetting from recommenders of ratings by influence functions (IFRU), and the question why a score is what it is.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export type { BlockVector } from "./block-system";
export {
  conjugateGradient,
  type ConjugateGradientOptions,
  type ConjugateGradientResult,
  type LinearSystem,
} from "./conjugate-gradient";
export type { DampingCalibration } from "./damping";
export { influenceOf, type Influence, influenceOptions, type InfluenceOptions } from "./differentiable";
export type { DifferentiableProblem, MovableParameter, RowLoss } from "./differentiable-system";
export { effectOf, effectOptions, type EffectOptions, type RowEffect } from "./explain/effect-of";
export { effectOfLightGcn } from "./explain/effect-of-lightgcn";
export type { MovedScore } from "./explain/moved-scores";
export { explain } from "./explain/explain";
export {
  explainNext,
  explainNextOptions,
  type ExplainNextOptions,
  type ExplainingEvent,
  type NextExplanation,
  type NextScoreOf,
} from "./explain/explain-next";
export {
  type ExplainingRow,
  type Explanation,
  type ExplanationSide,
  type ExplainOptions,
  explainOptions,
  type ScoreOf,
} from "./explain/explanation";
export {
  type InfluenceComponent,
  influenceComponents,
  influenceComponentsOptions,
  type InfluenceComponentsOptions,
} from "./explain/influence-components";
export {
  selfInfluence,
  type SelfInfluence,
  selfInfluenceOptions,
  type SelfInfluenceOptions,
} from "./explain/self-influence";
export { type RowSelfInfluence, selfInfluenceLightGcn } from "./explain/self-influence-lightgcn";
export { ifru, type IfruDiagnostics, type IfruPrepareOptions } from "./ifru";
export {
  ifruLightGcn,
  type IfruLightGcnDiagnostics,
  type IfruLightGcnPrepared,
  type IfruLightGcnPrepareOptions,
} from "./ifru-lightgcn";
export { ifruLightGcnOptions, type IfruLightGcnOptions } from "./lightgcn-options";
export { ifruNeuralMf, ifruNeuralMfOptions, type IfruNeuralMfOptions } from "./neural-mf";
export { ifruOptions, type IfruOptions } from "./options";
export { type IfruPrepared, type IndexedModel, indexModel } from "./prepare";
export { InfluenceSystem, type InfluenceSystemOptions } from "./influence-system";
export { type EmbeddingTables, gatherLocalRows, type LocalRows } from "./local-rows";
export type { EmbeddingDamping } from "./sessions/chosen-damping";
export {
  itemInfluence,
  type ItemInfluenceDiagnostics,
  itemInfluenceOptions,
  type ItemInfluenceOptions,
  type SolvedBlock,
} from "./sessions/item-influence";
export {
  outputInfluence,
  outputInfluenceOptions,
  type OutputInfluenceDiagnostics,
  type OutputInfluenceOptions,
} from "./sessions/output-influence";
export { type MovedModel, type PaperOptions, solveAsPaper } from "./paper";
export { incidentRows, type NodeSelection, type NodeSelectionOptions, selectNodes } from "./selection";
export type { Axes, PrincipalAxes } from "./principal-axes";
export { type CalibratedNumber, Probe, probeShare, requireCalibrated, requireRetrain, type Retrain } from "./probe";
export { RowSums } from "./row-sums";
export { rowUpdates, type Solution, solvePrincipled } from "./solve";

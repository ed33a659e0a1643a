/**
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { fitAttention, fitAttentionDefaults, type FitAttentionOptions } from "./fit-attention";
export {
  gradientAscent,
  gradientAscentDefaults,
  type GradientAscentDiagnostics,
  type GradientAscentOptions,
  type GradientAscentPrepared,
  type GradientAscentPrepareOptions,
} from "./gradient-ascent";
export { recEraser, recEraserLightGcn, type RecEraserOptions } from "./receraser";
export { retrain, retrainLightGcn, type RetrainDiagnostics, type RetrainOptions } from "./retrain";
export { scif, scifDefaults, type ScifDiagnostics, type ScifOptions } from "./scif";
export { fineTune, fineTuneDefaults, type FineTuneDiagnostics, type FineTuneOptions } from "./sessions/fine-tune";
export {
  fitShardAttention,
  fitShardAttentionDefaults,
  type FitShardAttentionOptions,
  releasedShardAttention,
} from "./sessions/fit-shard-attention";
export { type ItemVectors, type RemovalOptions, removedRows } from "./sessions/removal";
export type { ShardTrainer } from "./shard-trainers";
export type { Shard, ShardedDiagnostics, ShardedOptions, ShardedPrepared } from "./sharded";
export type { ShardedRule } from "./sharded-method";
export { sessionSisa, type SessionSisaOptions } from "./sessions/session-sisa";
export type { ShardedSessionsRule } from "./sessions/sharded-session-method";
export type {
  Aggregated,
  Aggregator,
  PreparedSessionShards,
  ShardedSessionsDiagnostics,
  ShardedSessionsOptions,
} from "./sessions/sharded-sessions";
export { itemVectorsOf, sru, type SruOptions } from "./sessions/sru";
export { sisa, sisaLightGcn, type SisaOptions } from "./sisa";

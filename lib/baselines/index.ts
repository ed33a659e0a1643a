/**
 * The methods that IFRU and CAU are compared with: retraining, shards, ascent and other influence functions.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { fitAttention, fitAttentionOptions, type FitAttentionOptions } from "./fit-attention";
export {
  gradientAscent,
  gradientAscentOptions,
  type GradientAscentDiagnostics,
  type GradientAscentOptions,
  type GradientAscentPrepared,
  type GradientAscentPrepareOptions,
} from "./gradient-ascent";
export { recEraser, recEraserLightGcn, recEraserOptions, type RecEraserOptions } from "./receraser";
export { retrain, retrainLightGcn, type RetrainDiagnostics, type RetrainOptions } from "./retrain";
export { scif, type ScifDiagnostics, scifOptions, type ScifOptions, type ScifPrepared } from "./scif";
export { fineTune, type FineTuneDiagnostics, fineTuneOptions, type FineTuneOptions } from "./sessions/fine-tune";
export {
  fitShardAttention,
  fitShardAttentionOptions,
  type FitShardAttentionOptions,
  releasedShardAttention,
} from "./sessions/fit-shard-attention";
export { type ItemVectors, type RemovalOptions, removedRows } from "./sessions/removal";
export type { ShardTrainer } from "./shard-trainers";
export type { Shard, ShardedDiagnostics, ShardedOptions, ShardedPrepared } from "./sharded";
export type { ShardedRule } from "./sharded-method";
export { sessionSisa, sessionSisaOptions, type SessionSisaOptions } from "./sessions/session-sisa";
export type { ShardedSessionsRule } from "./sessions/sharded-session-method";
export type {
  Aggregated,
  Aggregator,
  PreparedSessionShards,
  ShardedSessionsDiagnostics,
  ShardedSessionsOptions,
} from "./sessions/sharded-sessions";
export { itemVectorsOf, sru, sruOptions, type SruOptions } from "./sessions/sru";
export { sisa, sisaLightGcn, sisaOptions, type SisaOptions } from "./sisa";

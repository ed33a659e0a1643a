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
export type { ShardTrainer } from "./shard-trainers";
export type { Shard, ShardedDiagnostics, ShardedOptions, ShardedPrepared } from "./sharded";
export type { ShardedRule } from "./sharded-method";
export { sisa, sisaLightGcn, type SisaOptions } from "./sisa";

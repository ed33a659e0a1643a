export { fitAttention, type FitAttentionOptions } from "./fit-attention";
export { recEraser, recEraserLightGcn, type RecEraserOptions } from "./receraser";
export { retrain, type RetrainDiagnostics, type RetrainOptions } from "./retrain";
export type { Shard, ShardedDiagnostics, ShardedOptions, ShardedPrepared, ShardTrainer } from "./sharded";
export { sisa, sisaLightGcn, type SisaOptions } from "./sisa";

/**
 * The recommenders: parameters as typed arrays, and scores. For ratings there are matrix factorisation ({@link Mf}),
 * {@link LightGcn} and {@link NeuralMf}. The networks for sessions are GRU4Rec, SASRec and BERT4Rec.
 *
 * {@include sessions/README.md}
 *
 * @packageDocumentation
 */
export {
  AttentionAggregation,
  type AttentionShape,
  attentionSize,
  type AttentionWeights,
  attentionWeights,
  initialAttention,
  type UserOrItem,
  type SideWeights,
} from "./embedding-attention";
export { attentionShape, type EmbeddingModel, Ensemble } from "./ensemble";
export { InteractionGraph } from "./interaction-graph";
export { LightGcn, type LightGcnInitialisation } from "./lightgcn";
export { LocalPropagation } from "./local-propagation";
export { Mf, type MfInitialisation } from "./mf";
export {
  loadModel,
  loadModelAs,
  type NamedTensor,
  saveModel,
  type StoredModel,
  type StoredTensors,
  tensorNamed,
} from "./model-file";
export { Propagation } from "./propagation";
export {
  NeuralMf,
  type NeuralMfInitialisation,
  neuralMfLoss,
  type NeuralMfParameter,
  type NeuralMfTensors,
} from "./neural-mf";
export type { Parameter, Recommender } from "./recommender";
export {
  overwriteRows,
  type Parameterised,
  readRows,
  type ReplaceableParameters,
  type RowUpdate,
  withRows,
} from "./row-update";
export type { Bert4RecOptions } from "./sessions/bert4rec";
export { Dropout } from "./sessions/dropout";
export type { Gru4RecOptions } from "./sessions/gru4rec";
export { itemKnn, itemKnnOptions, type ItemKnnOptions } from "./sessions/item-knn";
export { ItemPairs } from "./sessions/item-pairs";
export { markovChain } from "./sessions/markov-chain";
export {
  type SessionModelKind,
  sessionModelKinds,
  type SessionModelOptions,
  sessionNetworks,
} from "./sessions/networks";
export { Popularity } from "./sessions/popularity";
export type { SasRecOptions } from "./sessions/sasrec";
export { openShardStates, type SessionAggregation, SessionEnsemble } from "./sessions/session-ensemble";
export {
  classOfItem,
  nextInput,
  sessionClassifier,
  sessionLogits,
  sessionLoss,
  SessionModel,
  sessionModelFields,
  sessionModelForm,
  type SessionModelForm,
  type SessionPass,
  sessionStates,
  type SessionStates,
  type UploadedSessionModel,
} from "./sessions/session-model";
export type {
  LayerTaps,
  ParameterPlan,
  SessionInput,
  SessionNetworkOptions,
  SessionTensors,
} from "./sessions/session-network";
export {
  nextItems,
  type NextItems,
  requireKnownItems,
  type ScoreBlock,
  scoreBlocks,
  type SessionRecommender,
  type SessionScorer,
} from "./sessions/session-recommender";
export { sequentialRules, sequentialRulesOptions, type SequentialRulesOptions } from "./sessions/sequential-rules";
export { aggregatedStates, centroidsShape, shardAttentionPlans } from "./sessions/shard-attention";

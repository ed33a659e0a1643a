/**
 * What a trained model recommends, by raw ids and titles, and models that are kept with those ids.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { type KeptModel, type RatingsRecommender, scoredOften } from "./model-kinds";
export { type ModelWithIds, type SeenItems, withIds, type WithIdsOptions } from "./model-with-ids";
export { loadWithIds, saveWithIds } from "./model-with-ids-file";
export { recommend, recommendOptions, type RecommendOptions } from "./recommend";
export { type Recommendation, Recommendations } from "./recommendation-lists";

export { builtInParts } from "./built-in-parts";
export type {
  Ratings,
  RatingsAudit,
  RatingsBackbone,
  RatingsContext,
  RatingsDataset,
  RatingsMethod,
  RatingsMetric,
  RatingsModel,
  RatingsOutcome,
  RatingsRequest,
  RatingsRequestPart,
} from "./ratings";
export { experimentResult } from "./experiment-result";
export { searches, searchNamed } from "./searches";
export type {
  SessionsAudit,
  SessionsBackbone,
  SessionsContext,
  SessionsDataset,
  SessionsMethod,
  SessionsMetric,
  SessionsModel,
  SessionsOutcome,
  SessionsRequest,
  SessionsRequestPart,
  SessionsTask,
} from "./sessions";
export { viewNamed, views } from "./views";

/**
 * What the two papers ask: their datasets, backbones, methods and metrics as parts, and their tables as views.
 *
 * {@include README.md}
 *
 * @packageDocumentation
 */
export { builtInParts } from "./built-in-parts";
export {
  type CaseP,
  checkClaims,
  type Claim,
  type ClaimCase,
  type ClaimFinding,
  type ClaimRecords,
  type ClaimRemark,
  claimsPage,
  type ClaimsFile,
  type ClaimsReport,
  claimsTable,
  type ClaimTest,
  type Criterion,
  evaluateClaim,
  keptClaims,
  type Outcome,
  type OwnClaim,
  type OwnFinding,
  readClaims,
  readRemarks,
  type ResultOf,
  type RowPattern,
  type Verdict,
} from "./claims";
export {
  inPlace,
  type Ratings,
  type RatingsAudit,
  type RatingsBackbone,
  type RatingsContext,
  type RatingsDataset,
  type RatingsMethod,
  type RatingsMetric,
  type RatingsModel,
  type RatingsOutcome,
  type RatingsRequest,
  type RatingsRequestPart,
} from "./ratings";
export { experimentResult } from "./experiment-result";
export { checkModule } from "./load-module";
export { ownDataset } from "./own-dataset";
export { type OwnSources, partsWith } from "./own-parts";
export { searches, searchNamed } from "./searches";
export {
  fromOriginal,
  type SessionsAudit,
  type SessionsBackbone,
  type SessionsContext,
  type SessionsDataset,
  type SessionsMethod,
  type SessionsMetric,
  type SessionsModel,
  type SessionsOutcome,
  type SessionsRequest,
  type SessionsRequestPart,
  type SessionsTask,
} from "./sessions";
export { viewNamed, views } from "./views";

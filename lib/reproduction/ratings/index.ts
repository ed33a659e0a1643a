import type { Parts } from "../../experiments";
import { joined } from "../join-parts";
import { afterAudits, fineTuningMethods } from "./after";
import { attributionAudits, attributionMethods, attributionRequests } from "./attribution";
import { ratingsAudits } from "./audits";
import { ratingsBackbones } from "./backbones";
import { ratingsDatasets } from "./datasets";
import { hardRequests } from "./hard-requests";
import { inBatches } from "./in-batches";
import { marginAudits, marginRuns } from "./margins";
import { ratingsMethods } from "./methods";
import { ratingsMetrics } from "./metrics";
import { ratingsRequests } from "./requests";
import { ratingsTask } from "./task";

/** Methods that answer users one after another, or some at a time. */
const batchMethods = Object.fromEntries(
  ["ifru", "scif", "gradient-ascent"].map((name) => [`${name}-in-batches`, inBatches(ratingsMethods[name])]),
);

/** Everything that experiments on ratings are made of. */
export const ratingsParts: Parts = {
  tasks: {
    ratings: {
      ...ratingsTask,
      requests: joined("requests of ratings", ratingsRequests, attributionRequests, hardRequests),
      audits: joined("audits of ratings", ratingsAudits, attributionAudits, marginAudits, afterAudits),
    },
  },
  datasets: ratingsDatasets,
  backbones: ratingsBackbones,
  methods: joined("methods", ratingsMethods, batchMethods, attributionMethods, marginRuns, fineTuningMethods),
  metrics: ratingsMetrics,
};

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
} from "./types";
export { inPlace } from "./methods/in-place";

import type { RatingsMethod } from "../types";
import { embeddingInfluence } from "./embedding-influence";
import { gradientInfluence } from "./gradient-influence";
import { ifruInfluence } from "./ifru-influence";
import { retrainingMethods } from "./retrainings";

export { attributionAudits } from "./audit";
export { attributionMetricsNamed } from "./metrics";
export { attributionRequests } from "./requests";

/** Estimates of influence, and the retrainings that they are held to. A further estimate is a line here. */
export const attributionMethods: Readonly<Record<string, RatingsMethod>> = {
  ...retrainingMethods,
  "ifru-influence": ifruInfluence,
  "gradient-influence": gradientInfluence,
  "embedding-influence": embeddingInfluence,
};

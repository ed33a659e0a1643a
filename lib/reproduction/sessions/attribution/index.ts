import type { SessionsMethod } from "../types";
import { estimateMethods } from "./estimates";
import { retrainingMethods } from "./retrainings";

export { attributionAudits } from "./audit";
export { attributionRequests } from "./requests";

/** Estimates of influence on session models, and the retrainings that they are held to. */
export const attributionMethods: Readonly<Record<string, SessionsMethod>> = {
  ...retrainingMethods,
  ...estimateMethods,
};

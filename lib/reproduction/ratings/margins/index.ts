import type { RatingsMethod } from "../types";
import { marginMethods } from "./method";
import { marginTrainingMethods } from "./trainings";

export { marginAudits } from "./audit";
export { marginMetrics } from "./metrics";

/** Many models, and their margins. */
export const marginRuns: Readonly<Record<string, RatingsMethod>> = { ...marginTrainingMethods, ...marginMethods };

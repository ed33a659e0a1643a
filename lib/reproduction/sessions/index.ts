import type { Parts } from "../../experiments";
import { joined } from "../join-parts";
import { attributionAudits, attributionMethods, attributionRequests } from "./attribution";
import { sessionsAudits } from "./audits";
import { sessionsBackbones } from "./backbones";
import { sessionsDatasets } from "./datasets";
import { sessionsMethods } from "./methods";
import { sessionsMetrics } from "./metrics";
import { sessionsRequests } from "./requests";
import { sessionsTask } from "./task";

/** Everything that experiments on sessions are made of. */
export const sessionsParts: Parts = {
  tasks: {
    sessions: {
      ...sessionsTask,
      requests: joined("requests of sessions", sessionsRequests, attributionRequests),
      audits: joined("audits of sessions", sessionsAudits, attributionAudits),
    },
  },
  datasets: sessionsDatasets,
  backbones: sessionsBackbones,
  methods: joined("methods", sessionsMethods, attributionMethods),
  metrics: sessionsMetrics,
};

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
} from "./types";
export { fromOriginal } from "./methods/from-original";

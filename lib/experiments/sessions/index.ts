import type { Parts } from "../parts";
import { sessionsBackbones } from "./backbones";
import { sessionsDatasets } from "./datasets";
import { sessionsMetrics } from "./metrics";
import { sessionsTask } from "./task";

/** Everything that experiments on sessions are made of. */
export const sessionsParts: Parts = {
  tasks: { sessions: sessionsTask },
  datasets: sessionsDatasets,
  backbones: sessionsBackbones,
  methods: {},
  metrics: sessionsMetrics,
};

export type {
  SessionsAudit,
  SessionsBackbone,
  SessionsDataset,
  SessionsMetric,
  SessionsModel,
  SessionsRequest,
  SessionsRequestPart,
  SessionsTask,
} from "./sessions";

import type { View } from "../../experiments";
import {
  calibratedCau,
  paperCau,
  sessionGrids,
  sessionMetrics,
  sessionReferences,
  sweptCases,
  trainedCases,
} from "./session-grids";

const amounts = {
  methods: [...sessionReferences, paperCau(), calibratedCau],
  options: [0.01, 0.05, 0.2].map((share) => ({ request: { kind: "session-items", share } })),
};

/**
 * How much is asked to be forgotten: an item in 1 to 20 % of the sessions. Every share has Retrains of its own, so
 * seeds are fewer, and the slower network has one.
 */
export const cauAmount: View = {
  name: "cau-amount",
  title: "CAU by the share of sessions asked about",
  metrics: sessionMetrics,
  columns: [{ of: "request", option: "share", label: "sessions", format: { percent: 0 } }],
  timing: false,
  grids: sessionGrids({ ...amounts, cases: trainedCases, seeds: 3 }, { ...amounts, cases: sweptCases, seeds: 1 }),
};

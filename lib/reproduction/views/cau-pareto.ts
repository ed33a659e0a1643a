import type { View } from "../../experiments";
import {
  calibratedCau,
  fixedWeights,
  paperCau,
  sessionGrids,
  sessionMetrics,
  sessionReferences,
  sessionShards,
  sweptCases,
} from "./session-grids";

/** Stopped after so many epochs, whatever validation says. */
const stops = [1, 2, 5].map((epochs) => ({ epochs, select: "last" }));
const [raw, unit] = [0, 1].map((which) => stops.map((stop) => fixedWeights(stop)[which]));

/** Forgetting against utility: where each method can stop. */
export const cauPareto: View = {
  name: "cau-pareto",
  title: "Forgetting against utility",
  metrics: sessionMetrics,
  columns: [
    { of: "method", option: "weights" },
    { of: "method", option: "epochs" },
  ],
  tradeOff: { loss: "drop@10", remembered: "hit-u@10", unseen: "unseen@10" },
  timing: false,
  grids: sessionGrids({ methods: sessionReferences, cases: sweptCases, seeds: 3 }, ...sessionShards, {
    methods: [
      ...[...stops.map(paperCau), calibratedCau, ...raw, ...unit],
      ...[{ name: "session-gradient-ascent" }, { name: "fine-tune" }],
    ],
    cases: sweptCases,
    seeds: 3,
  }),
};

import type { View } from "../../experiments";
import {
  calibratedCau,
  paperCau,
  sessionGrids,
  sessionReferences,
  steppedBackCau,
  sweptCases,
  trainedCases,
} from "./session-grids";

/** The problem as it is written, which never leaves its start. */
const literal = paperCau({ normalization: "none", inactiveBelow: 0 });

/**
 * Every step of CAU: its three losses, the weights of their gradients, and how hard its batch is. One seed: a path, not
 * a mean of paths.
 */
export const cauTrajectory: View = {
  name: "cau-trajectory",
  title: "CAU step by step",
  metrics: ["session-ndcg@10", "hit-u@10", "unseen@10", "hit-gap@10", "u-score@10"],
  timing: false,
  curves: true,
  grids: sessionGrids(
    {
      methods: [...sessionReferences, paperCau(), paperCau({ sampling: "hard" }), literal, calibratedCau],
      cases: sweptCases,
      seeds: 1,
    },
    { methods: [steppedBackCau], cases: trainedCases, seeds: 1 },
  ),
};

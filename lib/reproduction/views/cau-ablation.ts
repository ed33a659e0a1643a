import type { View } from "../../experiments";
import { paperCau, sessionGrids, sessionMetrics, sessionReferences, sweptCases } from "./session-grids";

const withoutOne = [
  ...["l2", "none"].map((normalization) => paperCau({ weights: "equal", normalization })),
  paperCau({ sampling: "random" }),
  ...["without-recommendation", "without-kl", "without-unlearning"].map((objectives) => paperCau({ objectives })),
];

/**
 * What each part of CAU is good for: the Pareto solver (equal weights of gradients at length 1, and as they come), the
 * curriculum, the recommendation loss, the KL loss, the unlearning loss.
 */
export const cauAblation: View = {
  name: "cau-ablation",
  title: "CAU without its parts",
  metrics: sessionMetrics,
  timing: false,
  grids: sessionGrids({ methods: [...sessionReferences, paperCau(), ...withoutOne], cases: sweptCases }),
};

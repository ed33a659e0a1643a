import type { View } from "../../experiments";
import { sweep } from "./common";
import { paperCau, sessionGrids, sessionMetrics, sessionReferences, sweptCases } from "./session-grids";

const orders = [
  ...["gradient", "output-layer", "embedding"].flatMap((difficulty) =>
    ["soft", "hard"].map((sampling) => paperCau({ difficulty, sampling })),
  ),
  paperCau({ sampling: "reversed" }),
];
const temperatures = sweep("cau", "temperature", [0.2, 5], { mode: "paper" });

/**
 * Does the order of visit matter: hard or soft sampling, by which difficulty, at which temperature, and against none at
 * all.
 */
export const cauSampling: View = {
  name: "cau-sampling",
  title: "CAU by order of visit",
  metrics: sessionMetrics,
  columns: [
    { of: "method", option: "difficulty" },
    { of: "method", option: "sampling", label: "order" },
    { of: "method", option: "temperature", format: { significant: 1 } },
  ],
  timing: false,
  grids: sessionGrids({
    methods: [...sessionReferences, ...orders, ...temperatures, paperCau({ sampling: "random" })],
    cases: sweptCases,
  }),
};

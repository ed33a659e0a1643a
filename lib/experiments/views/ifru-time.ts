import { type Grid, seedsUpTo } from "../grid";
import type { RunOptions } from "../run-config";
import type { View } from "../view";

/** One interaction, one user (another for each seed), and the split's own forget set. */
const requests: readonly Partial<RunOptions>[] = ["interaction", "user", "split"].map((kind) => ({
  request: { kind },
}));

const base: Omit<Grid, "datasets" | "seeds"> = {
  backbones: [{ name: "mf" }],
  methods: [
    { name: "retrain" },
    { name: "ifru", options: { mode: "principled" } },
    { name: "ifru", options: { mode: "paper" } },
  ],
  options: requests,
};

/** IFRU's time table: seconds and speed-up over Retrain by the size of the request. */
export const ifruTime: View = {
  name: "ifru-time",
  title: "Time to forget with matrix factorisation, by the size of the request",
  metrics: ["auc", "forget-auc"],
  timing: true,
  grids: {
    tiny: [
      {
        ...base,
        datasets: [{ name: "generated" }],
        backbones: [
          { name: "mf", options: { embeddingSize: 8, learningRate: 0.01, initialDeviation: 0.1, epochs: 30 } },
        ],
        seeds: seedsUpTo(2),
      },
    ],
    quick: [{ ...base, datasets: [{ name: "ml-100k" }], seeds: seedsUpTo(10) }],
    // the paper's other datasets join once their runs are kept: a preset names only what is computed
    full: [{ ...base, datasets: [{ name: "ml-100k" }], seeds: seedsUpTo(20) }],
  },
};

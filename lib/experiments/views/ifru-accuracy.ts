import { type Grid, seedsUpTo } from "../grid";
import type { View } from "../view";

const base: Omit<Grid, "datasets" | "seeds"> = {
  backbones: [{ name: "mf" }],
  methods: [
    { name: "original" },
    { name: "retrain" },
    { name: "retrain-again" },
    { name: "ifru", options: { mode: "principled" } },
    { name: "ifru", options: { mode: "paper" } },
  ],
};

/** IFRU's accuracy table, MF columns: how well each method repairs 2 % flipped labels, against Retrain and its noise floor. */
export const ifruAccuracy: View = {
  name: "ifru-accuracy",
  title: "Forgetting 2 % mislabelled interactions with matrix factorisation",
  metrics: ["auc", "auc-or", "auc-and", "forget-auc", "forget-loss-gap", "distance-to-retrain"],
  timing: false,
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

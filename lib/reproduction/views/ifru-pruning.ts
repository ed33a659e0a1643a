import { seedsUpTo, type View } from "../../experiments";
import { cell, lightGcn, mf, mislabelled, references, sweep, tinyMf } from "./common";

const ratios = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95];
const ofMf = [...references, ...sweep("ifru", "pruningRatio", ratios)];
/**
 * Of LightGCN too every user and item may be pruned, the forgotten rows' own among them, or the ratio would say little.
 */
const ofLightGcn = [...references, ...sweep("ifru", "pruningRatio", ratios, { keepDirect: false })];

/**
 * What is lost and what is won by leaving out the least important users and items: completeness decays before accuracy
 * does.
 */
export const ifruPruning: View = {
  name: "ifru-pruning",
  title: "IFRU by pruning ratio",
  columns: [{ of: "method", option: "pruningRatio", label: "pruned", format: { percent: 0 } }],
  metrics: ["forget-auc", "auc", "auc-and", "forget-loss-gap", "distance-over-noise-floor"],
  timing: true,
  grids: {
    tiny: [cell({ name: "generated" }, tinyMf, { methods: ofMf, seeds: seedsUpTo(2) })],
    quick: [
      cell(mislabelled("ml-100k", 0.02), mf, { methods: ofMf, seeds: seedsUpTo(6) }),
      cell(mislabelled("ml-100k", 0.01), lightGcn, { methods: ofLightGcn, seeds: seedsUpTo(6) }),
    ],
    full: [
      cell(mislabelled("ml-100k", 0.02), mf, { methods: ofMf, seeds: seedsUpTo(6) }),
      cell(mislabelled("ml-100k", 0.01), lightGcn, { methods: ofLightGcn, seeds: seedsUpTo(6) }),
      cell(mislabelled("bookcrossing", 0.02), mf, { methods: ofMf, seeds: seedsUpTo(3) }),
    ],
  },
};

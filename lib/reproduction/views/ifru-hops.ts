import { seedsUpTo, type View } from "../../experiments";
import { cell, lightGcn, mf, mislabelled, references, sweep, tinyMf } from "./common";

const hops = [0, 1, 2];
const methods = [...references, ...sweep("ifru", "hops", hops)];

/** Both presets: as many seeds as two cores compute in minutes. */
const affordable = [
  cell(mislabelled("ml-100k", 0.02), mf, { methods, seeds: seedsUpTo(6) }),
  cell(mislabelled("ml-100k", 0.01), lightGcn, { methods, seeds: seedsUpTo(6) }),
];

/** How far the change may reach: users and items of the forgotten rows, their neighbours, and theirs. */
export const ifruHops: View = {
  name: "ifru-hops",
  title: "IFRU by number of hops",
  columns: [{ of: "method", option: "hops" }],
  metrics: ["forget-auc", "auc", "forget-loss-gap", "distance-over-noise-floor"],
  timing: true,
  grids: {
    tiny: [cell({ name: "generated" }, tinyMf, { methods, seeds: seedsUpTo(2) })],
    quick: affordable,
    full: affordable,
  },
};

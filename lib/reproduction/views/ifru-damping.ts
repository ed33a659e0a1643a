import { seedsUpTo, type View } from "../../experiments";
import { cell, lightGcn, mf, mislabelled, references, sweep, tinyMf } from "./common";

const values = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
const methods = [...references, { name: "ifru" }, ...sweep("ifru", "damping", values)];

/** Both presets: as many seeds as two cores compute in minutes. */
const affordable = [
  cell(mislabelled("ml-100k", 0.02), mf, { methods, seeds: seedsUpTo(6) }),
  cell(mislabelled("ml-100k", 0.01), lightGcn, { methods, seeds: seedsUpTo(6) }),
];

/**
 * Lambda around the calibrated one, which is chosen on training rows alone: too little destroys the model, too much
 * forgets nothing.
 */
export const ifruDamping: View = {
  name: "ifru-damping",
  title: "IFRU by damping",
  columns: [{ of: "method", option: "damping", format: { significant: 1 } }],
  metrics: ["forget-auc", "auc", "forget-loss-gap", "distance-over-noise-floor"],
  timing: false,
  grids: {
    tiny: [cell({ name: "generated" }, tinyMf, { methods, seeds: seedsUpTo(2) })],
    quick: affordable,
    full: affordable,
  },
};

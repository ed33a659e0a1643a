import { seedsUpTo, type View } from "../../experiments";
import { cell, lightGcn, mf, mislabelled, references, sweep, tinyMf } from "./common";

const values = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3];
const calibrated = sweep("ifru", "damping", ["calibrated", "calibrated-flipped"]);
const methods = [...references, ...calibrated, ...sweep("ifru", "damping", values)];
const chosen = { methods: [...references, ...calibrated] };

/** With 11, the default, some trainings on such ratings end on the plateau of their first epochs. */
const patient = { ...mf, options: { patience: 40 } };

/** Made-up ratings of a shape: few users with many each, as many items again, many users with few each. */
const shaped = (userCount: number, itemCount: number, interactionsPerUser: number) => ({
  name: "generated",
  options: { userCount, itemCount, interactionsPerUser, forgetFraction: 0.02 },
});

const movieLens = [
  cell(mislabelled("ml-100k", 0.02), mf, { methods, seeds: seedsUpTo(6) }),
  cell(mislabelled("ml-100k", 0.01), lightGcn, { methods, seeds: seedsUpTo(6) }),
];

/** Retrained models of made-up ratings differ more than those of real ones: with six seeds .01 cannot be told. */
const madeUp = (seeds: number) =>
  [shaped(300, 200, 80), shaped(600, 900, 60), shaped(3000, 400, 15)].map((data) =>
    cell(data, patient, { ...chosen, seeds: seedsUpTo(seeds) }),
  );

/**
 * Lambda around the two calibrated ones, which are chosen on training rows alone: too little destroys the model, too
 * much forgets nothing. Where only these two stand, they are held to Retrain on data of other shapes.
 */
export const ifruDamping: View = {
  name: "ifru-damping",
  title: "IFRU by damping",
  columns: [
    { of: "method", option: "damping", format: { significant: 1 } },
    { of: "data", option: "userCount", label: "users" },
  ],
  metrics: ["forget-auc", "auc", "forget-loss-gap", "distance-over-noise-floor"],
  timing: false,
  grids: {
    tiny: [cell({ name: "generated" }, tinyMf, { methods, seeds: seedsUpTo(2) })],
    quick: [...movieLens, ...madeUp(6)],
    full: [
      ...movieLens,
      ...madeUp(24),
      cell(mislabelled("bookcrossing", 0.02), mf, { ...chosen, seeds: seedsUpTo(3) }),
    ],
  },
};

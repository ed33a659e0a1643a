import { type RunOptions, seedsUpTo, type View } from "../../experiments";
import { bothModes, cell, lightGcn, mf, tinyMf } from "./common";

/** One interaction, one user (another for each seed), and the split's own forget set. */
const options: readonly Partial<RunOptions>[] = ["interaction", "user", "split"].map((kind) => ({ request: { kind } }));

const retrain = { name: "retrain" };
const [ifru, scif, ascent] = ["ifru", "scif", "gradient-ascent"].map((name) => bothModes(name));
const sharded = [{ name: "sisa" }, { name: "receraser" }];

/** IFRU's time table: seconds, counts and speed-up over Retrain by the size of the request. */
export const ifruTime: View = {
  name: "ifru-time",
  title: "Time to forget by the size of the request",
  metrics: ["auc", "forget-auc"],
  timing: true,
  grids: {
    tiny: [cell({ name: "generated" }, tinyMf, { methods: [retrain, ...ifru], options, seeds: seedsUpTo(2) })],
    quick: [
      cell({ name: "ml-100k" }, mf, { methods: [retrain, ...ifru, ...scif, ...ascent], options, seeds: seedsUpTo(6) }),
    ],
    full: [
      cell({ name: "ml-100k" }, mf, {
        methods: [retrain, ...ifru, ...scif, ...ascent, ...sharded],
        options,
        seeds: seedsUpTo(6),
      }),
      cell({ name: "ml-100k" }, lightGcn, { methods: [retrain, ...ifru], options, seeds: seedsUpTo(6) }),
      cell({ name: "bookcrossing" }, mf, {
        methods: [retrain, ...ifru, ...scif, ...ascent],
        options,
        seeds: seedsUpTo(3),
      }),
    ],
  },
};

import { type Choice, seedsUpTo, type View } from "../../experiments";
import { asItIs, cell, lightGcn, mf, references, sweep, tinyMf } from "./common";

const atATime = [1, 10, 100];

/** IFRU in both modes, so many users at a time. */
const ifru = (batches: readonly number[]): Choice[] =>
  ["principled", "paper"].flatMap((mode) => sweep("ifru-in-batches", "batch", batches, { mode }));

const few = [...references, ...ifru(atATime)];
const many = [...few, ...["scif", "gradient-ascent"].flatMap((name) => sweep(`${name}-in-batches`, "batch", atATime))];

/** Of ml-100k's 943 users 100. */
const hundred = [{ request: { kind: "users", share: 0.106 } }];

/**
 * Users who ask at the same time: all of them answered at once, one after another from the state the last one left, and
 * ten at a time. Retrain without all of them is one run for every batch; its seconds are those of one training, where
 * retraining after each user would take as many trainings as there are batches.
 */
export const ifruConcurrent: View = {
  name: "ifru-concurrent",
  title: "100 users who ask at the same time",
  columns: [{ of: "method", option: "batch", label: "users at a time" }],
  metrics: ["distance-over-noise-floor", "auc", "forget-auc", "forget-loss-gap"],
  drawn: ["distance-over-noise-floor", "auc"],
  timing: true,
  grids: {
    tiny: [
      cell({ name: "generated" }, tinyMf, {
        methods: [...references, ...sweep("ifru-in-batches", "batch", [1, 6])],
        options: [{ request: { kind: "users", share: 0.05 } }],
        seeds: seedsUpTo(2),
      }),
    ],
    quick: [cell(asItIs("ml-100k"), mf, { methods: few, options: hundred, seeds: seedsUpTo(6) })],
    full: [
      cell(asItIs("ml-100k"), mf, { methods: many, options: hundred, seeds: seedsUpTo(6) }),
      cell(asItIs("ml-100k"), lightGcn, { methods: few, options: hundred, seeds: seedsUpTo(3) }),
    ],
  },
};

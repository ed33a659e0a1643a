import { type RunOptions, seedsUpTo, type View } from "../../experiments";
import { asItIs, bothModes, cell, mf, mislabelled, references, tinyMf } from "./common";

const requests = (...kinds: RunOptions["request"][]): Partial<RunOptions>[] => kinds.map((request) => ({ request }));

const few = [...references, ...bothModes("ifru")];
const many = [...few, { name: "scif" }, { name: "gradient-ascent" }, { name: "fine-tuning" }];

const relearning = ["relearn-steps", "relearn-loss", "relearn-loss-few"];
const overForgetting = ["user", "item", "nearest", "far"].map((where) => `over-forgetting-${where}`);

/**
 * What comes after forgetting: how fast the forgotten rows are learnt again, and what happened to rows that stay, near
 * them and far away. Of mislabelled rows nearly every user and item has one, so that nothing is far away; of users and
 * of a category of items that is not so.
 */
export const ifruAfter: View = {
  name: "ifru-after",
  title: "After forgetting: relearning, and what else was forgotten",
  metrics: [...relearning, ...overForgetting],
  distances: ["relearn-steps"],
  timing: false,
  grids: {
    tiny: [
      cell({ name: "generated" }, tinyMf, {
        methods: [...references, { name: "ifru" }, { name: "fine-tuning" }],
        options: requests({ kind: "split" }, { kind: "users" }),
        seeds: seedsUpTo(2),
      }),
    ],
    quick: [cell(mislabelled("ml-100k", 0.02), mf, { methods: few, seeds: seedsUpTo(6) })],
    full: [
      cell(mislabelled("ml-100k", 0.02), mf, { methods: many, seeds: seedsUpTo(6) }),
      cell(asItIs("ml-100k"), mf, {
        methods: many,
        options: requests({ kind: "users", choice: "random" }, { kind: "sensitive" }),
        seeds: seedsUpTo(6),
      }),
    ],
  },
};

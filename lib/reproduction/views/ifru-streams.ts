import { type RunOptions, seedsUpTo, type View } from "../../experiments";
import { asItIs, bothModes, cell, lightGcn, mf, references, tinyMf } from "./common";

/** The four quarters of a stream of 20 requests. */
const quartersOf = (of: string): Partial<RunOptions>[] =>
  [1, 2, 3, 4].map((quarter) => ({ request: { kind: "stream", of, quarter } }));

const few = [...references, ...bothModes("ifru")];
const many = [...few, { name: "scif" }, { name: "gradient-ascent" }];

/**
 * Small requests that arrive over time (users, single interactions, whole items), each answered from the state the last
 * one left, looked at after every quarter and held against Retrain without everything asked for until then. Seconds are
 * those of a quarter's requests together; Retrain is trained once a quarter.
 */
export const ifruStreams: View = {
  name: "ifru-streams",
  title: "Requests arriving over time",
  columns: [
    { of: "request", option: "quarter" },
    { of: "request", option: "of", label: "stream of" },
  ],
  metrics: ["distance-over-noise-floor", "auc", "forget-auc", "forget-loss-gap"],
  timing: true,
  grids: {
    tiny: [
      cell({ name: "generated" }, tinyMf, {
        methods: [...references, { name: "ifru" }],
        options: quartersOf("users").slice(0, 2),
        seeds: seedsUpTo(2),
      }),
    ],
    quick: [cell(asItIs("ml-100k"), mf, { methods: few, options: quartersOf("users"), seeds: seedsUpTo(6) })],
    full: [
      cell(asItIs("ml-100k"), mf, {
        methods: many,
        options: ["users", "interactions", "items"].flatMap(quartersOf),
        seeds: seedsUpTo(6),
      }),
      cell(asItIs("ml-100k"), lightGcn, { methods: few, options: quartersOf("users"), seeds: seedsUpTo(6) }),
    ],
  },
};

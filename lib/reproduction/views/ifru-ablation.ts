import { type Options, seedsUpTo, type View } from "../../experiments";
import { cell, lightGcn, mislabelled, references, tinyLightGcn } from "./common";

/** IFRU whole, then with one thing changed; pruning twice, since `keepDirect` means nothing without it. */
const changes: readonly Options[] = [
  {},
  { spillover: "none" },
  { spillover: "exact" },
  { hessian: "plain" },
  { replaceGraph: false },
  { spillover: "none", hessian: "plain", replaceGraph: false },
  { pruningRatio: 0.4 },
  { pruningRatio: 0.4, keepDirect: false },
];
const methods = [
  ...references,
  ...changes.map((options) => ({ name: "ifru", options })),
  { name: "ifru", options: { mode: "paper" } },
];

/** What each part of IFRU for LightGCN does: spillover, the right Hessian, the graph without the forgotten edges. */
export const ifruAblation: View = {
  name: "ifru-ablation",
  title: "IFRU for LightGCN, one thing changed at a time",
  columns: [
    { of: "method", option: "spillover" },
    { of: "method", option: "hessian" },
    { of: "method", option: "replaceGraph", label: "graph replaced" },
    { of: "method", option: "pruningRatio", label: "pruned", format: { percent: 0 } },
    { of: "method", option: "keepDirect", label: "direct kept" },
  ],
  metrics: ["forget-auc", "auc", "auc-and", "forget-loss-gap", "distance-over-noise-floor"],
  timing: false,
  grids: {
    tiny: [cell({ name: "generated" }, tinyLightGcn, { methods, seeds: seedsUpTo(2) })],
    quick: [cell(mislabelled("ml-100k", 0.01), lightGcn, { methods, seeds: seedsUpTo(6) })],
    full: [cell(mislabelled("ml-100k", 0.01), lightGcn, { methods, seeds: seedsUpTo(6) })],
  },
};

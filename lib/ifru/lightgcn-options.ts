import {
  byMode,
  flagOption,
  numberOption,
  optionList,
  type OptionsOf,
  requireOneOf,
  withInitial,
  wordOption,
} from "../core";
import { ifruFields } from "./options";

/**
 * The options of `ifruLightGcn`: those of `ifru`, whose defaults differ in part and by mode, and what only a graph has.
 */
export const ifruLightGcnOptions = optionList("ifruLightGcn", {
  ...ifruFields,
  hops: withInitial(ifruFields.hops, 1),
  pruningRatio: withInitial(ifruFields.pruningRatio, byMode(0, 0.4)),
  stepSize: withInitial(ifruFields.stepSize, byMode(0.0197, 0.0099)),
  spillover: wordOption(
    "Spillover rows: those of `changed` nodes (equation 9), all rows that stay (`exact`), or `none`, which leaves the " +
      "direct influence alone.",
    ["changed", "exact", "none"],
    "changed",
  ),
  changeThreshold: numberOption("A node is changed when it loses more than this share of its edges.", 0.01, {
    min: 0,
    max: 1,
  }),
  hessian: wordOption(
    "`propagated`: the curvature of LightGCN's own loss (equation 11). `plain`: that of matrix factorisation on layer " +
      "0, as released. Paper mode knows no other.",
    ["propagated", "plain"],
    byMode("propagated", "plain"),
  ),
  keepDirect: flagOption("Whether users and items of the forgotten rows escape pruning.", byMode(true, false)),
  replaceGraph: flagOption("Whether the model loses the forgotten edges.", byMode(true, false)),
});

/** Options of `ifruLightGcn`; defaults and ranges are in `ifruLightGcnOptions`. */
export interface IfruLightGcnOptions extends OptionsOf<typeof ifruLightGcnOptions.fields> {}

/**
 * Fills in defaults.
 *
 * @throws InvalidOptionError for unknown options, values out of range, or paper mode's own Hessian
 */
export function resolveIfruLightGcnOptions(given: Partial<IfruLightGcnOptions> | undefined): IfruLightGcnOptions {
  const options = ifruLightGcnOptions.resolve(given);
  if (options.mode === "paper") requireOneOf("hessian", options.hessian, ["plain"]);
  return options;
}

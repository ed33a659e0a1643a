import { requireNumber, requireOneOf } from "../core";
import { ifruDefaults, type IfruOptions, resolveAgainst } from "./options";

/** Options of `ifruLightGcn`: those of `ifru`, whose defaults differ in part and by mode, and what only a graph has. */
export interface IfruLightGcnOptions extends IfruOptions {
  /**
   * Spillover rows: those of `changed` nodes (equation 9), all rows that stay (`exact`), or `none`, which leaves the direct influence
   * alone. Default `changed`.
   */
  spillover: "changed" | "exact" | "none";
  /** A node is changed when it loses more than this share of its edges. Default 0.01. */
  changeThreshold: number;
  /**
   * `propagated`: the curvature of LightGCN's own loss (equation 11); `plain`: that of matrix factorisation on layer 0, as
   * released. Default by mode: principled `propagated`, paper `plain`. Paper mode knows no other.
   */
  hessian: "propagated" | "plain";
  /** Whether users and items of the forgotten rows escape pruning. Default by mode: principled true, paper false. */
  keepDirect: boolean;
  /** Whether the model loses the forgotten edges. Default by mode: principled true, paper false. */
  replaceGraph: boolean;
}

const principled: Readonly<IfruLightGcnOptions> = {
  ...ifruDefaults,
  hops: 1,
  spillover: "changed",
  changeThreshold: 0.01,
  hessian: "propagated",
  keepDirect: true,
  replaceGraph: true,
};

/** The defaults of each mode; those of paper mode are the release's. */
export const ifruLightGcnDefaults: Readonly<Record<IfruOptions["mode"], Readonly<IfruLightGcnOptions>>> = {
  principled,
  paper: {
    ...principled,
    mode: "paper",
    pruningRatio: 0.4,
    hessian: "plain",
    keepDirect: false,
    replaceGraph: false,
    stepSize: 0.0099,
  },
};

/** Fills in defaults. @throws InvalidOptionError for unknown options and values out of range */
export function resolveIfruLightGcnOptions(given: Partial<IfruLightGcnOptions> | undefined): IfruLightGcnOptions {
  const mode = requireOneOf("mode", given?.mode ?? "principled", ["principled", "paper"]);
  const options = resolveAgainst(ifruLightGcnDefaults[mode], given, "ifruLightGcn");
  requireOneOf("spillover", options.spillover, ["changed", "exact", "none"]);
  requireOneOf("hessian", options.hessian, mode === "paper" ? ["plain"] : ["propagated", "plain"]);
  requireNumber("changeThreshold", options.changeThreshold, { min: 0, max: 1 });
  return options;
}

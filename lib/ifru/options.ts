import { numberOrWord, requireNumber, requireOneOf, resolveOptions } from "../core";
import type { Interactions } from "../data";

/** Options of `ifru`. Unknown names are refused. */
export interface IfruOptions {
  /** `"principled"`: damped Gauss-Newton system, conjugate gradient. `"paper"`: the authors' Adam on the exact Hessian. */
  mode: "principled" | "paper";
  /** Which embeddings may change: 0 = users and items of the forgotten rows, 1 = their neighbours too, and so on. Default 0. */
  hops: number;
  /** Share of the scored users and items to leave out, least important first, in [0, 1). Default 0. */
  pruningRatio: number;
  /**
   * Principled mode: lambda of equation 8, relative to the mean loss. `"calibrated"` (default) takes the one that `prepare`
   * chose on training rows.
   */
  damping: number | "calibrated";
  /** Principled mode: stop when the relative residual is below this. Default 1e-3. */
  tolerance: number;
  /** Principled mode: most conjugate-gradient iterations. Default 200. */
  iterations: number;
  /** Paper mode: Adam's step, per parameter, already divided by the number of training rows. Default 0.0197. */
  stepSize: number;
  /** Paper mode: most Adam steps. Default 5000. */
  steps: number;
  /** Paper mode: consecutive steps without a better validation AUC before it stops. Default 11. */
  patience: number;
  /** Paper mode: the rows whose AUC picks the iterate. The authors' recipe cannot do without. */
  validation: Interactions | null;
  /** Seed of `prepare`'s probe rows. Default 1024. */
  seed: number;
}

export const ifruDefaults: Readonly<IfruOptions> = {
  mode: "principled",
  hops: 0,
  pruningRatio: 0,
  damping: "calibrated",
  tolerance: 1e-3,
  iterations: 200,
  stepSize: 0.0197,
  steps: 5000,
  patience: 11,
  validation: null,
  seed: 1024,
};

/** Fills in defaults. @throws InvalidOptionError for unknown options and values out of range */
export function resolveIfruOptions(given: Partial<IfruOptions> | undefined): IfruOptions {
  return resolveAgainst(ifruDefaults, given, "ifru");
}

/** The same for any method whose options include these. @throws InvalidOptionError */
export function resolveAgainst<T extends IfruOptions>(
  defaults: Readonly<T>,
  given: Partial<T> | undefined,
  where: string,
): T {
  const options = resolveOptions<T>(defaults, given, where, {
    damping: numberOrWord(["calibrated"], { above: 0 }),
  });
  requireOneOf("mode", options.mode, ["principled", "paper"]);
  requireNumber("hops", options.hops, { min: 0, integer: true });
  requireNumber("pruningRatio", options.pruningRatio, { min: 0, max: 0.999 });
  requireNumber("tolerance", options.tolerance, { above: 0, max: 1 });
  requireNumber("iterations", options.iterations, { min: 1, integer: true });
  requireNumber("stepSize", options.stepSize, { above: 0 });
  requireNumber("steps", options.steps, { min: 1, integer: true });
  requireNumber("patience", options.patience, { min: 1, integer: true });
  return options;
}

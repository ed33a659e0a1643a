import { numberOption, optionList, type OptionsOf, wordOption } from "../core";
import { minNormWeights } from "./min-norm";

/** How the gradients of several tasks become one step. */
export const paretoFields = {
  weights: wordOption(
    "`pareto`: the shortest combination. `equal`: 1 / tasks each, the ablation without a solver.",
    { pareto: "Pareto", equal: "w/o Pareto solver" },
    "pareto",
  ),
  normalization: wordOption(
    "`l2`: every gradient at length 1 before the solve. `none`: as they are, which stalls.",
    { l2: "unit gradients", none: "raw gradients" },
    "l2",
  ),
  inactiveBelow: numberOption(
    "A task whose gradient is shorter than this share of the longest one sits the step out. At 0 nothing does, which " +
      "is the literal problem: at the original model the KL gradient is 0, and so is the shortest combination.",
    1e-4,
    { min: 0, max: 1 },
  ),
};

const paretoOptions = optionList("paretoStep", paretoFields);

/** The options of `paretoStep`. */
export interface ParetoOptions extends OptionsOf<typeof paretoFields> {}

/** What `paretoStep` does unless told otherwise. */
export const paretoDefaults: ParetoOptions = paretoOptions.defaults();

/** What a step combines. */
export interface ParetoStep {
  /** The weights α, adding up to 1 where they are solved for; 0 for tasks that sit out, `[tasks]`. */
  readonly weights: Float64Array;
  /** The same for the gradients as they came: α over the length where it was normalised, `[tasks]`. */
  readonly gradientWeights: Float64Array;
}

/**
 * The weights of one step (README, equation 3).
 *
 * @param gram inner products of the tasks' gradients, row by row, `[tasks * tasks]`
 * @throws InvalidOptionError for options out of range
 * @throws InvalidArgumentError for a matrix that is not square or not finite
 * @example
 * const { weights } = paretoStep(Float64Array.of(1, 0, 0, 4)); // the gradients' inner products, row-major
 */
export function paretoStep(gram: Float64Array, options: ParetoOptions = paretoDefaults): ParetoStep {
  const { weights: by, normalization, inactiveBelow } = options;
  paretoOptions.resolve({ weights: by, normalization, inactiveBelow });
  const tasks = Math.sqrt(gram.length);
  const lengths = Array.from({ length: tasks }, (_, i) => Math.sqrt(Math.max(0, gram[i * tasks + i])));
  const longest = Math.max(...lengths);
  const active = lengths.flatMap((length, i) => (isActive(length, longest, options) ? [i] : []));
  const scale = lengths.map((length) => (options.normalization === "l2" && length > 0 ? 1 / length : 1));
  const reduced = Float64Array.from(
    active.flatMap((i) => active.map((j) => gram[i * tasks + j] * scale[i] * scale[j])),
  );
  const weights = new Float64Array(tasks);
  if (options.weights === "equal") for (const task of active) weights[task] = 1 / tasks;
  else if (active.length > 0) minNormWeights(reduced).forEach((weight, k) => (weights[active[k]] = weight));
  return { weights, gradientWeights: weights.map((weight, i) => weight * scale[i]) };
}

function isActive(length: number, longest: number, { inactiveBelow }: ParetoOptions): boolean {
  return inactiveBelow === 0 || (length > 0 && length >= inactiveBelow * longest);
}

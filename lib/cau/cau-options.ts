import { didYouMean, InvalidOptionError, requireNumber, requireOneOf, resolveOptions } from "../core";
import type { Sessions } from "../data";
import { curriculumDefaults, type CurriculumOptions } from "./batch-order";
import { paretoDefaults, type ParetoOptions } from "./pareto";

/** Options of `cau`. */
export interface CauOptions extends ParetoOptions, CurriculumOptions {
  /**
   * `principled` (default): calibrated forgetting, which ends when what is to be forgotten ranks like what was never seen. `paper`: as the
   * paper has it, the operating point chosen on validation sessions.
   */
  readonly mode: "principled" | "paper";
  /** Which losses are stepped along; those left out are ablations. Default all. */
  readonly objectives: "all" | "without-recommendation" | "without-kl" | "without-unlearning";
  /** What the curriculum orders by: gradients of all parameters (default) or of the output layer, or the embedding's product. */
  readonly difficulty: "gradient" | "output-layer" | "embedding";
  /** Whether difficulty and order are found anew before every epoch. Default false: once, at the original. */
  readonly refresh: boolean;
  /** Adam's step size. Default 2e-3. */
  readonly learningRate: number;
  /** Samples per step. Default 64. */
  readonly batchSize: number;
  /** The most passes over the samples. Default 10. */
  readonly epochs: number;
  /** Whether dropout stays on, for networks that have it. Default false. */
  readonly dropout: boolean;
  /** Paper mode: `validation` (default) keeps the best operating point, `last` whatever the last epoch gives. */
  readonly select: "validation" | "last";
  /** Sessions that were not trained on: they choose the operating point, and in principled mode tell how the unseen rank. */
  readonly validation: Sessions | null;
  /** Default 1. */
  readonly seed: number;
}

/** The defaults of both modes. */
export const cauDefaults: Readonly<Record<CauOptions["mode"], Readonly<CauOptions>>> = {
  principled: defaultsOf("principled"),
  paper: defaultsOf("paper"),
};

function defaultsOf(mode: CauOptions["mode"]): CauOptions {
  return {
    mode,
    objectives: "all",
    ...paretoDefaults,
    difficulty: "gradient",
    ...curriculumDefaults,
    refresh: false,
    learningRate: 2e-3,
    batchSize: 64,
    epochs: 10,
    dropout: false,
    select: "validation",
    validation: null,
    seed: 1,
  };
}

/** @throws InvalidOptionError for an unknown option, one out of range, or validation sessions that are missing */
export function resolveCauOptions(given: Partial<CauOptions> = {}): CauOptions {
  const mode = given.mode ?? "principled";
  if (!Object.hasOwn(cauDefaults, mode))
    throw new InvalidOptionError(`no mode "${String(mode)}"`, { remedy: didYouMean(mode, Object.keys(cauDefaults)) });
  const options = resolveOptions(cauDefaults[mode], given, "cau");
  requireOneOf("objectives", options.objectives, ["all", "without-recommendation", "without-kl", "without-unlearning"]);
  requireOneOf("difficulty", options.difficulty, ["gradient", "output-layer", "embedding"]);
  requireOneOf("select", options.select, ["validation", "last"]);
  requireNumber("learningRate", options.learningRate, { above: 0 });
  for (const name of ["batchSize", "epochs"] as const) requireNumber(name, options[name], { min: 1, integer: true });
  requireNumber("seed", options.seed, { integer: true });
  if (options.validation === null && (mode === "principled" || options.select === "validation"))
    throw new InvalidOptionError('"validation" is missing', {
      where: "cau",
      remedy: 'pass sessions that were not trained on, or mode "paper" with select "last"',
    });
  return options;
}

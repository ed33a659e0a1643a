import { didYouMean, InvalidOptionError, requireOneOf, resolveOptions } from "../../core";
import { curriculumDefaults } from "../batch-order";
import { paretoDefaults } from "../pareto";
import { requireLoopOptions, type UnlearningLoopOptions } from "./loop-options";

/** Options of `cau`; defaults by mode are `cauDefaults`. */
export interface CauOptions extends Omit<UnlearningLoopOptions, "tasks"> {
  /**
   * `principled` (default): calibrated forgetting, `select` being `level` and `climb` `remembered`. `paper`: `select` is `validation` and
   * `climb` `all`.
   */
  readonly mode: "principled" | "paper";
  /** Which losses are stepped along; those left out are ablations. Default all. */
  readonly objectives: "all" | "without-recommendation" | "without-kl" | "without-unlearning";
  /** What the curriculum orders by: gradients of all parameters (default) or of the output layer, or the embedding's product. */
  readonly difficulty: "gradient" | "output-layer" | "embedding";
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
    batchSize: 64,
    dropout: false,
    ...(mode === "paper"
      ? { learningRate: 3e-3, epochs: 5, select: "validation", climb: "all" }
      : { learningRate: 2e-3, epochs: 10, select: "level", climb: "remembered" }),
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
  requireOneOf("select", options.select, ["validation", "level", "last"]);
  requireOneOf("climb", options.climb, ["all", "remembered"]);
  requireLoopOptions(options);
  return options;
}

import {
  byMode,
  flagOption,
  givenOption,
  InvalidOptionError,
  modeOption,
  numberOption,
  optionList,
  type OptionsOf,
  seedOption,
  wholeOption,
  wordOption,
} from "../../core";
import type { Sessions } from "../../data";
import { curriculumFields } from "../batch-order";
import { paretoFields } from "../pareto";

/** The options of `cau`, with how tables call what is not the default. */
export const cauOptions = optionList("cau", {
  mode: modeOption(
    "`principled`: calibrated forgetting, up to the level of unseen samples. `paper`: as the paper has it, up to the " +
      "best validation.",
  ),
  objectives: wordOption(
    "Which losses are stepped along; those left out are ablations.",
    {
      all: "all losses",
      "without-recommendation": "w/o recommendation loss",
      "without-kl": "w/o KL",
      "without-unlearning": "w/o unlearning loss",
    },
    "all",
  ),
  ...paretoFields,
  difficulty: wordOption(
    "What the curriculum orders by: gradients of all parameters or of the output layer, or the embedding's product.",
    { gradient: "gradient", "output-layer": "output-layer", embedding: "embedding" },
    "gradient",
  ),
  ...curriculumFields,
  refresh: flagOption("Whether difficulty is found anew before every epoch.", false),
  batchSize: wholeOption("Samples per step.", 64, 1),
  dropout: flagOption("Whether the model drops out while it is moved, for networks that have dropout.", false),
  learningRate: numberOption(
    "Adam's first step size. Where the first epoch goes too far, it is halved and begun again, five times at most (not " +
      "with `last`).",
    byMode(2e-3, 3e-3),
    { above: 0 },
  ),
  epochs: wholeOption("The most passes over the samples.", byMode(10, 5), 1),
  select: wordOption(
    "Which epoch's state is kept: `validation`, the best operating point; `level`, the one that ranks the samples most " +
      "as unseen ones rank, where it ends too; `between`, the state between two epochs that ranks them one standard " +
      "error better, and then no epoch goes too far; `last`.",
    { validation: "by validation", level: "to the level", between: "stepped back", last: "last epoch" },
    byMode("level", "validation"),
  ),
  climb: wordOption(
    "With `level` or `between`: whether all samples are gone through, or only those that still rank better than unseen " +
      "ones.",
    { all: "all samples", remembered: "remembered samples" },
    byMode("remembered", "all"),
  ),
  validation: givenOption<Sessions | null>("Sessions that were not trained on; `last` can do without.", null),
  seed: seedOption("Draws the order of the samples and what drops out.", 1),
});

/** Options of `cau`; defaults and ranges are in `cauOptions`. */
export interface CauOptions extends OptionsOf<typeof cauOptions.fields> {}

/** The options as they are. @throws InvalidOptionError when validation sessions are missing */
export function requireValidation<O extends Pick<CauOptions, "validation"> & { readonly select: string }>(
  options: O,
): O {
  if (options.validation !== null || options.select === "last") return options;
  throw new InvalidOptionError('"validation" is missing', {
    remedy: 'pass sessions that were not trained on, or select "last"',
  });
}

/** @throws InvalidOptionError for an unknown option, one out of range, or validation sessions that are missing */
export function resolveCauOptions(given?: Partial<CauOptions>): CauOptions {
  return requireValidation(cauOptions.resolve(given));
}

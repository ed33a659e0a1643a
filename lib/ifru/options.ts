import {
  givenOption,
  modeOption,
  numberOption,
  numberOrWordOption,
  optionList,
  type OptionsOf,
  seedOption,
  wholeOption,
} from "../core";
import type { Interactions } from "../data";

/** What all forms of IFRU by closed forms are asked. */
export const ifruFields = {
  mode: modeOption(
    "`principled`: damped Gauss-Newton system, conjugate gradient. `paper`: the authors' Adam on the exact Hessian.",
  ),
  hops: wholeOption(
    "Which embeddings may change: 0 for users and items of the forgotten rows, 1 for their neighbours too, and so on.",
    0,
    0,
  ),
  pruningRatio: numberOption("Share of the scored users and items to leave out, least important first.", 0, {
    min: 0,
    max: 0.999,
  }),
  damping: numberOrWordOption(
    "Principled mode: lambda of equation 8, relative to the mean loss. `calibrated`: the one that `prepare` chose on " +
      "training rows. `calibrated-flipped`: on training rows with flipped labels, for requests of wrong labels.",
    ["calibrated", "calibrated-flipped"],
    "calibrated",
    { above: 0 },
  ),
  tolerance: numberOption("Principled mode: stop when the relative residual is below this.", 1e-3, {
    above: 0,
    max: 1,
  }),
  iterations: wholeOption("Principled mode: the most conjugate-gradient iterations.", 200, 1),
  stepSize: numberOption(
    "Paper mode: Adam's step, per parameter, already divided by the number of training rows.",
    0.0197,
    { above: 0 },
  ),
  steps: wholeOption("Paper mode: the most Adam steps.", 5000, 1),
  patience: wholeOption("Paper mode: consecutive steps without a better validation AUC before it stops.", 11, 1),
  validation: givenOption<Interactions | null>(
    "Paper mode: the rows whose AUC picks the iterate. The authors' recipe cannot do without.",
    null,
  ),
  seed: seedOption("Of `prepare`'s probe rows.", 1024),
};

/** The options of `ifru`. */
export const ifruOptions = optionList("ifru", ifruFields);

/** Options of `ifru`; defaults and ranges are in `ifruOptions`. */
export interface IfruOptions extends OptionsOf<typeof ifruFields> {}

import { gradientAscent, scif } from "../../../baselines";
import { cauMf, cauMfOptions } from "../../../cau";
import { numberOrWordOption, optionList } from "../../../core";
import { ifru, ifruLightGcn, ifruNeuralMf } from "../../../ifru";
import type { RatingsMethod } from "../types";
import { calibration } from "./calibration";
import { inPlace } from "./in-place";
import { shardedMethods } from "./sharded";

/** CAU ends where gradient ascent does: at the loss that a retrained model has on rows it never saw. */
const cauMfInRuns = {
  options: optionList("cauMf", {
    ...cauMfOptions.fields,
    lossRise: numberOrWordOption(cauMfOptions.fields.lossRise.meaning, ["calibrated"], "calibrated", { min: 0 }),
  }),
  calibrates: gradientAscent.description.calibrates,
};

const ifruForms = [ifru, ifruLightGcn, ifruNeuralMf];

/** The methods of ratings beside those that every task has, by name; calibrations and shards serve the others. */
export const ratingsMethods: Readonly<Record<string, RatingsMethod>> = {
  ifru: inPlace(ifruForms),
  "ifru-calibration": calibration(ifruForms),
  ...shardedMethods,
  scif: inPlace([scif]),
  "cau-mf": inPlace([cauMf], cauMfInRuns),
  "gradient-ascent": inPlace([gradientAscent]),
  "gradient-ascent-calibration": calibration([gradientAscent]),
};

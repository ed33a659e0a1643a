import type { Interactions } from "../../../data";
import { InvalidOptionError } from "../../../core";
import type { Options, Prerequisite, Seconds } from "../../../experiments";
import type { RatingsContext, RatingsModel } from "../types";

/** Of a method's defaults those that a run may set; the others come from the run itself. */
export function runOptions({ validation: _validation, seed: _seed, ...options }: OwnOptions): Options {
  return options as Options;
}

interface OwnOptions {
  readonly validation: unknown;
  readonly seed?: number;
}

/** Whether one of a method's options is what its calibration finds. Paper modes calibrate nothing. */
export function isCalibrated({ mode = "principled", ...options }: Options, name: string): boolean {
  return mode === "principled" && options[name] === "calibrated";
}

/** What a method starts from: its own outcome on the request before, or *Original*. */
export function startModel({ config, prerequisites }: RatingsContext): Promise<RatingsModel> {
  return (prerequisites(config.method)[0] ?? prerequisites("original")[0]).model();
}

/** Trains a model as the original was trained, on other rows and for as many epochs. */
export function refitter({ config, backbone, training, prerequisite }: RatingsContext) {
  const epochs = Number(prerequisite("original").facts["bestEpoch"]);
  return (rows: Interactions): Promise<RatingsModel> => {
    if (backbone.refit !== undefined) return backbone.refit(rows, training, epochs);
    throw new InvalidOptionError(`${config.backbone} cannot be trained without validation rows`, {
      remedy: "give the method a number where it would calibrate",
    });
  };
}

/** What a calibration took, as the preparation of the run that rests on it. */
export function calibrationSeconds(calibration: Prerequisite<RatingsModel> | null): Seconds {
  if (calibration === null) return {};
  return { calibration: Object.values(calibration.seconds).reduce((sum, stage) => sum + stage, 0) };
}

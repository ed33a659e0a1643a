import { cauMf, cauMfDefaults, type CauMfOptions, lossNames } from "../../../cau";
import type { Mf } from "../../../models";
import { preparationOf, retrainOf, startOf } from "../../../experiments";
import { withoutSeed } from "../../without-seed";
import type { RatingsMethod } from "../types";
import { answerInTurn } from "./answer-in-turn";
import { calibrationSeconds, isCalibrated, startModel } from "./start-model";

/** CAU on matrix factorisation. It ends where gradient ascent does: at the loss that a retrained model has on rows it never saw. */
export const cauMfMethod: RatingsMethod = {
  code: __filename,
  label: () => "CAU (MF)",
  defaults: { ...withoutSeed(cauMfDefaults), lossRise: "calibrated" },
  backbones: ["mf"],
  prerequisites: (config, task) => [
    startOf(config, task),
    retrainOf(config),
    ...(isCalibrated(config.options.method, "lossRise")
      ? [preparationOf(config, task, "gradient-ascent-calibration", {})]
      : []),
  ],
  async run(context) {
    const { config, training, request } = context;
    const calibration = isCalibrated(config.options.method, "lossRise")
      ? context.prerequisite("gradient-ascent-calibration")
      : null;
    const options = {
      ...(config.options.method as Partial<CauMfOptions>),
      ...(calibration === null ? {} : { lossRise: Number(calibration.facts["lossRise"]) }),
      seed: training.seed,
    };
    const outcome = await answerInTurn((await startModel(context)) as Mf, request, {
      prepare: () => Promise.resolve(),
      unlearn: (model, one) => cauMf.unlearn(model, one, options),
      facts: ({ steps, weights, forgetLoss }) => ({
        steps,
        forgetLossAfter: forgetLoss.after,
        ...Object.fromEntries(lossNames.map((name, task) => [`${name}Weight`, weights[task]])),
      }),
    });
    return { ...outcome, preparation: { ...outcome.preparation, ...calibrationSeconds(calibration) } };
  },
};

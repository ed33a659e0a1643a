import { Stopwatch } from "../../../core";
import {
  gradientAscent,
  gradientAscentDefaults,
  type GradientAscentOptions,
  type GradientAscentPrepareOptions,
} from "../../../baselines";
import type { Mf } from "../../../models";
import { originalOf, preparationOf, retrainOf, startOf } from "../../../experiments";
import type { RatingsMethod } from "../types";
import { answerInTurn } from "./answer-in-turn";
import { calibrationSeconds, isCalibrated, refitter, runOptions, startModel } from "./start-model";

/** How much loss forgetting costs, found once per trained model on training rows. */
export const gradientAscentCalibration: RatingsMethod = {
  code: __filename,
  label: () => "Gradient ascent's calibration",
  defaults: {},
  backbones: ["mf"],
  prerequisites: (config, task) => [originalOf(config, task)],
  async run(context) {
    const { split, training, prerequisite } = context;
    const retrain = refitter(context) as GradientAscentPrepareOptions["retrain"];
    const model = (await prerequisite("original").model()) as Mf;
    const watch = new Stopwatch();
    const { lossRise } = await watch.timeAsync("retraining", () =>
      gradientAscent.prepare(model, split.train, { seed: training.seed, retrain }),
    );
    return { model: null, facts: { lossRise }, seconds: watch.seconds() };
  },
};

export const gradientAscentMethod: RatingsMethod = {
  code: __filename,
  label: ({ mode }) => `Gradient ascent (${String(mode)})`,
  defaults: runOptions(gradientAscentDefaults),
  backbones: ["mf"],
  prerequisites: (config, task) => [
    startOf(config, task),
    retrainOf(config),
    ...(isCalibrated(config.options.method, "lossRise")
      ? [preparationOf(config, task, "gradient-ascent-calibration", {})]
      : []),
  ],
  async run(context) {
    const { config, split, training, request } = context;
    const calibration = isCalibrated(config.options.method, "lossRise")
      ? context.prerequisite("gradient-ascent-calibration")
      : null;
    const given = { ...(config.options.method as Partial<GradientAscentOptions>), seed: training.seed };
    const options = {
      ...given,
      ...(calibration === null ? {} : { lossRise: Number(calibration.facts["lossRise"]) }),
      ...(given.mode === "paper" ? { validation: split.valid } : {}),
    };
    const outcome = await answerInTurn((await startModel(context)) as Mf, request, {
      prepare: (model, train) => gradientAscent.prepare(model, train, options),
      unlearn: (model, one, prepared) => gradientAscent.unlearn(model, one, options, prepared),
      facts: ({ steps, bestStep, forgetLoss }) => ({ steps, bestStep, forgetLossAfter: forgetLoss.after }),
    });
    return { ...outcome, preparation: { ...outcome.preparation, ...calibrationSeconds(calibration) } };
  },
};

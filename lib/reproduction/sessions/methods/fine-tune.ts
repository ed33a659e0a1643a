import { fineTune, fineTuneDefaults, type FineTuneOptions } from "../../../baselines";
import { type SessionModel, sessionModelKinds } from "../../../models";
import { applyUpdate } from "../../../training";
import { countsOf } from "../../cost-facts";
import { type Options, originalOf, retrainOf } from "../../../experiments";
import type { SessionsMethod } from "../types";

/** Of the method's options those that a run may set; the others come from the run itself. */
function runOptions({ training: _training, seed: _seed, ...options }: FineTuneOptions): Options {
  return options;
}

/** Fine-tuning of the networks. */
export const fineTuneMethod: SessionsMethod = {
  code: __filename,
  label: ({ sessions }) => (sessions === "all" ? "Fine-tuning, all sessions" : "Fine-tuning"),
  defaults: runOptions(fineTuneDefaults),
  backbones: sessionModelKinds,
  prerequisites: (config, task) => [originalOf(config, task), retrainOf(config)],
  async run({ config, training, request, prerequisite }) {
    const original = (await prerequisite("original").model()) as SessionModel;
    const { update, cost, diagnostics } = await fineTune.unlearn(original, request, {
      ...(config.options.method as Partial<FineTuneOptions>),
      ...{ training: training.options, seed: training.seed },
    });
    return {
      model: applyUpdate(original, update),
      facts: { ...countsOf([cost]), ...diagnostics },
      seconds: cost.seconds,
    };
  },
};

import { cau, cauDefaults, type CauOptions, lossNames } from "../../../cau";
import type { SessionModel } from "../../../models";
import { originalOf, retrainOf } from "../../related-runs";
import type { Options } from "../../run-config";
import type { SessionsMethod } from "../sessions";

/** Of the method's options those that a run may set; the others come from the run itself. */
function runOptions({ validation: _validation, seed: _seed, ...options }: CauOptions): Options {
  return options as unknown as Options;
}

/** CAU on the networks. */
export const cauMethod: SessionsMethod = {
  label: ({ mode }) => (mode === "paper" ? "CAU (paper)" : "CAU (calibrated)"),
  defaults: (_backbone, { mode }) => runOptions(cauDefaults[mode === "paper" ? "paper" : "principled"]),
  backbones: ["gru4rec", "sasrec", "bert4rec"],
  prerequisites: (config, task) => [originalOf(config, task), retrainOf(config)],
  async run({ config, training, split, request, prerequisite }) {
    const original = (await prerequisite("original").model()) as SessionModel;
    const options = {
      ...(config.options.method as Partial<CauOptions>),
      validation: split.valid,
      seed: training.seed,
    };
    const { update, cost, diagnostics } = await cau.unlearn(original, request, options);
    const { seconds, gradientRows, hessianVectorProducts, incidentRows, rowsTouched } = cost;
    const { steps, bestEpoch } = diagnostics;
    const meanWeight = (task: number) =>
      steps.length === 0 ? null : steps.reduce((sum, { weights }) => sum + weights[task], 0) / steps.length;
    return {
      model: update.kind === "model" ? update.model : null,
      facts: {
        ...{ gradientRows, hessianVectorProducts, incidentRows, rowsTouched },
        ...{ steps: steps.length, epochs: steps.at(-1)?.epoch ?? 0, bestEpoch },
        ...Object.fromEntries(lossNames.map((name, task) => [`${name}Weight`, meanWeight(task)])),
      },
      seconds,
    };
  },
};

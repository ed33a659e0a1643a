import { outputInfluence, outputInfluenceDefaults, type OutputInfluenceOptions } from "../../../ifru";
import { type SessionModel, sessionModelKinds } from "../../../models";
import { applyUpdate } from "../../../training";
import { countsOf } from "../../cost-facts";
import { originalOf, retrainOf } from "../../../experiments";
import { withoutSeed } from "../../without-seed";
import type { SessionsMethod } from "../types";

/** IFRU's step on the output layer of a network. */
export const outputInfluenceMethod: SessionsMethod = {
  code: __filename,
  label: () => "Influence (output layer)",
  defaults: withoutSeed(outputInfluenceDefaults),
  backbones: sessionModelKinds,
  prerequisites: (config, task) => [originalOf(config, task), retrainOf(config)],
  async run({ config, training, request, prerequisite }) {
    const original = (await prerequisite("original").model()) as SessionModel;
    const options = { ...(config.options.method as Partial<OutputInfluenceOptions>), seed: training.seed };
    const { update, cost, diagnostics } = await outputInfluence.unlearn(original, request, options);
    return {
      model: applyUpdate(original, update),
      facts: { ...countsOf([cost]), ...diagnostics },
      seconds: cost.seconds,
    };
  },
};

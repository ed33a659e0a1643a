import { unlearningEstimate } from "../../../audits";
import { preparationOf } from "../../../experiments";
import { ifru, ifruLightGcn } from "../../../ifru";
import type { Mf } from "../../../models";
import { codeOfMethods } from "../../code-of-methods";
import { optionsOfRun } from "../../given-by-run";
import { isCalibrated } from "../methods/calibration";
import { formOf, type InPlaceMethod } from "../methods/in-place-method";
import type { RatingsContext } from "../types";
import { estimator, type Start } from "./estimator";
import { isConverged } from "./requests";
import { leftOutOf, retrainer } from "./retrainings";

const forms: readonly InPlaceMethod[] = [ifru, ifruLightGcn];

/** Lambda: what was calibrated for Original, or found here for another model, by training as that was trained. */
async function dampingFor(context: RatingsContext, { model, epochs }: Start): Promise<number> {
  const { config, split, training } = context;
  if (!isConverged(config)) return Number(context.prerequisite("ifru-calibration").facts["damping"]);
  const { seed } = training;
  const options = { seed, retrain: retrainer(context, seed, epochs) };
  const prepared = (await formOf(forms, config.backbone).prepare?.(model, split.train, options)) as { damping: number };
  return prepared.damping;
}

/** IFRU as an estimate: one Newton step for each case, always from the same model. */
export const ifruInfluence = estimator({
  code: [codeOfMethods(__filename, forms).code ?? []].flat(),
  label: ({ mode }) => (mode === "paper" ? "IFRU (paper)" : "IFRU"),
  fields: (backbone) => formOf(forms, backbone).description.options.fields,
  prerequisites: (config, task) =>
    isCalibrated(config.options.method, "damping") && !isConverged(config)
      ? [preparationOf(config, task, "ifru-calibration", { damping: "calibrated" })]
      : [],
  async estimate(context, start, own) {
    const form = formOf(forms, context.config.backbone);
    const found = isCalibrated(own, "damping") ? { damping: await dampingFor(context, start) } : {};
    const given = optionsOfRun({ ...context, config: { options: { method: own } } }, form.description.options);
    const options = { ...given, ...found };
    const { train } = context.split;
    const model = start.model as Mf; // whichever kind it is
    const prepared: unknown = await form.prepare?.(model, train, options);
    const unlearn = (asked: Parameters<InPlaceMethod["unlearn"]>[1]) => form.unlearn(model, asked, options, prepared);
    return unlearningEstimate({ model, train, unlearn }, leftOutOf(context).pairs);
  },
});

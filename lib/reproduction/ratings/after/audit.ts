import { gradientSteps, nearForgetting, relearning } from "../../../audits";
import { InvalidOptionError } from "../../../core";
import { inModule, originalOf, type Prerequisite, retrainOf } from "../../../experiments";
import { Mf } from "../../../models";
import type { RatingsAudit, RatingsModel } from "../types";

/** Every number of steps that is looked at. */
const steps = Array.from({ length: 33 }, (_, step) => step);

/** Of the sum over the rows of a user, or an item: *Retrain* learns the rows within these steps, and not in one. */
const learningRate = 0.05;

/** Of the forgotten rows, those that are learnt again where few are. */
const fewShare = 0.1;

/**
 * What comes after: how fast the forgotten rows are learnt again, from all of them and from a tenth, and what
 * forgetting did to rows that stay, near the forgotten ones and far away. Both beside what *Retrain* does.
 */
const after: RatingsAudit = {
  prerequisites: (config, task) => [originalOf(config, task), retrainOf(config)],

  async scores({ request, audited, prerequisite }) {
    const [original, answer, retrained] = [
      await mfOf(prerequisite("original")),
      await mfOf(audited),
      await mfOf(prerequisite("retrain")),
    ];
    const scores: Record<string, Float32Array> = {};
    const few = Math.max(1, Math.round(fewShare * request.forgetRows.length));
    for (const [name, given] of [
      ["all", request.forgetRows.length],
      ["few", few],
    ] as const) {
      const curves = await relearning(answer, retrained, request, gradientSteps(learningRate), { steps, given });
      scores[`${name} answer`] = Float32Array.from(curves.answer);
      scores[`${name} retrained`] = Float32Array.from(curves.retrained);
    }
    for (const { where, excess } of nearForgetting({ original, answer, retrained }, request))
      scores[`near ${where}`] = excess === null ? new Float32Array(0) : Float32Array.of(excess);
    return scores;
  },
};

async function mfOf(run: Prerequisite<RatingsModel>): Promise<Mf> {
  const model = await run.model();
  if (model instanceof Mf) return model;
  throw new InvalidOptionError(`${run.config.method} on ${run.config.backbone} left a model of kind ${model.kind}`, {
    where: "audit after",
    remedy: "look at matrix factorisation",
  });
}

/** The audit behind `ifru-after`. */
export const afterAudits = inModule<RatingsAudit>(__filename, { after });

import type { SessionModel } from "../../../models";
import { originalOf, retrainOf } from "../../../experiments";
import { applyUpdate, type MethodDescription, type UnlearningResult } from "../../../training";
import { countsOf } from "../../cost-facts";
import { codeOfMethods } from "../../code-of-methods";
import { optionsOfRun } from "../../given-by-run";
import type { SessionsMethod, SessionsRequest } from "../types";

/** A method of session models that starts from the original, as its area has it. */
export interface OriginalMethod {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- methods with different diagnostics stand side by side
  readonly description: MethodDescription<any>;
  unlearn(
    original: SessionModel,
    request: SessionsRequest,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    options?: any,
  ): Promise<UnlearningResult<SessionModel, unknown>>;
}

/** Such a method as runs use it. */
export function fromOriginal(method: OriginalMethod): SessionsMethod {
  const { label, options, models, facts, history } = method.description;
  return {
    ...codeOfMethods(__filename, [method]),
    label: (given) => (typeof label === "string" ? label : label(given)),
    options: () => options,
    backbones: models,
    prerequisites: (config, task) => [originalOf(config, task), retrainOf(config)],
    async run(context) {
      const original = (await context.prerequisite("original").model()) as SessionModel;
      const told = optionsOfRun(context, options);
      const { update, cost, diagnostics } = await method.unlearn(original, context.request, told);
      return {
        model: applyUpdate(original, update),
        facts: { ...countsOf([cost]), ...facts(diagnostics) },
        seconds: cost.seconds,
        ...(history === undefined ? {} : { history: history(diagnostics) }),
      };
    },
  };
}

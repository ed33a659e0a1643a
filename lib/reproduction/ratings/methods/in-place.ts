import type { OptionList } from "../../../core";
import type { Mf } from "../../../models";
import type { MethodDescription } from "../../../training";
import {
  type Options,
  preparationOf,
  type Prerequisite,
  retrainOf,
  type RunConfig,
  startOf,
} from "../../../experiments";
import { codeOfMethods } from "../../code-of-methods";
import { optionsOfRun } from "../../given-by-run";
import type { RatingsContext, RatingsMethod, RatingsModel, RatingsOutcome } from "../types";
import { answerInTurn } from "./answer-in-turn";
import { calibrationSeconds, isCalibrated } from "./calibration";
import { formOf, type InPlaceMethod } from "./in-place-method";

/** What runs ask of a method that its own options do not. */
interface InRuns extends Partial<Pick<MethodDescription<never>, "calibrates">> {
  readonly options?: OptionList;
}

/**
 * A method as runs use it: it starts from *Original*, or from its own outcome on the request before.
 *
 * @param forms the method for each kind of model
 */
export function inPlace(forms: readonly InPlaceMethod[], inRuns: InRuns = {}): RatingsMethod {
  const formFor = (model: string) => ({ ...formOf(forms, model).description, ...inRuns });
  const calibrated = ({ backbone, options }: RunConfig) => {
    const { calibrates } = formFor(backbone);
    return calibrates !== undefined && isCalibrated(options.method, calibrates.option) ? calibrates : undefined;
  };
  return {
    ...codeOfMethods(__filename, forms),
    label: (options) => withMode(forms[0].description, options),
    options: (backbone) => formFor(backbone).options,
    backbones: forms.flatMap(({ description }) => description.models),
    prerequisites(config, task) {
      const always = [startOf(config, task), retrainOf(config)];
      const calibrates = calibrated(config);
      if (calibrates === undefined) return always;
      const { by, option } = calibrates;
      const how = { [option]: config.options.method[option] };
      return [...always, preparationOf(config, task, `${by}-calibration`, how)];
    },
    async run(context) {
      const calibrates = calibrated(context.config);
      const calibration = calibrates === undefined ? null : context.prerequisite(`${calibrates.by}-calibration`);
      const found =
        calibrates === undefined ? {} : { [calibrates.option]: Number(calibration?.facts[calibrates.option]) };
      const told = { ...optionsOfRun(context, formFor(context.config.backbone).options), ...found };
      return answered(context, formOf(forms, context.config.backbone), told, calibration);
    },
  };
}

function withMode({ label }: MethodDescription<never>, options: Options): string {
  const text = typeof label === "string" ? label : label(options);
  return options["mode"] === undefined ? text : `${text} (${String(options["mode"])})`;
}

async function answered(
  context: RatingsContext,
  method: InPlaceMethod,
  told: Readonly<Record<string, unknown>>,
  calibration: Prerequisite<RatingsModel> | null,
): Promise<RatingsOutcome> {
  const { config, prerequisites, request } = context;
  const start = (await (prerequisites(config.method)[0] ?? prerequisites("original")[0]).model()) as Mf; // whichever kind it is
  const outcome = await answerInTurn(start, request, {
    prepare: async (model, train) => method.prepare?.(model, train, told) as Promise<unknown>,
    unlearn: (model, one, prepared) => method.unlearn(model, one, told, prepared),
    facts: (diagnostics) => method.description.facts(diagnostics),
  });
  return { ...outcome, preparation: { ...outcome.preparation, ...calibrationSeconds(calibration) } };
}

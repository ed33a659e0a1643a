import { InvalidOptionError, optionList, Stopwatch } from "../../../core";
import type { Interactions } from "../../../data";
import { type Options, originalOf, type Prerequisite, type Seconds } from "../../../experiments";
import type { CalibratedOption, Facts } from "../../../training";
import { codeOfMethods } from "../../code-of-methods";
import type { RatingsContext, RatingsMethod, RatingsModel } from "../types";
import { formOf, type InPlaceMethod } from "./in-place-method";

/** Whether one of a method's options is what its calibration finds. Paper modes calibrate nothing. */
export function isCalibrated({ mode = "principled", ...options }: Options, name: string): boolean {
  return mode === "principled" && typeof options[name] === "string";
}

/** What a calibration took, as the preparation of the run that rests on it. */
export function calibrationSeconds(calibration: Prerequisite<RatingsModel> | null): Seconds {
  if (calibration === null) return {};
  return { calibration: Object.values(calibration.seconds).reduce((sum, stage) => sum + stage, 0) };
}

/** What a method finds once per trained model, on training rows; a preparation, so it has no model of its own. */
export function calibration(forms: readonly InPlaceMethod[]): RatingsMethod {
  const calibrating = forms.filter(({ description }) => description.calibrationFacts !== undefined);
  const optionsFor = (backbone: string) => {
    const { calibrates, options } = formOf(calibrating, backbone).description;
    const { option } = calibrates as CalibratedOption;
    return optionList("a calibration", { [option]: options.fields[option] });
  };
  return {
    ...codeOfMethods(__filename, calibrating),
    label: () => `${String(forms[0].description.label)}'s calibration`,
    options: optionsFor,
    backbones: calibrating.flatMap(({ description }) => description.models),
    prerequisites: (config, task) => [originalOf(config, task)],
    async run(context) {
      const { config, split, training, prerequisite } = context;
      const method = formOf(calibrating, config.backbone);
      const model = await prerequisite("original").model();
      const options = { ...config.options.method, seed: training.seed, retrain: refitter(context) };
      const watch = new Stopwatch();
      const prepared = (await watch.timeAsync("calibration", async () =>
        method.prepare?.(model, split.train, options),
      )) as never;
      const facts = method.description.calibrationFacts?.(prepared) as Facts;
      return { model: null, facts, seconds: watch.seconds() };
    },
  };
}

/** Trains a model as the original was trained, on other rows and for as many epochs. */
function refitter({ config, backbone, training, prerequisite }: RatingsContext) {
  const epochs = Number(prerequisite("original").facts["bestEpoch"]);
  return (rows: Interactions): Promise<RatingsModel> => {
    if (backbone.refit !== undefined) return backbone.refit(rows, training, epochs);
    throw new InvalidOptionError(`${config.backbone} cannot be trained without validation rows`, {
      remedy: "give the method a number where it would calibrate",
    });
  };
}

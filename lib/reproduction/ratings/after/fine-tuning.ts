import { optionList, Stopwatch, wholeOption } from "../../../core";
import { originalOf, inModule, retrainOf, type Task } from "../../../experiments";
import type { Mf } from "../../../models";
import { fitMf } from "../../../training";
import type { RatingsMethod } from "../types";

/**
 * Trains *Original* on, on the rows that stay: what forgets by neglect alone. The epoch that validation rows find best
 * is kept, as in every training.
 */
const fineTuning: RatingsMethod = {
  label: () => "Fine-tuning alone",
  options: () => optionList("fine-tuning", { epochs: wholeOption("Over the rows that stay.", 3, 1) }),
  backbones: ["mf"],
  prerequisites: (config, task) => [originalOf(config, task as Task), retrainOf(config)],
  async run({ config, task, split, request, training, prerequisite }) {
    const { epochs } = config.options.method as { readonly epochs: number };
    const original = (await prerequisite("original").model()) as Mf;
    const kept = task.rows({ split, request }, "retrain");
    const watch = new Stopwatch();
    const options = { ...training.options, epochs, patience: epochs, seed: training.seed };
    const { model } = await watch.timeAsync("training", () => fitMf(kept, split.valid, options, original));
    return {
      model,
      facts: {
        ...{ epochs, gradientRows: task.rowCount(kept) * epochs },
        ...{ hessianVectorProducts: 0, incidentRows: null, rowsTouched: null },
      },
      seconds: watch.seconds(),
    };
  },
};

/** What only trains on. */
export const fineTuningMethods = inModule<RatingsMethod>(__filename, { "fine-tuning": fineTuning });

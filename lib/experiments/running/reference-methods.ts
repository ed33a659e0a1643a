import { optionList, Stopwatch, wholeOption } from "../../core";
import { inModule, type MethodContext, type MethodOutcome, type MethodPart } from "../config/parts";
import { isSameRun, originalOf, retrainOf } from "../config/related-runs";

const none = optionList("a reference method", {});

/** The counts of a training from scratch, which touches everything. */
function trainingCounts(gradientRows: number) {
  return { gradientRows, hessianVectorProducts: 0, incidentRows: null, rowsTouched: null };
}

/** Trains from scratch and tells how it went. */
async function trained(context: MethodContext, learner: "original" | "retrain", seed: number): Promise<MethodOutcome> {
  const { task, split, backbone, training } = context;
  const watch = new Stopwatch();
  const rows = watch.time("selection", () => task.rows(context, learner));
  const { model, bestEpoch, history, seconds, endedBy } = await backbone.fit(rows, split, { ...training, seed });
  const count = task.rowCount(rows);
  return {
    model,
    facts: {
      ...{ bestEpoch, epochs: history.length, ...(endedBy === undefined ? {} : { endedBy }) },
      ...{ rows: count, ...trainingCounts(count * history.length) },
    },
    seconds: { ...watch.seconds(), training: seconds },
    history,
  };
}

const original: MethodPart = {
  label: () => "Original",
  options: () => none,
  backbones: "all",
  prerequisites: (config, task) => {
    const trainedOnce = originalOf(config, task);
    return [retrainOf(config), ...(isSameRun(trainedOnce, config) ? [] : [trainedOnce])];
  },
  async run(context) {
    const { config, task, training } = context;
    if (isSameRun(originalOf(config, task), config)) return trained(context, "original", training.seed);
    const { model, facts, seconds } = context.prerequisite("original"); // the same model, looked at for another request
    return { model: await model(), facts, seconds };
  },
};

const retrain: MethodPart = {
  label: () => "Retrain",
  options: () => none,
  backbones: "all",
  prerequisites: () => [],
  run: (context) => trained(context, "retrain", context.training.seed),
};

/** Retrain with another seed: how far two models are apart that both never saw what is forgotten. */
const retrainAgain: MethodPart = {
  ...retrain,
  label: () => "Retrain, other seed",
  prerequisites: (config) => [retrainOf(config)],
  run: (context) => trained(context, "retrain", context.training.seed + 1_000_003),
};

/** Retrain with a seed of its own: a stranger to what is forgotten, for those who audit the others. */
const shadow: MethodPart = {
  ...retrain,
  label: ({ number }) => `Shadow ${String(number)}`,
  options: () => optionList("shadow", { number: wholeOption("Which of the shadows.", 1, 1) }),
  run: (context) => trained(context, "retrain", 2_000_003 + Number(context.config.options.method["number"])),
};

/** The methods that every task has; `retrain-again` and `shadow` serve the others. */
export const referenceMethods = inModule<MethodPart>(__filename, {
  original,
  retrain,
  "retrain-again": retrainAgain,
  shadow,
});

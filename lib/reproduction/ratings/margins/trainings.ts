import { Breather, optionList, ProgressTask, Stopwatch, wholeOption, wordOption } from "../../../core";
import { inModule, originalOf, type RunConfig, type Task } from "../../../experiments";
import type { RatingsMethod } from "../types";
import { type KeptModel, modelsIn } from "./files";

/** The most models that a run trains: a killed run loses no more than these. */
const blockSize = 25;

/** How many runs train so many models, each as many. */
export const blocksFor = (models: number): number => Math.ceil(models / blockSize);

/** The first of the seeds that only these trainings have. */
const ownSeeds = { original: 4_000_003, retrain: 4_500_003 };

/** What models learn from: all rows, or those that stay. */
export type Learner = keyof typeof ownSeeds;

/**
 * The run of a block of models. Originals serve every request.
 *
 * @param block from 1
 */
export function blockOf(config: RunConfig, task: Task, of: Learner, block: number, models: number): RunConfig {
  const base = of === "original" ? originalOf(config, task) : config;
  const { audit: _, ...rest } = base;
  const size = Math.ceil(models / blocksFor(models));
  return {
    ...rest,
    ...{ method: "margin-trainings", options: { ...base.options, method: { of, block, size } }, seed: 1 },
  };
}

/**
 * Trains a block of models with seeds of their own, each for as many epochs as Original's best took with seed 1.
 * Nothing but the seed and the rows differs between them.
 */
const marginTrainings: RatingsMethod = {
  label: ({ of, block }) => `Models ${String(block)} (${String(of)})`,
  options: () =>
    optionList("margin-trainings", {
      of: wordOption("What they learn from: all rows, or those that stay.", ["original", "retrain"], "original"),
      block: wholeOption("Which block of models.", 1, 1),
      size: wholeOption("How many models.", blockSize, 2),
    }),
  backbones: ["mf", "lightgcn"],
  prerequisites: (config, task) => [originalOf(config, task as Task)],
  async run(context) {
    const { config, task, backbone, training, prerequisite } = context;
    const { of, block, size } = config.options.method as { of: Learner; block: number; size: number };
    const epochs = Number(prerequisite("original").facts["bestEpoch"]);
    const rows = task.rows(context, of);
    const [watch, breather] = [new Stopwatch(), new Breather("training models for margins")];
    const progress = new ProgressTask("training models for margins", size, "models");
    try {
      const models: KeptModel[] = [];
      for (let k = 0; k < size; k++) {
        await breather.breathe();
        const seed = ownSeeds[of] + (block - 1) * size + k;
        const { options } = training;
        const model = await watch.timeAsync("training", () => backbone.refit!(rows, { options, seed }, epochs));
        models.push(model as KeptModel);
        progress.update(k + 1);
      }
      const gradientRows = task.rowCount(rows) * epochs * size;
      return {
        model: null,
        facts: {
          ...{ epochs, trainings: size },
          ...{ gradientRows, hessianVectorProducts: 0, incidentRows: null, rowsTouched: null },
        },
        seconds: watch.seconds(),
        files: modelsIn(models),
      };
    } finally {
      progress.finish();
    }
  },
};

/** What the models are trained by. */
export const marginTrainingMethods = inModule<RatingsMethod>(__filename, { "margin-trainings": marginTrainings });

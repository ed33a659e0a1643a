import { Breather, InvalidOptionError, optionList, ProgressTask, Stopwatch, wholeOption } from "../../../core";
import { type Interactions, selectRows } from "../../../data";
import { inModule, originalOf, type RunConfig, type Task } from "../../../experiments";
import type { LeftOut, RatingsContext, RatingsMethod, RatingsModel } from "../types";
import { throughCases } from "./case-progress";
import { outputsFile } from "./outputs-file";
import { isConverged } from "./requests";

/** The first of the seeds that only retrainings have. */
const ownSeeds = 3_000_003;

/**
 * The run of one retraining of every case. One set serves all estimates, all numbers of retrainings and, where subsets
 * are drawn alike for all, every seed.
 *
 * @param number from 1; the first of converged ones has the run's own seed
 */
export function retrainingsOf(config: RunConfig, number: number): RunConfig {
  const { request } = config.options;
  const options = { ...config.options, request: { ...request, retrainings: 1 }, method: { number } };
  return { ...config, method: "case-retrainings", options, seed: isConverged(config) ? config.seed : 1 };
}

/** The Original whose epochs all retrainings have, whatever their seed. */
function paceOf(config: RunConfig, task: Task): RunConfig {
  return { ...originalOf(config, task), seed: 1 };
}

/** What a run leaves out. @throws InvalidOptionError for a request of another kind */
export function leftOutOf({ config, request }: Pick<RatingsContext, "config" | "request">): LeftOut {
  if (request.leftOut !== undefined) return request.leftOut;
  throw new InvalidOptionError(`a request of kind ${String(config.options.request["kind"])} has no cases`, {
    where: config.method,
    remedy: "ask for subsets, leave-one-out or leave-user-out",
  });
}

/** Trains on rows for a number of epochs; every backbone here can. */
export function retrainer({ config, backbone }: RatingsContext, seed: number, epochs: number) {
  const training = { options: config.options.training, seed };
  return (rows: Interactions): Promise<RatingsModel> => backbone.refit!(rows, training, epochs);
}

/**
 * Trains without each case in turn, and leaves what the outputs are then; of converged trainings, by how much they
 * change against a training on all rows, whose model it leaves too.
 */
const caseRetrainings: RatingsMethod = {
  label: ({ number }) => `Retrainings ${String(number)}`,
  options: () =>
    optionList("case-retrainings", { number: wholeOption("Which of the retrainings of all cases.", 1, 1) }),
  backbones: ["mf", "lightgcn"],
  prerequisites: (config, task) => (isConverged(config) ? [] : [paceOf(config, task as Task)]),
  async run(context) {
    const { config, split, training, prerequisites } = context;
    const { cases, pairs } = leftOutOf(context);
    const converged = isConverged(config);
    const number = Number(config.options.method["number"]);
    const seed = converged && number === 1 ? training.seed : ownSeeds + number;
    const epochs = Number(converged ? training.options["epochs"] : prerequisites("original")[0].facts["bestEpoch"]);
    const retrain = retrainer(context, seed, epochs);
    const [watch, breather] = [new Stopwatch(), new Breather("retraining without each case")];
    const progress = new ProgressTask("retraining without each case", cases.length, "cases");
    try {
      const { train } = split;
      const whole = converged ? await watch.timeAsync("training", () => retrain(train)) : null;
      const before = whole?.score(pairs.user, pairs.item);
      const outputs = await watch.timeAsync("retraining", () =>
        throughCases(cases.length, training.checkpoints, async (k) => {
          await breather.breathe();
          const after = (await retrain(selectRows(train, cases[k].kept))).score(pairs.user, pairs.item);
          progress.update(k + 1);
          return after.map((score, output) => score - (before?.[output] ?? 0));
        }),
      );
      const rows = cases.reduce((sum, { kept }) => sum + kept.length, whole === null ? 0 : train.user.length);
      return {
        model: whole,
        facts: {
          ...{ epochs, trainings: cases.length, outputs: pairs.user.length },
          ...{ gradientRows: rows * epochs, hessianVectorProducts: 0, incidentRows: null, rowsTouched: null },
        },
        seconds: watch.seconds(),
        files: outputsFile(outputs),
      };
    } finally {
      progress.finish();
    }
  },
};

/** What the truth is computed by. */
export const retrainingMethods = inModule<RatingsMethod>(__filename, { "case-retrainings": caseRetrainings });

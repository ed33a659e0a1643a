import { type Estimate, type FactorModel, meanOfOutputs } from "../../../audits";
import {
  Breather,
  InvalidOptionError,
  type OptionFields,
  optionList,
  ProgressTask,
  Stopwatch,
  wholeOption,
} from "../../../core";
import { type Options, originalOf, type Prerequisite, type RunConfig, type Task } from "../../../experiments";
import type { RatingsContext, RatingsMethod, RatingsModel } from "../types";
import { throughCases } from "./case-progress";
import { outputsFile, readOutputs } from "./outputs-file";
import { isConverged } from "./requests";
import { leftOutOf, retrainingsOf } from "./retrainings";

/** One trained model that an estimate starts from. */
export interface Start {
  readonly model: FactorModel;
  /** How many epochs it was trained for. */
  readonly epochs: number;
}

/** A way to say what outputs are without some rows, as runs use it. */
export interface EstimatorPart {
  readonly code: string | readonly string[];
  label(options: Options): string;
  /** Its options beside `originals`. */
  fields(backbone: string): OptionFields;
  /** What it rests on beside the model. Default: nothing. */
  prerequisites?(config: RunConfig, task: Task): RunConfig[];
  /** @param own the options of `fields` */
  estimate(context: RatingsContext, start: Start, own: Options): Promise<Estimate>;
}

const originals = wholeOption("How many Originals, from the run's seed on; the estimates are their mean.", 1, 1);

/** The run whose model an estimate starts from: Original, or what converged retrainings are held against. */
function startRun(config: RunConfig, task: Task): RunConfig {
  return isConverged(config) ? retrainingsOf(config, 1) : originalOf(config, task);
}

async function startOf({ config, training, prerequisite }: RatingsContext): Promise<Start> {
  const converged = isConverged(config);
  const run: Prerequisite<RatingsModel> = prerequisite(converged ? "case-retrainings" : "original");
  const epochs = Number(converged ? training.options["epochs"] : run.facts["bestEpoch"]);
  return { model: (await run.model()) as FactorModel, epochs };
}

/** The same estimate from each Original of an ensemble. @throws InvalidOptionError where each would be asked else */
function singles(config: RunConfig): RunConfig[] {
  const { originals: count, ...own } = config.options.method;
  if (isConverged(config))
    throw new InvalidOptionError("several originals are for subsets: other requests are drawn anew for each seed", {
      where: config.method,
      remedy: "leave originals at 1",
    });
  const options = { ...config.options, method: { ...own, originals: 1 } };
  return Array.from({ length: Number(count) }, (_, k) => ({ ...config, options, seed: config.seed + k }));
}

/** An estimator as a method of runs: it leaves its outputs of every case, and no model. */
export function estimator({ code, label, fields, prerequisites, estimate }: EstimatorPart): RatingsMethod {
  return {
    code: [__filename, ...[code].flat()],
    label,
    options: (backbone) => optionList("an estimate of influence", { ...fields(backbone), originals }),
    backbones: ["mf", "lightgcn"],
    prerequisites(config, task) {
      if (Number(config.options.method["originals"]) > 1) return singles(config);
      return [startRun(config, task as Task), ...(prerequisites?.(config, task as Task) ?? [])];
    },
    async run(context) {
      const { originals: count, ...own } = context.config.options.method;
      const watch = new Stopwatch();
      const outputs = await watch.timeAsync("estimating", async () =>
        Number(count) > 1
          ? meanOfOutputs(await Promise.all(context.prerequisites(context.config.method).map(readOutputs)))
          : estimatesOf(context, await estimate(context, await startOf(context), own)),
      );
      return { model: null, facts: { originals: count }, seconds: watch.seconds(), files: outputsFile(outputs) };
    },
  };
}

async function estimatesOf(context: RatingsContext, estimate: Estimate): Promise<Float32Array[]> {
  const { cases } = leftOutOf(context);
  const [what, breather] = ["estimating what each case does", new Breather("estimating influence")];
  const progress = new ProgressTask(what, cases.length, "cases");
  try {
    return await throughCases(cases.length, context.training.checkpoints, async (k) => {
      await breather.breathe();
      const values = await estimate(cases[k].kept, cases[k].left);
      progress.update(k + 1);
      return values;
    });
  } finally {
    progress.finish();
  }
}

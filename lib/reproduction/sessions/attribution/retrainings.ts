import { Breather, InvalidOptionError, optionList, ProgressTask, Stopwatch, wholeOption } from "../../../core";
import { withoutRows } from "../../../data";
import { inModule, originalOf, type RunConfig, type Task } from "../../../experiments";
import { sessionModelKinds } from "../../../models";
import { throughCases } from "../../ratings/attribution/case-progress";
import { outputsFile } from "../../ratings/attribution/outputs-file";
import type { LeftOutOfSessions, SessionsContext, SessionsMethod } from "../types";
import { marginsOf } from "./margins";

/** The first of the seeds that only retrainings have. */
const ownSeeds = 3_000_003;

/**
 * The run of one retraining of every case: one set serves all estimates and all numbers of retrainings.
 *
 * @param number from 1
 */
export function retrainingsOf(config: RunConfig, number: number): RunConfig {
  const { request } = config.options;
  const options = { ...config.options, request: { ...request, retrainings: 1 }, method: { number } };
  return { ...config, method: "session-case-retrainings", options, seed: 1 };
}

/** What a run leaves out. @throws InvalidOptionError for a request of another kind */
export function leftOutOf({ config, request }: Pick<SessionsContext, "config" | "request">): LeftOutOfSessions {
  if (request.leftOut !== undefined) return request.leftOut;
  throw new InvalidOptionError(`a request of kind ${String(config.options.request["kind"])} has no cases`, {
    where: config.method,
    remedy: "ask for session-subsets",
  });
}

/**
 * Trains without each case in turn, for as many epochs as Original's best took with seed 1, and leaves what the margins
 * are then.
 */
const caseRetrainings: SessionsMethod = {
  label: ({ number }) => `Retrainings ${String(number)}`,
  options: () =>
    optionList("session-case-retrainings", { number: wholeOption("Which of the retrainings of all cases.", 1, 1) }),
  backbones: sessionModelKinds,
  prerequisites: (config, task) => [{ ...originalOf(config, task as Task), seed: 1 }],
  async run(context) {
    const { config, split, task, backbone, training, prerequisite } = context;
    const { cases, samples } = leftOutOf(context);
    const epochs = Number(prerequisite("original").facts["bestEpoch"]);
    const given = { options: training.options, seed: ownSeeds + Number(config.options.method["number"]) };
    const [watch, breather] = [new Stopwatch(), new Breather("retraining without each case")];
    const progress = new ProgressTask("retraining without each case", cases.length, "cases");
    const without = (k: number) => withoutRows(split.train, cases[k]);
    try {
      const outputs = await watch.timeAsync("retraining", () =>
        throughCases(cases.length, training.checkpoints, async (k) => {
          await breather.breathe();
          const margins = await marginsOf(await backbone.refit!(without(k), given, epochs), samples);
          progress.update(k + 1);
          return margins;
        }),
      );
      const rows = cases.reduce((sum, _, k) => sum + task.rowCount(without(k)), 0);
      return {
        model: null,
        facts: {
          ...{ epochs, trainings: cases.length, outputs: outputs[0].length },
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
export const retrainingMethods = inModule<SessionsMethod>(__filename, { "session-case-retrainings": caseRetrainings });

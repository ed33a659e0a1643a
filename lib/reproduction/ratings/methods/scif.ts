import { scif, scifDefaults, type ScifOptions } from "../../../baselines";
import type { Mf } from "../../../models";
import { type Options, retrainOf, startOf } from "../../../experiments";
import type { RatingsMethod } from "../types";
import { answerInTurn } from "./answer-in-turn";
import { runOptions, startModel } from "./start-model";

function defaults(_backbone: string, { mode }: Options): Options {
  return runOptions(scifDefaults[mode === "paper" ? "paper" : "principled"]);
}

export const scifMethod: RatingsMethod = {
  code: __filename,
  label: ({ mode }) => `SCIF (${String(mode)})`,
  defaults,
  backbones: ["mf"],
  prerequisites: (config, task) => [startOf(config, task), retrainOf(config)],
  async run(context) {
    const { config, split, request } = context;
    const given = config.options.method as Partial<ScifOptions>;
    const options = given.mode === "paper" ? { ...given, validation: split.valid } : given;
    return answerInTurn((await startModel(context)) as Mf, request, {
      prepare: (model, train) => scif.prepare(model, train),
      unlearn: (model, one, prepared) => scif.unlearn(model, one, options, prepared),
      facts: ({ iterations, relativeResidual, converged, bestStep }) => ({
        ...{ iterations, relativeResidual, converged, bestStep },
      }),
    });
  },
};

import { didYouMean, InvalidOptionError } from "../../../core";
import type { Interactions } from "../../../data";
import {
  ifru,
  ifruDefaults,
  type IfruDiagnostics,
  ifruLightGcn,
  ifruLightGcnDefaults,
  type IfruLightGcnOptions,
  ifruNeuralMf,
  type IfruNeuralMfOptions,
} from "../../../ifru";
import type { LightGcn, Mf, NeuralMf } from "../../../models";
import {
  type Facts,
  type Options,
  originalOf,
  preparationOf,
  type Prerequisite,
  retrainOf,
  startOf,
} from "../../../experiments";
import type { RatingsContext, RatingsMethod, RatingsModel, RatingsOutcome } from "../types";
import { answerInTurn } from "./answer-in-turn";
import { calibrationSeconds, isCalibrated, refitter, runOptions, startModel } from "./start-model";

/** Every option with its default, which depends on the model and, for LightGCN, on the mode. */
function defaults(backbone: string, given: Options): Options {
  if (backbone === "neural-mf") return { hops: 0, pruningRatio: 0, damping: 1e-4, tolerance: 1e-2, iterations: 100 };
  if (backbone === "mf") return runOptions(ifruDefaults);
  const mode = String(given["mode"] ?? "principled");
  if (mode !== "principled" && mode !== "paper")
    throw new InvalidOptionError(`no mode "${mode}"`, { remedy: didYouMean(mode, ["principled", "paper"]) });
  return runOptions(ifruLightGcnDefaults[mode]);
}

/** IFRU's lambda, chosen once per trained model on training rows; a preparation, so it has no model of its own. */
export const ifruCalibration: RatingsMethod = {
  code: __filename,
  label: () => "IFRU's calibration",
  defaults: {},
  backbones: ["mf", "lightgcn"],
  prerequisites: (config, task) => [originalOf(config, task)],
  async run(context) {
    const model = await context.prerequisite("original").model();
    const options = { seed: context.training.seed, retrain: refitter(context) };
    const { damping, calibration, seconds } =
      context.config.backbone === "mf"
        ? await ifru.prepare(model as Mf, context.split.train, options as Refit<Mf>)
        : await ifruLightGcn.prepare(model as LightGcn, context.split.train, options as Refit<LightGcn>);
    return { model: null, facts: { damping, probeRows: calibration?.probeRows ?? 0 }, seconds };
  },
};

type Refit<M> = { seed: number; retrain: (rows: Interactions) => Promise<M> };

/** IFRU by closed forms (MF, LightGCN) or by automatic derivatives (neural MF). */
export const ifruMethod: RatingsMethod = {
  code: __filename,
  label: ({ mode }) => (mode === undefined ? "IFRU" : `IFRU (${String(mode)})`),
  defaults,
  backbones: ["mf", "lightgcn", "neural-mf"],
  prerequisites: (config, task) => [
    startOf(config, task),
    retrainOf(config),
    ...(isCalibrated(config.options.method, "damping") ? [preparationOf(config, task, "ifru-calibration", {})] : []),
  ],
  async run(context) {
    const { config, request } = context;
    const start = await startModel(context);
    if (config.backbone === "neural-mf") return byDerivatives(start as NeuralMf, context);
    const calibration = isCalibrated(config.options.method, "damping")
      ? context.prerequisite("ifru-calibration")
      : null;
    const options = optionsOf(context, calibration);
    const outcome =
      config.backbone === "mf"
        ? await answerInTurn(start as Mf, request, {
            prepare: (model, train) => ifru.prepare(model, train, options),
            unlearn: (model, one, prepared) => ifru.unlearn(model, one, options, prepared),
            facts,
          })
        : await answerInTurn(start as LightGcn, request, {
            prepare: (model, train) => ifruLightGcn.prepare(model, train, options),
            unlearn: (model, one, prepared) => ifruLightGcn.unlearn(model, one, options, prepared),
            facts: ({ spilloverRows, ...shared }) => ({ ...facts(shared), spilloverRows }),
          });
    return { ...outcome, preparation: { ...outcome.preparation, ...calibrationSeconds(calibration) } };
  },
};

function byDerivatives(start: NeuralMf, { config, request }: RatingsContext): Promise<RatingsOutcome> {
  const options = config.options.method as Partial<IfruNeuralMfOptions>;
  return answerInTurn(start, request, {
    prepare: () => Promise.resolve(),
    unlearn: (model, one) => ifruNeuralMf.unlearn(model, one, options),
    facts: ({ iterations, relativeResidual, converged }) => ({ iterations, relativeResidual, converged }),
  });
}

function facts({ iterations, relativeResidual, converged, damping, bestStep }: IfruDiagnostics): Facts {
  return { iterations, relativeResidual, converged, damping, bestStep };
}

/** What `unlearn` is told: the run's options, and what comes from elsewhere. */
function optionsOf(
  { config, split, training }: RatingsContext,
  calibration: Prerequisite<RatingsModel> | null,
): Partial<IfruLightGcnOptions> {
  const given = { ...(config.options.method as Partial<IfruLightGcnOptions>), seed: training.seed };
  if (given.mode === "paper") return { ...given, validation: split.valid };
  return calibration === null ? given : { ...given, damping: Number(calibration.facts["damping"]) };
}

import { Stopwatch } from "../core";
import { retainedRows, selectRows } from "../data";
import { ifru, ifruDefaults, type IfruOptions } from "../ifru";
import { applyUpdate } from "../training";
import type { ExperimentModel, MethodContext, MethodOutcome, MethodPart, Prerequisite } from "./parts";
import type { Options, RunConfig } from "./run-config";

/** The request that a split comes with: its own forget set. */
const splitRequest: Options = { kind: "split" };

const anyBackbone = ["mf"];

/** The run of *Original* that a run starts from. It does not depend on what is to be forgotten. */
function originalOf(config: RunConfig): RunConfig {
  return { ...config, method: "original", options: { ...config.options, request: splitRequest, method: {} } };
}

/** The run of *Retrain* that a run is compared with. */
function retrainOf(config: RunConfig): RunConfig {
  return { ...config, method: "retrain", options: { ...config.options, method: {} } };
}

function calibrationOf(config: RunConfig): RunConfig {
  return { ...originalOf(config), method: "ifru-calibration" };
}

/** Trains on some rows and tells how it went. */
async function trained(context: MethodContext, rows: Int32Array | null, seed: number): Promise<MethodOutcome> {
  const { split, backbone, training } = context;
  const watch = new Stopwatch();
  const train = watch.time("selection", () => (rows === null ? split.train : selectRows(split.train, rows)));
  const { model, bestEpoch, history, seconds } = await backbone.fit(train, split.valid, { ...training, seed });
  return {
    model,
    facts: { bestEpoch, epochs: history.length, rows: train.user.length },
    seconds: { ...watch.seconds(), training: seconds },
    history,
  };
}

const original: MethodPart = {
  label: () => "Original",
  defaults: {},
  backbones: anyBackbone,
  keepsModel: true,
  prerequisites: (config) => [retrainOf(config)],
  run: (context) => trained(context, null, context.training.seed),
};

const retrain: MethodPart = {
  label: () => "Retrain",
  defaults: {},
  backbones: anyBackbone,
  keepsModel: false,
  prerequisites: () => [],
  run: (context) =>
    trained(context, retainedRows(context.split.train, context.request.forgetRows), context.training.seed),
};

/** Retrain with another seed: how far two models are apart that both never saw the forgotten rows. */
const retrainAgain: MethodPart = {
  ...retrain,
  label: () => "Retrain, other seed",
  prerequisites: (config) => [retrainOf(config)],
  run: (context) =>
    trained(context, retainedRows(context.split.train, context.request.forgetRows), context.training.seed + 1_000_003),
};

/** IFRU's lambda, chosen once per trained model on training rows; a preparation, so it has no model of its own. */
const ifruCalibration: MethodPart = {
  label: () => "IFRU's calibration",
  defaults: {},
  backbones: anyBackbone,
  keepsModel: false,
  prerequisites: (config) => [originalOf(config)],
  async run({ split, backbone, training, prerequisite }) {
    const start = await prerequisite("original");
    const { damping, calibration, seconds } = await ifru.prepare(await start.model(), split.train, {
      seed: training.seed,
      retrain: (rows) => backbone.refit(rows, training, Number(start.facts["bestEpoch"])),
    });
    return { model: null, facts: { damping, probeRows: calibration?.probeRows ?? 0 }, seconds };
  },
};

const { mode, hops, pruningRatio, damping, tolerance, iterations, stepSize, steps, patience } = ifruDefaults;

const ifruMethod: MethodPart = {
  label: (options) => (options["mode"] === "paper" ? "IFRU (paper)" : "IFRU (principled)"),
  defaults: { mode, hops, pruningRatio, damping, tolerance, iterations, stepSize, steps, patience },
  backbones: anyBackbone,
  keepsModel: false,
  prerequisites: (config) => {
    const { mode, damping } = config.options.method;
    const calibrated = mode === "principled" && damping === "calibrated";
    return [originalOf(config), retrainOf(config), ...(calibrated ? [calibrationOf(config)] : [])];
  },
  async run(context) {
    const model = await (await context.prerequisite("original")).model();
    const options = await ifruOptionsOf(context);
    const prepared = await ifru.prepare(model, context.split.train, options);
    const once = () => ifru.unlearn(model, context.request, options, prepared);
    if (context.request.name !== "split") await once(); // a small request is measured warm, or it is the compiler that is measured
    const { update, cost, diagnostics } = await once();
    const { gradientRows, hessianVectorProducts, incidentRows, rowsTouched } = cost;
    const { iterations, relativeResidual, converged, damping } = diagnostics;
    const counts = { gradientRows, hessianVectorProducts, incidentRows, rowsTouched };
    return {
      model: applyUpdate(model, update) as ExperimentModel,
      facts: {
        forgetRows: context.request.forgetRows.length,
        ...counts,
        iterations,
        relativeResidual,
        converged,
        damping,
      },
      seconds: cost.seconds,
    };
  },
};

async function ifruOptionsOf({ config, split, prerequisite, training }: MethodContext): Promise<Partial<IfruOptions>> {
  const given = { ...(config.options.method as Partial<IfruOptions>), seed: training.seed };
  if (given.mode === "paper") return { ...given, validation: split.valid };
  if (given.damping !== "calibrated") return given;
  const { facts }: Prerequisite = await prerequisite("ifru-calibration");
  return { ...given, damping: Number(facts["damping"]) };
}

/** The methods experiments know, by name; `retrain-again` and `ifru-calibration` serve the others. */
export const methods: Readonly<Record<string, MethodPart>> = {
  original,
  retrain,
  "retrain-again": retrainAgain,
  "ifru-calibration": ifruCalibration,
  ifru: ifruMethod,
};

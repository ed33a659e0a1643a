import { Breather, ProgressTask, Random, Stopwatch } from "../core";
import { historyCount, type Sessions } from "../data";
import type { SessionModel } from "../models";
import type { UnlearningMethod, UnlearningResult } from "../training";
import { curriculumOrder } from "./batch-order";
import { type CauOptions, resolveCauOptions } from "./cau-options";
import { embeddingDifficulty } from "./embedding-difficulty";
import type { ForgetSamples, SessionUnlearningRequest } from "./forget-samples";
import { gradientDifficulty } from "./gradient-difficulty";
import { JointDescent, type JointStep } from "./joint-descent";
import { type OperatingPoint, OperatingPoints } from "./operating-point";
import { outputLayerDifficulty } from "./output-layer-difficulty";

/** One step of an unlearning. */
export interface CauStep extends JointStep {
  /** From 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Mean difficulty of the batch. */
  readonly difficulty: number;
}

/** How an unlearning went. */
export interface CauDiagnostics {
  readonly steps: readonly CauStep[];
  /** The epoch whose parameters were kept; 0 for the original. */
  readonly bestEpoch: number;
  /** What was looked at to choose it, the original first. */
  readonly points: readonly OperatingPoint[];
}

/** By the option's name, in the model as it is. */
const difficulties: Readonly<Record<CauOptions["difficulty"], Difficulty>> = {
  gradient: gradientDifficulty,
  "output-layer": outputLayerDifficulty,
  embedding: (model, samples) => embeddingDifficulty(model, samples),
};

type Difficulty = (model: SessionModel, samples: ForgetSamples, original: SessionModel) => Promise<Float64Array>;

/** Which losses each of the choices leaves, as numbers into `lossNames`. */
const tasksOf: Readonly<Record<CauOptions["objectives"], readonly number[]>> = {
  all: [0, 1, 2],
  "without-unlearning": [1, 2],
  "without-recommendation": [0, 2],
  "without-kl": [0, 1],
};

/**
 * Curriculum approximate unlearning (Yang et al., arXiv 2508.15263; README): steps along the unlearning, recommendation and KL losses of
 * the samples to forget, weighed by the Pareto step, from easy samples to hard ones. Needs none of the retained data.
 */
export const cau = {
  name: "cau",

  /**
   * @throws InvalidOptionError for an unknown option, one out of range, or validation sessions that are missing
   * @throws NumericalError naming epoch and batch when a loss is not finite
   * @throws CancelledError when it is interrupted
   */
  async unlearn(
    original: SessionModel,
    { samples }: SessionUnlearningRequest,
    options?: Partial<CauOptions>,
  ): Promise<UnlearningResult<SessionModel, CauDiagnostics>> {
    const resolved = resolveCauOptions(options);
    const watch = new Stopwatch();
    const run = historyCount(samples) === 0 ? unchanged(original) : await descend(original, samples, resolved, watch);
    const { model, gradientRows, ...diagnostics } = run;
    return {
      update: { kind: "model", model },
      cost: {
        seconds: watch.seconds(),
        gradientRows,
        hessianVectorProducts: 0,
        incidentRows: null,
        rowsTouched: gradientRows === 0 ? 0 : original.itemCount,
      },
      diagnostics,
    };
  },
} satisfies UnlearningMethod<SessionModel, never, CauOptions, CauDiagnostics, SessionModel, Sessions>;

interface Outcome extends CauDiagnostics {
  readonly model: SessionModel;
  readonly gradientRows: number;
}

function unchanged(model: SessionModel): Outcome {
  return { model, gradientRows: 0, steps: [], bestEpoch: 0, points: [] };
}

async function descend(
  original: SessionModel,
  samples: ForgetSamples,
  options: CauOptions,
  watch: Stopwatch,
): Promise<Outcome> {
  const { epochs, batchSize, seed, validation } = options;
  const tasks = tasksOf[options.objectives];
  const selects = options.mode === "principled" || options.select === "validation";
  const breather = new Breather("unlearning by CAU");
  const progress = new ProgressTask("unlearning by CAU", epochs, "epochs");
  const random = Random.derive(seed, "curriculum");
  const descent = await JointDescent.from(original, samples, { ...options, tasks });
  const steps: CauStep[] = [];
  try {
    const points = selects
      ? await watch.timeAsync("selection", () => OperatingPoints.from(original, validation!, samples, 1))
      : null;
    let difficulty: Float64Array | undefined;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const scored = epoch === 1 ? original : options.refresh ? descent.model() : null;
      if (scored !== null)
        difficulty = await watch.timeAsync("difficulty", () =>
          difficulties[options.difficulty](scored, samples, original),
        );
      const order = curriculumOrder(difficulty!, options, random);
      await watch.timeAsync("steps", async () => {
        for (let from = 0; from < order.length; from += batchSize) {
          await breather.breathe();
          const chosen = order.subarray(from, from + batchSize);
          const outcome = descent.step(chosen, `epoch ${epoch}, batch ${1 + from / batchSize}`);
          const sum = chosen.reduce((total, sample) => total + difficulty![sample], 0);
          steps.push({ step: steps.length + 1, epoch, difficulty: sum / chosen.length, ...outcome });
        }
      });
      progress.update(epoch);
      if (points !== null && !(await watch.timeAsync("selection", () => points.look(epoch, descent.model())))) break;
    }
    const gradientRows =
      steps.length === 0 ? 0 : Math.min(steps.at(-1)!.epoch, epochs) * historyCount(samples) * tasks.length;
    if (points === null) return { model: descent.model(), gradientRows, steps, bestEpoch: epochs, points: [] };
    const { model, point } = points.best;
    return { model, gradientRows, steps, bestEpoch: point.epoch, points: points.points };
  } finally {
    progress.finish();
    descent.dispose();
  }
}

import { Breather, ProgressTask, Random, Stopwatch } from "../../core";
import { eventsWithoutHistory, type ForgetSamples, historyCount } from "../../data";
import type { SessionModel } from "../../models";
import type { SessionUnlearningRequest, UnlearningResult } from "../../training";
import { curriculumOrder } from "../batch-order";
import { CalibratedForgetting, type CalibrationPoint, type StepBack } from "./calibrated-forgetting";
import { JointDescent, type JointStep } from "./joint-descent";
import type { UnlearningLoopOptions } from "./loop-options";
import { type OperatingPoint, OperatingPoints, type Place, type Verdict } from "./operating-point";
import { modelBetween } from "./step-back";

/** One step of an unlearning. */
export interface UnlearningStep extends JointStep {
  /** From 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Mean difficulty of the batch; `null` where the order does not depend on it. */
  readonly difficulty: number | null;
}

/** How often the step size is halved at most. */
const mostHalvings = 5;

/** How an unlearning went. */
export interface UnlearningDiagnostics {
  /** Those of the last try, where a first epoch was taken back. */
  readonly steps: readonly UnlearningStep[];
  /** The epoch whose parameters were kept; 0 for the original. */
  readonly bestEpoch: number;
  /** What was looked at to choose it in all tries, the original first; empty where nothing was. */
  readonly points: readonly (OperatingPoint | CalibrationPoint)[];
  /** With `between`, the level, what it is worth, and how much of the last epoch was kept. */
  readonly stepBack?: StepBack;
  /** Row numbers of the events that open their session, ascending: no history leads to them, so none was unlearned. */
  readonly notForgotten: Int32Array;
}

/** How hard each sample is, `[samples]`. */
export type Difficulty = (model: SessionModel, samples: ForgetSamples, original: SessionModel) => Promise<Float64Array>;

/**
 * Steps along losses of the samples to forget, batch by batch in the curriculum's order, until the epochs are over or
 * what selects the state says so. A first epoch that goes too far is taken back and tried again with steps of half the
 * size. What is not forgotten is never read. Without samples the original is the answer.
 *
 * @param what names it in progress and errors, such as `"unlearning by CAU"`
 * @param difficulty what the curriculum orders by; a random order needs none
 * @throws NumericalError naming epoch and batch when a loss is not finite
 * @throws CancelledError when it is interrupted
 */
export async function unlearningLoop(
  what: string,
  original: SessionModel,
  { train, forgetRows, samples }: SessionUnlearningRequest,
  options: UnlearningLoopOptions,
  difficulty?: Difficulty,
): Promise<UnlearningResult<SessionModel, UnlearningDiagnostics>> {
  const watch = new Stopwatch();
  const loop = new UnlearningLoop(what, original, samples, options, difficulty, watch);
  const { model, ...history } = historyCount(samples) === 0 ? unchanged(original) : await loop.run();
  return {
    update: { kind: "model", model },
    cost: {
      seconds: watch.seconds(),
      gradientRows: loop.gradientRows,
      hessianVectorProducts: 0,
      incidentRows: null,
      rowsTouched: loop.gradientRows === 0 ? 0 : original.itemCount,
    },
    diagnostics: { ...history, notForgotten: eventsWithoutHistory(train, forgetRows) },
  };
}

interface Outcome extends Omit<UnlearningDiagnostics, "notForgotten"> {
  readonly model: SessionModel;
}

function unchanged(model: SessionModel): Outcome {
  return { model, steps: [], bestEpoch: 0, points: [] };
}

/** What looks at the state after every epoch. */
type EpochSelection = OperatingPoints<SessionModel> | CalibratedForgetting<SessionModel> | null;

class UnlearningLoop {
  gradientRows = 0;
  private steps: UnlearningStep[] = [];
  private readonly breather: Breather;
  private random!: Random;
  private scores: Float64Array;

  constructor(
    private readonly what: string,
    private readonly original: SessionModel,
    private readonly samples: ForgetSamples,
    private readonly options: UnlearningLoopOptions,
    private readonly difficulty: Difficulty | undefined,
    private readonly watch: Stopwatch,
  ) {
    this.breather = new Breather(what);
    this.scores = new Float64Array(historyCount(samples));
  }

  /** Tries with smaller and smaller steps for as long as the first epoch goes too far. */
  async run(): Promise<Outcome> {
    const { options, watch } = this;
    const progress = new ProgressTask(this.what, options.epochs, "epochs");
    try {
      const selection = await watch.timeAsync("selection", () => this.selection());
      let last = await this.try(options.learningRate, selection, progress);
      for (let halvings = 1; last === null && halvings <= mostHalvings; halvings++)
        last = await this.try(options.learningRate / 2 ** halvings, selection, progress);
      const { steps } = this;
      if (selection === null) return { model: last!, steps, bestEpoch: options.epochs, points: [] };
      const stepBack = await this.stepBack(selection);
      const { model, point } = selection.best;
      return { model, steps, bestEpoch: point.epoch, points: selection.points, ...stepBack };
    } finally {
      progress.finish();
    }
  }

  /**
   * Goes from the original through the epochs.
   *
   * @returns where it ended, or `null` where the first epoch went too far
   */
  private async try(
    learningRate: number,
    selection: EpochSelection,
    progress: ProgressTask,
  ): Promise<SessionModel | null> {
    const { original, samples, options } = this;
    const descent = await JointDescent.from(original, samples, { ...options, learningRate });
    this.steps = [];
    this.random = Random.derive(options.seed, "curriculum");
    try {
      for (let epoch = 1; epoch <= options.epochs; epoch++) {
        const verdict = await this.epoch(descent, { epoch, learningRate }, selection);
        progress.update(epoch);
        if (verdict === "too far" && epoch === 1) return null;
        if (verdict !== "go on") break;
      }
      return descent.model();
    } finally {
      descent.dispose();
    }
  }

  private async epoch(descent: JointDescent, place: Place, selection: EpochSelection): Promise<Verdict> {
    const { difficulty, options, watch } = this;
    if (difficulty !== undefined && (this.gradientRows === 0 || (options.refresh && place.epoch > 1)))
      await this.score(descent, difficulty);
    await watch.timeAsync("steps", () => this.visit(descent, place.epoch, this.order(selection)));
    if (selection === null) return "go on";
    return watch.timeAsync("selection", () => selection.look(place, descent.model()));
  }

  private async stepBack(selection: EpochSelection): Promise<Pick<Outcome, "stepBack">> {
    if (!(selection instanceof CalibratedForgetting)) return {};
    const stepBack = await this.watch.timeAsync("selection", () => selection.stepBack());
    return stepBack === undefined ? {} : { stepBack };
  }

  private async selection(): Promise<EpochSelection> {
    const { original, samples, options } = this;
    switch (options.select) {
      case "validation":
        return OperatingPoints.from(original, options.validation!, samples, options.learningRate);
      case "level":
        return CalibratedForgetting.from(original, options.validation!, samples, options.learningRate);
      case "between":
        return CalibratedForgetting.from(original, options.validation!, samples, options.learningRate, modelBetween);
      case "last":
        return null;
    }
  }

  private async score(descent: JointDescent, difficulty: Difficulty): Promise<void> {
    const { original, samples, steps } = this;
    const model = steps.length === 0 ? original : descent.model();
    this.scores = await this.watch.timeAsync("difficulty", () => difficulty(model, samples, original));
  }

  /** The samples of an epoch in the order of visit. */
  private order(selection: EpochSelection): Int32Array {
    const { options, scores, random } = this;
    if (options.climb === "all" || !(selection instanceof CalibratedForgetting))
      return curriculumOrder(scores, options, random);
    const { remembered } = selection;
    const difficulty = Float64Array.from(remembered, (sample) => scores[sample]);
    return curriculumOrder(difficulty, options, random).map((place) => remembered[place]);
  }

  private async visit(descent: JointDescent, epoch: number, order: Int32Array): Promise<void> {
    const { batchSize, tasks } = this.options;
    for (let from = 0; from < order.length; from += batchSize) {
      await this.breather.breathe();
      const chosen = order.subarray(from, from + batchSize);
      const outcome = descent.step(chosen, `epoch ${epoch}, batch ${1 + from / batchSize}`);
      const mean = chosen.reduce((sum, sample) => sum + this.scores[sample], 0) / chosen.length;
      const difficulty = this.difficulty === undefined ? null : mean;
      this.steps.push({ step: this.steps.length + 1, epoch, difficulty, ...outcome });
      this.gradientRows += chosen.length * tasks.length;
    }
  }
}

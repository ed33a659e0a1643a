import {
  Breather,
  givenOption,
  InvalidOptionError,
  modeOption,
  numberOption,
  numberOrWordOption,
  optionList,
  type OptionsOf,
  ProgressTask,
  seedOption,
  Stopwatch,
  wholeOption,
} from "../core";
import {
  indexInteractions,
  type InteractionIndex,
  type Interactions,
  randomRows,
  requireForgetRows,
  requireValidationIds,
  selectRows,
} from "../data";
import { Adam, createWorkspace, operations, type Workspace } from "../engine";
import {
  gatherLocalRows,
  type LocalRows,
  Probe,
  probeShare,
  requireCalibrated,
  requireRetrain,
  type Retrain,
  rowUpdates,
  type NodeSelection,
  selectNodes,
} from "../ifru";
import { auc } from "../metrics";
import { type Mf, type RowUpdate, withRows } from "../models";
import { PreparedOrigin, type UnlearningMethod, type UnlearningRequest, type UnlearningResult } from "../training";

/** The options of `gradientAscent`; the defaults were chosen on validation rows (`README.md`). */
export const gradientAscentOptions = optionList("gradientAscent", {
  mode: modeOption(
    "When to stop. `principled`: once the forgotten rows' mean loss has risen by `lossRise`. `paper`: when the " +
      "validation AUC has not improved for `patience` steps, the best step's parameters kept.",
  ),
  learningRate: numberOption(
    "Adam's step size: a step or two, of which the first is the same for every parameter but for its sign.",
    3e-2,
    { above: 0 },
  ),
  steps: wholeOption("Most steps, each over all forgotten rows.", 500, 1),
  lossRise: numberOrWordOption(
    "Principled mode: how much the forgotten rows' mean loss is to rise, in nats. `calibrated`: what `prepare` found, " +
      "which is how much the loss of a random probe rises when the model is retrained without it.",
    ["calibrated"],
    "calibrated",
    { min: 0 },
  ),
  patience: wholeOption("Paper mode: steps in a row without a better validation AUC.", 11, 1),
  validation: givenOption<Interactions | null>("Paper mode: the rows whose AUC picks the step.", null),
  seed: seedOption("Of `prepare`'s probe rows.", 1024),
});

/** Options of `gradientAscent`; defaults and ranges are in `gradientAscentOptions`. */
export interface GradientAscentOptions extends OptionsOf<typeof gradientAscentOptions.fields> {}

/** `prepare` needs a way to train the model again unless it is told how much the loss is to rise. */
export interface GradientAscentPrepareOptions extends GradientAscentOptions {
  /** Trains a model as the original was trained, on other rows and for as many epochs: `refitMf`. */
  retrain: Retrain<Mf>;
}

/** What is paid once per trained model. */
export interface GradientAscentPrepared {
  /** The model and the rows it was made of. */
  readonly origin: PreparedOrigin;
  readonly index: InteractionIndex;
  /** In nats; `null` in paper mode. */
  readonly lossRise: number | null;
}

export interface GradientAscentDiagnostics {
  readonly steps: number;
  /** The step whose parameters were kept. */
  readonly bestStep: number;
  /** Mean loss of the forgotten rows, as they were labelled in training: before and after. */
  readonly forgetLoss: { readonly before: number; readonly after: number };
}

const lossRiseOption = { method: "gradientAscent", option: "lossRise", example: "0.2" } as const;

/**
 * Gradient ascent on the forgotten rows' loss, over their users and items alone (the gradient of all others is 0), with
 * an early stop. Nothing holds what is to be retained.
 */
export const gradientAscent = {
  name: "gradient-ascent",

  description: {
    code: __filename,
    label: "Gradient ascent",
    models: ["mf"],
    options: gradientAscentOptions,
    calibrates: { option: "lossRise", by: "gradient-ascent" },
    calibrationFacts: ({ lossRise }) => ({ lossRise }),
    facts: ({ steps, bestStep, forgetLoss }) => ({ steps, bestStep, forgetLossAfter: forgetLoss.after }),
  },

  /**
   * Indexes the training rows and finds how much loss forgetting costs: on a seeded 2 % of them, the model retrained
   * without them.
   *
   * @param options needs `retrain` unless `lossRise` is a number or the mode is `"paper"`
   * @throws InvalidOptionError for unknown options or a missing `retrain`
   * @example
   * const retrain = (rows: Interactions) => refitMf(original, rows);
   * const prepared = await gradientAscent.prepare(original.model, train, { retrain });
   */
  async prepare(
    original: Mf,
    train: Interactions,
    options?: Partial<GradientAscentPrepareOptions>,
  ): Promise<GradientAscentPrepared> {
    const { retrain, ...given } = options ?? {};
    const { mode, lossRise, seed } = gradientAscentOptions.resolve(given);
    const indexed = { index: indexInteractions(train), origin: new PreparedOrigin(train, original) };
    if (mode === "paper") return { ...indexed, lossRise: null };
    if (lossRise !== "calibrated") return { ...indexed, lossRise };
    const training = requireRetrain(retrain, lossRiseOption);
    const probe = new Probe(train, randomRows(train, probeShare, seed));
    return { ...indexed, lossRise: Math.max(0, (await probe.retrainedLoss(training)) - probe.lossOf(original)) };
  },

  /**
   * Forgets the rows of a request.
   *
   * @param options in paper mode `validation` is required: the rows whose AUC picks the step
   * @param prepared of the same model and training rows; it has the rise of the loss that is aimed at
   * @throws InvalidArgumentError for rows that are not there, or what was prepared of another model or other rows
   * @throws InvalidOptionError for unknown options, paper mode without validation rows, or a rise that was neither
   *   prepared nor given
   * @throws CancelledError when the current signal is aborted
   * @example
   * const retrain = (rows: Interactions) => refitMf(original, rows);
   * const prepared = await gradientAscent.prepare(original.model, train, { retrain });
   * const { update } = await gradientAscent.unlearn(original.model, request, {}, prepared);
   * const forgotten = applyUpdate(original.model, update);
   */
  async unlearn(
    original: Mf,
    request: UnlearningRequest,
    options?: Partial<GradientAscentOptions>,
    prepared?: GradientAscentPrepared,
  ): Promise<UnlearningResult<Mf, GradientAscentDiagnostics>> {
    const resolved = gradientAscentOptions.resolve(options);
    const stop = stopOf(resolved, prepared);
    const breather = new Breather("unlearning by gradient ascent");
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "gradientAscent");
    prepared?.origin.require("gradientAscent", train, original);
    requireValidationIds(train, resolved.validation);
    const watch = new Stopwatch();
    const workspace = createWorkspace();
    try {
      const { selection, local } = watch.time("selection", () => {
        const index = prepared?.index ?? indexInteractions(train);
        const selected = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
        const gone = selectRows(train, forgetRows);
        const local = gatherLocalRows(original, gone, indexInteractions(gone), selected, new Int32Array(0), workspace);
        return { selection: selected, local };
      });
      const ascent = new Ascent(original, selection, local, resolved.learningRate, workspace);
      const { updates, ...diagnostics } = await watch.timeAsync("ascent", () =>
        typeof stop === "number"
          ? climbTo(ascent, stop, resolved.steps, breather)
          : climbWhileItHelps(ascent, stop, resolved, breather),
      );
      return {
        update: { kind: "rows", updates },
        cost: {
          seconds: watch.seconds(),
          gradientRows: diagnostics.steps * forgetRows.length,
          hessianVectorProducts: 0,
          incidentRows: forgetRows.length,
          rowsTouched: selection.users.length + selection.items.length,
        },
        diagnostics,
      };
    } finally {
      workspace.dispose();
    }
  },
} satisfies UnlearningMethod<Mf, GradientAscentPrepared, GradientAscentOptions, GradientAscentDiagnostics>;

/**
 * What ends the ascent: a rise of the loss, or validation rows.
 *
 * @throws InvalidOptionError when what is needed is missing
 */
function stopOf(
  { mode, lossRise, validation }: GradientAscentOptions,
  prepared: GradientAscentPrepared | undefined,
): number | Interactions {
  if (mode === "paper") {
    if (validation !== null) return validation;
    throw new InvalidOptionError("paper mode stops by validation AUC, and there are no validation rows", {
      where: "gradientAscent",
      remedy: "pass { validation }, or use the principled mode",
    });
  }
  return lossRise === "calibrated" ? requireCalibrated(prepared?.lossRise, lossRiseOption) : lossRise;
}

/** What a climb ends with. */
interface Climb extends GradientAscentDiagnostics {
  readonly updates: RowUpdate[];
}

/** Ascends until the loss has risen enough. */
async function climbTo(ascent: Ascent, rise: number, steps: number, breather: Breather): Promise<Climb> {
  const task = new ProgressTask("gradient ascent", null, "steps");
  try {
    const before = ascent.loss();
    let [after, step] = [before, 0];
    while (after < before + rise && step < steps) {
      ascent.move();
      after = ascent.loss();
      task.update(++step, `loss ${after.toFixed(3)}`);
      await breather.breathe();
    }
    return { updates: ascent.updates(), steps: step, bestStep: step, forgetLoss: { before, after } };
  } finally {
    task.finish();
  }
}

/** Ascends until the validation AUC has not improved for a while, and goes back to its best. */
async function climbWhileItHelps(
  ascent: Ascent,
  validation: Interactions,
  { steps, patience }: GradientAscentOptions,
  breather: Breather,
): Promise<Climb> {
  const task = new ProgressTask("gradient ascent", null, "steps");
  try {
    const before = ascent.loss();
    let best = { updates: ascent.updates(), bestStep: 0, after: before, score: ascent.auc(validation) };
    let step = 0;
    while (ascent.rows > 0 && step < steps && step - best.bestStep < patience) {
      ascent.move();
      const after = ascent.loss();
      const score = ascent.auc(validation);
      if (score > best.score || step === 0) best = { updates: ascent.updates(), bestStep: step + 1, after, score };
      task.update(++step, `validation AUC ${score.toFixed(4)}`);
      await breather.breathe();
    }
    const { updates, bestStep, after } = best;
    return { updates, steps: step, bestStep, forgetLoss: { before, after } };
  } finally {
    task.finish();
  }
}

/** The forgotten rows' users and items on their way up. */
class Ascent {
  readonly rows: number;
  private readonly optimizer: Adam;
  private readonly start: Float32Array;
  private readonly moved: Float32Array;
  private readonly split: number;
  private readonly residual: Float32Array;

  constructor(
    private readonly original: Mf,
    private readonly selection: NodeSelection,
    private readonly local: LocalRows,
    learningRate: number,
    workspace: Workspace,
  ) {
    this.rows = local.rows.length;
    this.split = local.p.length;
    this.moved = workspace.float32(local.p.length + local.q.length);
    this.moved.set(local.p);
    this.moved.set(local.q, this.split);
    this.start = this.moved.slice();
    this.optimizer = new Adam(workspace, this.moved, { learningRate });
    this.residual = workspace.float32(this.rows);
  }

  /** The mean loss of the rows here and now, 0 for none; leaves its negative gradient for `move`. */
  loss(): number {
    if (this.rows === 0) return 0;
    const { moved, split } = this;
    const gradient = this.optimizer.gradient.fill(0);
    const sum = operations().mfLossGradient({
      ...this.local,
      ...{ p: moved.subarray(0, split), q: moved.subarray(split) },
      ...{ gradientP: gradient.subarray(0, split), gradientQ: gradient.subarray(split) },
      ...{ residual: this.residual, scale: -1 / this.rows, penalty: 0 },
    });
    return sum / this.rows;
  }

  move(): void {
    this.optimizer.step();
  }

  updates(): RowUpdate[] {
    const change = this.moved.map((value, k) => value - this.start[k]);
    return rowUpdates(this.original, this.selection, [change.subarray(0, this.split), change.subarray(this.split)]);
  }

  auc({ user, item, label }: Interactions): number {
    return auc(withRows(this.original, this.updates()).score(user, item), label) ?? NaN;
  }
}

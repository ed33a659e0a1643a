import {
  Breather,
  numberOption,
  NumericalError,
  optionList,
  type OptionsOf,
  ProgressTask,
  Random,
  seedOption,
  Stopwatch,
  wholeOption,
} from "../core";
import { type Interactions, requireForgetRows } from "../data";
import { createWorkspace } from "../engine";
import type { Mf } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { lossNames } from "./loss-names";
import { curriculumFields, curriculumOrder } from "./batch-order";
import { MfDescent } from "./mf-descent";
import { mfDifficulty } from "./mf-difficulty";
import { mfProblem } from "./mf-problem";
import { paretoFields } from "./pareto";

/** The options of `cauMf`. */
export const cauMfOptions = optionList("cauMf", {
  companions: wholeOption(
    "Retained rows per forgotten one that the recommendation loss looks at, half of its user and half of its item.",
    8,
    0,
  ),
  anchors: wholeOption(
    "Pairs per forgotten row at which the KL loss holds predictions, half of its user and half of its item.",
    8,
    0,
  ),
  ...paretoFields,
  ...curriculumFields,
  learningRate: numberOption("Adam's step size.", 1e-2, { above: 0 }),
  batchSize: wholeOption("Forgotten rows per step.", 256, 1),
  epochs: wholeOption("The most passes over the forgotten rows.", 200, 1),
  lossRise: numberOption("Ends when the forgotten rows' mean loss has risen by so many nats; 0 for no such end.", 0.2, {
    min: 0,
  }),
  seed: seedOption("Draws the order of the rows, companions and anchors.", 1),
});

/** Options of `cauMf`; defaults and ranges are in `cauMfOptions`. */
export interface CauMfOptions extends OptionsOf<typeof cauMfOptions.fields> {}

export interface CauMfDiagnostics {
  readonly steps: number;
  /** Mean weights α over the steps, in the order of `lossNames`. */
  readonly weights: readonly number[];
  /** Mean loss of the forgotten rows, as they were labelled in training: before and after. */
  readonly forgetLoss: { readonly before: number; readonly after: number };
}

/**
 * CAU on matrix factorisation, which neither CAU's paper nor IFRU's has (README, "Matrix factorisation"): unlearning,
 * recommendation and KL losses of the forgotten rows, weighed by the Pareto step, from easy rows to hard ones. The
 * embeddings of their users and items move.
 */
export const cauMf = {
  name: "cau-mf",

  description: {
    code: __filename,
    label: "CAU (MF)",
    models: ["mf"],
    options: cauMfOptions,
    facts: ({ steps, weights, forgetLoss }) => ({
      steps,
      forgetLossAfter: forgetLoss.after,
      ...Object.fromEntries(lossNames.map((name, task) => [`${name}Weight`, weights[task]])),
    }),
  },

  /**
   * Forgets the rows of a request.
   *
   * @throws InvalidOptionError for an unknown option, or one out of range
   * @throws NumericalError naming epoch and batch when the loss is not finite
   * @throws CancelledError when it is interrupted
   * @example
   * const { update } = await cauMf.unlearn(model, request, { epochs: 2 });
   * const forgotten = applyUpdate(model, update);
   */
  async unlearn(
    original: Mf,
    request: UnlearningRequest<Interactions>,
    options?: Partial<CauMfOptions>,
  ): Promise<UnlearningResult<Mf, CauMfDiagnostics>> {
    const resolved = cauMfOptions.resolve(options);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "cauMf");
    const watch = new Stopwatch();
    const breather = new Breather("unlearning by CAU");
    const workspace = createWorkspace();
    try {
      const problem = watch.time("selection", () => mfProblem(original, train, forgetRows, resolved, workspace));
      const difficulty = watch.time("difficulty", () => mfDifficulty(problem));
      const descent = new MfDescent(problem, resolved, workspace);
      const { gradientRows, ...diagnostics } = await watch.timeAsync("steps", () =>
        descend(descent, difficulty, resolved, breather),
      );
      return {
        update: { kind: "rows", updates: descent.updates() },
        cost: {
          seconds: watch.seconds(),
          gradientRows,
          hessianVectorProducts: 0,
          incidentRows: null,
          rowsTouched: problem.users.length + problem.items.length,
        },
        diagnostics,
      };
    } finally {
      workspace.dispose();
    }
  },
} satisfies UnlearningMethod<Mf, never, CauMfOptions, CauMfDiagnostics>;

async function descend(
  descent: MfDescent,
  difficulty: Float64Array,
  { epochs, batchSize, lossRise, seed, ...options }: CauMfOptions,
  breather: Breather,
): Promise<CauMfDiagnostics & { readonly gradientRows: number }> {
  const progress = new ProgressTask("unlearning by CAU", epochs, "epochs");
  const random = Random.derive(seed, "curriculum");
  const before = descent.forgetLoss();
  const weights = [0, 0, 0];
  let [steps, gradientRows, after] = [0, 0, before];
  const isDone = () => difficulty.length === 0 || (lossRise > 0 && after >= before + lossRise);
  try {
    for (let epoch = 1; epoch <= epochs && !isDone(); epoch++) {
      const order = curriculumOrder(difficulty, options, random);
      for (let from = 0; from < order.length && !isDone(); from += batchSize) {
        const chosen = order.subarray(from, from + batchSize);
        descent.step(chosen).forEach((weight, task) => (weights[task] += weight));
        gradientRows += descent.rowsOf(chosen);
        steps++;
        after = descent.forgetLoss();
        if (!Number.isFinite(after))
          throw new NumericalError(`unlearning mf: the loss is ${after}`, {
            where: `epoch ${epoch}, batch ${1 + from / batchSize}`,
            remedy: "use a smaller learning rate",
          });
        await breather.breathe();
      }
      progress.update(epoch);
    }
  } finally {
    progress.finish();
  }
  const mean = weights.map((sum) => sum / Math.max(1, steps));
  return { steps, weights: mean, forgetLoss: { before, after }, gradientRows };
}

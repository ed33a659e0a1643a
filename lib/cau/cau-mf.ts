import { Breather, NumericalError, ProgressTask, Random, requireNumber, resolveOptions, Stopwatch } from "../core";
import type { Interactions } from "../data";
import { createWorkspace } from "../engine";
import type { Mf } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { curriculumDefaults, type CurriculumOptions, curriculumOrder } from "./batch-order";
import { MfDescent } from "./mf-descent";
import { mfDifficulty } from "./mf-difficulty";
import { mfProblem } from "./mf-problem";
import { paretoDefaults, type ParetoOptions } from "./pareto";

/** Options of `cauMf`. */
export interface CauMfOptions extends ParetoOptions, CurriculumOptions {
  /** Retained rows per forgotten one that the recommendation loss looks at, half of its user and half of its item. Default 8. */
  readonly companions: number;
  /** Pairs per forgotten row at which the KL loss holds predictions, half of its user and half of its item. Default 8. */
  readonly anchors: number;
  /** Adam's step size. Default 1e-2. */
  readonly learningRate: number;
  /** Forgotten rows per step. Default 256. */
  readonly batchSize: number;
  /** The most passes over the forgotten rows. Default 200. */
  readonly epochs: number;
  /** Ends when the forgotten rows' mean loss has risen by so many nats; 0 for no such end. Default 0.2. */
  readonly lossRise: number;
  /** Default 1. */
  readonly seed: number;
}

export const cauMfDefaults: Readonly<CauMfOptions> = {
  companions: 8,
  anchors: 8,
  ...paretoDefaults,
  ...curriculumDefaults,
  learningRate: 1e-2,
  batchSize: 256,
  epochs: 200,
  lossRise: 0.2,
  seed: 1,
};

export interface CauMfDiagnostics {
  readonly steps: number;
  /** Mean weights α over the steps, in the order of `lossNames`. */
  readonly weights: readonly number[];
  /** Mean loss of the forgotten rows, as they were labelled in training: before and after. */
  readonly forgetLoss: { readonly before: number; readonly after: number };
}

/**
 * CAU on matrix factorisation, which neither CAU's paper nor IFRU's has (README, "Matrix factorisation"): unlearning, recommendation and
 * KL losses of the forgotten rows, weighed by the Pareto step, from easy rows to hard ones. The embeddings of their users and items move.
 */
export const cauMf = {
  name: "cau-mf",

  /**
   * @throws InvalidOptionError for an unknown option, or one out of range
   * @throws NumericalError naming epoch and batch when the loss is not finite
   * @throws CancelledError when it is interrupted
   */
  async unlearn(
    original: Mf,
    { train, forgetRows }: UnlearningRequest<Interactions>,
    options?: Partial<CauMfOptions>,
  ): Promise<UnlearningResult<Mf, CauMfDiagnostics>> {
    const resolved = resolve(options);
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

function resolve(given: Partial<CauMfOptions> | undefined): CauMfOptions {
  const options = resolveOptions(cauMfDefaults, given, "cauMf");
  for (const name of ["companions", "anchors"] as const) requireNumber(name, options[name], { min: 0, integer: true });
  for (const name of ["batchSize", "epochs"] as const) requireNumber(name, options[name], { min: 1, integer: true });
  requireNumber("learningRate", options.learningRate, { above: 0 });
  requireNumber("lossRise", options.lossRise, { min: 0 });
  requireNumber("seed", options.seed, { integer: true });
  return options;
}

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

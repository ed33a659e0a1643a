import { lossNames, type UnlearningDiagnostics, type UnlearningStep } from "../../../cau";
import type { Sessions } from "../../../data";
import { type SessionModel, sessionModelKinds } from "../../../models";
import { applyUpdate, type UnlearningResult } from "../../../training";
import { countsOf } from "../../cost-facts";
import { type Facts, type Options, originalOf, retrainOf, type StepRecord } from "../../../experiments";
import type { SessionsContext, SessionsMethod, SessionsOutcome } from "../types";

/** The most lines that the log of an unlearning has. */
const mostLines = 200;

/** Of a method's options those that a run may set; the others come from the run itself. */
export function runOptions({ validation: _validation, seed: _seed, ...options }: OwnOptions): Options {
  return options as Options;
}

interface OwnOptions {
  readonly validation: Sessions | null;
  readonly seed: number;
}

/** What methods share that step from the original along losses of what is to be forgotten, on the networks. */
export const descentParts: Pick<SessionsMethod, "backbones" | "prerequisites"> = {
  backbones: sessionModelKinds,
  prerequisites: (config, task) => [originalOf(config, task), retrainOf(config)],
};

/** Answers a run's request by such a method, with what the run itself gives: the validation sessions and the seed. */
export async function answerByDescent<O extends OwnOptions>(
  { config, training, split, request, prerequisite }: SessionsContext,
  unlearn: (
    original: SessionModel,
    asked: SessionsContext["request"],
    options: Partial<O>,
  ) => Promise<UnlearningResult<SessionModel, UnlearningDiagnostics>>,
): Promise<SessionsOutcome> {
  const original = (await prerequisite("original").model()) as SessionModel;
  const given = { ...config.options.method, validation: split.valid, seed: training.seed };
  const { update, cost, diagnostics } = await unlearn(original, request, given as unknown as Partial<O>);
  return {
    model: applyUpdate(original, update),
    facts: { ...countsOf([cost]), ...facts(diagnostics) },
    seconds: cost.seconds,
    history: stretches(diagnostics.steps),
  };
}

/** How far it went, which epoch was kept, by steps of which size in the last try, and the mean weight of each loss. */
function facts({ steps, bestEpoch, points }: UnlearningDiagnostics): Facts {
  const means = steps.length === 0 ? [] : meanByLoss(steps, "weights");
  const weights = means.map(([name, weight]) => [`${name}Weight`, weight]);
  return {
    ...{ steps: steps.length, epochs: steps.at(-1)?.epoch ?? 0, bestEpoch },
    learningRate: points.at(-1)?.learningRate ?? null,
    ...Object.fromEntries(weights),
  };
}

/** The steps, or means over stretches of as many each where they are too many. */
function stretches(steps: readonly UnlearningStep[]): StepRecord[] {
  const length = Math.ceil(steps.length / mostLines);
  return Array.from({ length: Math.ceil(steps.length / Math.max(1, length)) }, (_, n) => {
    const stretch = steps.slice(n * length, (n + 1) * length);
    const { step, epoch } = stretch[stretch.length - 1];
    const difficulties = stretch.flatMap(({ difficulty }) => difficulty ?? []);
    return {
      ...{ step, epoch },
      losses: Object.fromEntries(meanByLoss(stretch, "losses")),
      weights: Object.fromEntries(meanByLoss(stretch, "weights")),
      difficulty: difficulties.length === 0 ? null : mean(difficulties),
    };
  });
}

function meanByLoss(steps: readonly UnlearningStep[], of: "losses" | "weights"): [string, number][] {
  return lossNames.map((name, task) => [name, mean(steps.map((step) => step[of][task]))]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

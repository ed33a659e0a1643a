import { mean } from "../../metrics";
import { type Facts, notForgottenFacts, type StepRecord } from "../../training";
import { lossNames } from "../loss-names";
import type { UnlearningDiagnostics, UnlearningStep } from "./unlearning-loop";

/** The most lines that the log of an unlearning has. */
const mostLines = 200;

/** How far it went, which epoch was kept, by steps of which size in the last try, and the mean weight of each loss. */
export function descentFacts(diagnostics: UnlearningDiagnostics): Facts {
  const { steps, bestEpoch, points, stepBack, notForgotten } = diagnostics;
  const means = steps.length === 0 ? [] : meanByLoss(steps, "weights");
  const weights = means.map(([name, weight]) => [`${name}Weight`, weight]);
  return {
    ...{ steps: steps.length, epochs: steps.at(-1)?.epoch ?? 0, bestEpoch },
    learningRate: points.at(-1)?.learningRate ?? null,
    ...(stepBack === undefined
      ? {}
      : { share: stepBack.share, level: stepBack.level, levelError: stepBack.standardError }),
    ...Object.fromEntries(weights),
    ...notForgottenFacts(notForgotten),
  };
}

/** The steps, or means over stretches of as many each where they are too many. */
export function descentHistory({ steps }: UnlearningDiagnostics): StepRecord[] {
  const length = Math.ceil(steps.length / mostLines);
  return Array.from({ length: Math.ceil(steps.length / Math.max(1, length)) }, (_, n) => {
    const stretch = steps.slice(n * length, (n + 1) * length);
    const { step, epoch } = stretch[stretch.length - 1];
    const difficulties = stretch.flatMap(({ difficulty }) => difficulty ?? []);
    return {
      ...{ step, epoch },
      losses: Object.fromEntries(meanByLoss(stretch, "losses")),
      weights: Object.fromEntries(meanByLoss(stretch, "weights")),
      difficulty: mean(Float64Array.from(difficulties)),
    };
  });
}

function meanByLoss(steps: readonly UnlearningStep[], of: "losses" | "weights"): [string, number][] {
  return lossNames.map((name, task) => [name, mean(Float64Array.from(steps, (step) => step[of][task])) ?? 0]);
}

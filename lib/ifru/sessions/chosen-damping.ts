import type { Breather } from "../../core";
import { historyCount, type PrefixSamples } from "../../data";
import type { ConjugateGradientResult } from "../conjugate-gradient";
import { type SolveOptions, solveWithProgress } from "../solve";
import type { EmbeddingProblem, EmbeddingSystem } from "./embedding-system";
import type { RequestSamples } from "./request-samples";
import { type StepTerms, stepTerms } from "./step-terms";

/** What `damping` is multiplied by, the largest first. */
const multiples = [1000, 100, 10, 1] as const;

/** How the step on item embeddings was damped. */
export interface EmbeddingDamping {
  /** Lambda, relative to the mean loss. */
  readonly damping: number;
  /** What the solution was multiplied by, at most 1. */
  readonly length: number;
  /** Whether it is the largest lambda that was tried, so that a still larger one may be better. */
  readonly largest: boolean;
}

/** A solution, of which `chosen.length` is to be taken. */
export interface DampedSolution extends ConjugateGradientResult {
  readonly chosen: EmbeddingDamping;
}

/** A step that was tried, and what it is worth. */
interface TriedStep {
  readonly length: number;
  /** By how much it lowers the quadratic, over all samples that stay. */
  readonly worth: number;
  /** What each unseen sample takes from that. */
  readonly costs: Float64Array;
}

/**
 * Solves with larger lambdas than `damping` too, from the largest down, until a step is worth less than the best one by
 * more than a standard error of the difference; takes the last one before (README, "λ of the embeddings"). What a step
 * is worth, and how much of it is taken, is estimated on samples that the matrix has not seen.
 *
 * @param problem that of the system
 * @param request more samples stay than the system has seen
 * @throws CancelledError when it is interrupted
 */
export async function solveWithChosenDamping(
  system: EmbeddingSystem,
  problem: EmbeddingProblem,
  request: Pick<RequestSamples, "unseen" | "left">,
  { damping, ...limits }: SolveOptions & { readonly damping: number },
  breather: Breather,
): Promise<DampedSolution> {
  const { left } = request;
  const unseen = { samples: request.unseen(), count: left - historyCount(problem.staying) };
  let best: TriedStep | undefined;
  let taken: DampedSolution | undefined;
  for (const multiple of multiples) {
    system.damp(multiple * damping * left);
    const solved = await solveWithProgress(system, limits, breather);
    const step = await tried(system, problem, unseen, solved.solution, breather);
    if (best !== undefined && step.worth + standardError(step, best, unseen.count) < best.worth) break;
    if (best === undefined || step.worth > best.worth) best = step;
    const chosen = { damping: multiple * damping, length: step.length, largest: multiple === multiples[0] };
    taken = { ...solved, chosen };
  }
  return taken!;
}

async function tried(
  system: EmbeddingSystem,
  { model, movedLayer, items }: EmbeddingProblem,
  { samples, count }: { readonly samples: PrefixSamples; readonly count: number },
  solution: ConjugateGradientResult["solution"],
  breather: Breather,
): Promise<TriedStep> {
  const terms = await stepTerms(model, movedLayer, samples, { items, change: solution[0] }, breather);
  const seen = system.seen(solution);
  const each = count / terms.length;
  const total = (of: keyof StepTerms) => seen[of] + each * terms.reduce((sum, term) => sum + term[of], 0);
  const [linear, curved] = [system.dot(solution, system.gradient) - total("done"), total("curved")];
  const length = linear >= curved ? 1 : Math.max(0, linear / curved);
  return {
    length,
    worth: length * linear - (length ** 2 / 2) * curved,
    costs: Float64Array.from(terms, ({ curved, done }) => length * done + (length ** 2 / 2) * curved),
  };
}

/** Of the difference between what two steps are worth, for `count` samples of which some were drawn. */
function standardError({ costs }: TriedStep, { costs: others }: TriedStep, count: number): number {
  const drawn = costs.length;
  if (drawn < 2) return 0;
  const differences = costs.map((cost, k) => cost - others[k]);
  const mean = differences.reduce((sum, value) => sum + value, 0) / drawn;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (drawn - 1);
  return count * Math.sqrt((variance / drawn) * (1 - drawn / count));
}

import type { BlockVector } from "./block-system";

export interface AdamSolverOptions {
  /** Adam's learning rate on p, the change of the parameters. */
  readonly stepSize: number;
  readonly steps: number;
  /** Consecutive steps without a better score before it stops. */
  readonly patience: number;
  /** The score of the model after the change `p`; larger is better. The authors take the validation AUC. */
  readonly score: (p: BlockVector) => number;
  /** Called once a step; may throw to cancel. */
  readonly breathe: (step: number, score: number) => Promise<void>;
}

export interface AdamSolverResult {
  /** The iterate with the best score, which is not the solution of the system. */
  readonly solution: BlockVector;
  readonly steps: number;
  readonly bestStep: number;
  readonly bestScore: number;
}

/** The quadratic 1/2 p'Hp - g'p, by its gradient. */
export interface Quadratic {
  multiply(p: BlockVector, out: BlockVector): void;
  readonly rightHandSide: BlockVector;
  allocate(): BlockVector;
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/**
 * The authors' solver: Adam on the gradient Hp - g from p = 0, scoring the model after every step and keeping the best
 * iterate (`README.md`, paper mode). Here p is the change of the parameters and H the Hessian of the summed loss;
 * theirs is n times the change and the mean's Hessian. The gradient is the same number either way, so only the step
 * differs: theirs over n.
 */
export async function adamSolve(system: Quadratic, options: AdamSolverOptions): Promise<AdamSolverResult> {
  const [p, m, v, gradient, best] = Array.from({ length: 5 }, () => system.allocate());
  let bestScore = -Infinity;
  let bestStep = 0;
  for (let step = 1; step <= options.steps; step++) {
    system.multiply(p, gradient);
    const stepScale = options.stepSize / (1 - beta1 ** step);
    const secondScale = 1 / (1 - beta2 ** step);
    for (let block = 0; block < p.length; block++) {
      const [pb, mb, vb, hb, gb] = [p[block], m[block], v[block], gradient[block], system.rightHandSide[block]];
      for (let i = 0; i < pb.length; i++) {
        const g = hb[i] - gb[i];
        mb[i] = beta1 * mb[i] + (1 - beta1) * g;
        vb[i] = beta2 * vb[i] + (1 - beta2) * g * g;
        pb[i] -= (stepScale * mb[i]) / (Math.sqrt(vb[i] * secondScale) + epsilon);
      }
    }
    const score = options.score(p);
    if (score > bestScore) {
      bestScore = score;
      bestStep = step;
      best.forEach((block, k) => block.set(p[k]));
    }
    await options.breathe(step, score);
    if (step - bestStep >= options.patience) return { solution: best, steps: step, bestStep, bestScore };
  }
  return { solution: best, steps: options.steps, bestStep, bestScore };
}

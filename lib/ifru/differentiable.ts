import { Breather, requireNumber, resolveOptions } from "../core";
import { createWorkspace, operations, tensorEngine } from "../engine";
import { type DifferentiableProblem, DifferentiableSystem } from "./differentiable-system";
import { solveWithProgress } from "./solve";

/** Options of `influenceOf`. */
export interface InfluenceOptions {
  /** Lambda, relative to the mean loss over the retained rows. Large enough to outweigh negative curvature. Default 1e-3. */
  damping: number;
  /** Stop when the relative residual is below this. Default 1e-3. */
  tolerance: number;
  /** Most conjugate-gradient iterations. Default 100. */
  iterations: number;
}

const defaults: InfluenceOptions = { damping: 1e-3, tolerance: 1e-3, iterations: 100 };

/** The estimated change of the parameters, and what it took. */
export interface Influence {
  /** One array for each parameter, in the problem's order and shapes. */
  readonly change: readonly Float32Array[];
  readonly iterations: number;
  /** |g - A x| / |g|, recomputed. */
  readonly relativeResidual: number;
  readonly converged: boolean;
  readonly hessianVectorProducts: number;
}

/**
 * What forgetting some rows does to the parameters of any differentiable model, by one damped Newton step with nested gradients
 * (`README.md`, any differentiable model). Where a closed form exists, use that: `ifru`.
 *
 * @param problem the parameters that may move, their loss, and the rows
 * @throws InvalidOptionError for unknown options
 * @throws NumericalError when the curvature is negative along a search direction: use a larger damping
 * @throws CancelledError when the current signal is aborted
 */
export async function influenceOf(
  problem: DifferentiableProblem,
  options?: Partial<InfluenceOptions>,
): Promise<Influence> {
  const { damping, tolerance, iterations } = resolveOptions(defaults, options, "influenceOf");
  requireNumber("damping", damping, { min: 0 });
  requireNumber("tolerance", tolerance, { above: 0, max: 1 });
  requireNumber("iterations", iterations, { min: 1, integer: true });
  const breather = new Breather("estimating an influence");
  const engine = await tensorEngine();
  const workspace = createWorkspace();
  try {
    const ridge = damping * problem.retainedRows.length;
    const system = new DifferentiableSystem(problem, ridge, engine, operations(), workspace);
    const { solution, ...result } = await solveWithProgress(system, { tolerance, iterations }, breather);
    return {
      ...result,
      change: solution.map((block) => Float32Array.from(block)),
      hessianVectorProducts: system.products,
    };
  } finally {
    workspace.dispose();
  }
}

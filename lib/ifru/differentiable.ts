import { Breather, numberOption, optionList, type OptionsOf, wholeOption } from "../core";
import { createWorkspace, operations, tensorEngine } from "../engine";
import { type DifferentiableProblem, DifferentiableSystem } from "./differentiable-system";
import { solveWithProgress } from "./solve";

/** The options of `influenceOf`. */
export const influenceOptions = optionList("influenceOf", {
  damping: numberOption(
    "Lambda, relative to the mean loss over the retained rows. Large enough to outweigh negative curvature.",
    1e-3,
    { min: 0 },
  ),
  tolerance: numberOption("Stop when the relative residual is below this.", 1e-3, { above: 0, max: 1 }),
  iterations: wholeOption("Most conjugate-gradient iterations.", 100, 1),
});

/** Options of `influenceOf`; defaults and ranges are in `influenceOptions`. */
export interface InfluenceOptions extends OptionsOf<typeof influenceOptions.fields> {}

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
 * What forgetting some rows does to the parameters of any differentiable model, by one damped Newton step with nested
 * gradients (`README.md`, any differentiable model). Where a closed form exists, use that: `ifru`.
 *
 * @param problem the parameters that may move, their loss, and the rows
 * @throws InvalidOptionError for unknown options
 * @throws NumericalError when the curvature is negative along a search direction: use a larger damping
 * @throws CancelledError when the current signal is aborted
 * @example
 * const [{ tf }, ratings] = [await tensorEngine(), [1, 2, 9]];
 * const { change } = await influenceOf({
 *   parameters: [{ shape: [1], values: Float32Array.of(4) }], // the model is the mean of all ratings
 *   loss: ([mean], rows) => tf.sum(tf.square(tf.sub(mean, [...rows].map((row) => ratings[row])))),
 *   ...{ retainedRows: Int32Array.of(0, 1), forgottenRows: Int32Array.of(2) },
 * });
 * change[0][0]; // about -2.5, which leaves 1.5, the mean of the others
 */
export async function influenceOf(
  problem: DifferentiableProblem,
  options?: Partial<InfluenceOptions>,
): Promise<Influence> {
  const { damping, tolerance, iterations } = influenceOptions.resolve(options);
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

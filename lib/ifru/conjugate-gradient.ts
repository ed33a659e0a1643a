import { announce, NumericalError } from "../core";
import type { BlockVector } from "./block-system";

/** How often the true residual may contradict the recursive one before the solution is returned as it is. */
const mostRestarts = 3;

/** What conjugate gradient needs to know of a system A x = b, with A symmetric and positive definite. */
export interface LinearSystem {
  /** out = A direction. */
  multiply(direction: BlockVector, out: BlockVector): void;
  /** out = M⁻¹ residual for the preconditioner M. */
  precondition(residual: BlockVector, out: BlockVector): void;
  /** A new vector of the system's shape, zero. */
  allocate(): BlockVector;
  /** Inner product, accumulated in float64. */
  dot(a: BlockVector, b: BlockVector): number;
  /** y += alpha x. */
  axpy(alpha: number, x: BlockVector, y: BlockVector): void;
  /** y = x + beta y. */
  xpby(x: BlockVector, beta: number, y: BlockVector): void;
}

export interface ConjugateGradientOptions {
  /** Stop when |b - A x| / |b| is below this. */
  readonly tolerance: number;
  readonly iterations: number;
  /** Called once an iteration; may throw to cancel. */
  readonly breathe: (iteration: number, relativeResidual: number) => Promise<void>;
}

export interface ConjugateGradientResult {
  readonly solution: BlockVector;
  readonly iterations: number;
  /**
   * |b - A x| / |b| of the returned solution, recomputed from its definition: in float32 the recursive one drifts to
   * zero.
   */
  readonly relativeResidual: number;
  readonly converged: boolean;
}

/** Without numbers, so that it is said once a process; how far each solution is off stands in its diagnostics. */
const unconverged =
  "conjugate gradient ended before it converged, so its change is inexact: see relativeResidual; " +
  "more iterations or a larger damping help";

function copy(from: BlockVector, to: BlockVector): void {
  for (let block = 0; block < to.length; block++) to[block].set(from[block]);
}

/** out = b - A x. */
function trueResidual(system: LinearSystem, b: BlockVector, x: BlockVector, out: BlockVector): void {
  system.multiply(x, out);
  system.xpby(b, -1, out);
}

/**
 * Solves A x = b by conjugate gradient with a preconditioner, float32 vectors and float64 inner products. When the
 * recursive residual says it is done, the true one is computed; if that disagrees, iteration restarts from it. An end
 * before convergence is announced once a process.
 *
 * @throws NumericalError when A turns out not to be positive definite, or a value is not finite
 * @example
 * const [{ index, axes }, workspace] = [prepared, createWorkspace()];
 * const selection = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
 * const local = gatherLocalRows(model, train, index, selection, forgetRows, workspace);
 * const system = new InfluenceSystem(local, { curvature: "gauss-newton", ridge: 3, axes }, operations(), workspace);
 * const limits = { tolerance: 1e-3, iterations: 100, breathe: () => Promise.resolve() };
 * const { solution } = await conjugateGradient(system, system.rightHandSide, limits); // of users, and of items
 */
export async function conjugateGradient(
  system: LinearSystem,
  b: BlockVector,
  options: ConjugateGradientOptions,
): Promise<ConjugateGradientResult> {
  const [solution, residual, preconditioned, direction, product] = Array.from({ length: 5 }, () => system.allocate());
  const norm = Math.sqrt(system.dot(b, b));
  if (!Number.isFinite(norm)) throw new NumericalError("the right-hand side of the influence system is not finite");
  if (norm === 0) return { solution, iterations: 0, relativeResidual: 0, converged: true };

  let iteration = 0;
  for (let restart = 0; ; restart++) {
    if (iteration === 0) copy(b, residual);
    else trueResidual(system, b, solution, residual);
    let relative = Math.sqrt(system.dot(residual, residual)) / norm;
    const converged = relative <= options.tolerance;
    if (converged || iteration >= options.iterations || restart === mostRestarts) {
      if (!converged) announce(unconverged);
      return { solution, iterations: iteration, relativeResidual: relative, converged };
    }
    system.precondition(residual, preconditioned);
    copy(preconditioned, direction);
    let energy = system.dot(residual, preconditioned);
    while (relative > options.tolerance && iteration < options.iterations) {
      system.multiply(direction, product);
      const curvature = system.dot(direction, product);
      if (!Number.isFinite(curvature) || !Number.isFinite(energy)) throw notFinite(curvature, energy);
      if (!(curvature > 0)) throw notPositiveDefinite(curvature);
      const step = energy / curvature;
      system.axpy(step, direction, solution);
      system.axpy(-step, product, residual);
      system.precondition(residual, preconditioned);
      const nextEnergy = system.dot(residual, preconditioned);
      system.xpby(preconditioned, nextEnergy / energy, direction);
      energy = nextEnergy;
      relative = Math.sqrt(system.dot(residual, residual)) / norm;
      iteration++;
      await options.breathe(iteration, relative);
    }
  }
}

/** An infinite curvature gives a step of zero: without this the zero vector would pass for a solution. */
function notFinite(curvature: number, energy: number): NumericalError {
  return new NumericalError(
    `the influence system is not finite: curvature ${curvature}, energy ${energy} along a search direction`,
    { remedy: "check that the model's parameters are of ordinary size, and train with a smaller learning rate" },
  );
}

function notPositiveDefinite(curvature: number): NumericalError {
  return new NumericalError(`the influence system has curvature ${curvature} along a search direction`, {
    remedy: "use a larger damping",
  });
}

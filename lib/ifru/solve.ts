import { type Breather, ProgressTask } from "../core";
import type { RowUpdate } from "../models";
import type { BlockVector } from "./block-system";
import { conjugateGradient, type ConjugateGradientResult, type LinearSystem } from "./conjugate-gradient";
import type { NodeSelection } from "./selection";

/** What a solver returns, whichever it is. */
export interface Solution {
  /** The change of the selected embeddings, `[user block, item block]`. */
  readonly change: BlockVector;
  readonly iterations: number;
  readonly relativeResidual: number;
  readonly converged: boolean;
  /** The step whose iterate was kept, in paper mode. */
  readonly bestStep: number | null;
}

/** A system with what its product with the solution is to be. */
type InfluenceEquation = LinearSystem & { readonly rightHandSide: BlockVector };

/** When conjugate gradient ends: at which relative residual, and after how many iterations at the latest. */
export interface SolveOptions {
  readonly tolerance: number;
  readonly iterations: number;
}

/**
 * Solves any influence system by conjugate gradient, with progress.
 *
 * @throws CancelledError when the current signal is aborted
 */
export async function solveWithProgress(
  system: InfluenceEquation,
  { tolerance, iterations }: SolveOptions,
  breather: Breather,
): Promise<ConjugateGradientResult> {
  const task = new ProgressTask("solving the influence system", null, "iterations");
  try {
    return await conjugateGradient(system, system.rightHandSide, {
      tolerance,
      iterations,
      breathe: async (iteration, residual) => {
        task.update(iteration, `residual ${residual.toExponential(1)}`);
        await breather.breathe();
      },
    });
  } finally {
    task.finish();
  }
}

/**
 * Solves the influence system of a request (`README.md`, principled mode).
 *
 * @example
 * const [{ index, axes }, workspace] = [prepared, createWorkspace()];
 * const selection = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
 * const local = gatherLocalRows(model, train, index, selection, forgetRows, workspace);
 * const system = new InfluenceSystem(local, { curvature: "gauss-newton", ridge: 3, axes }, operations(), workspace);
 * const { change } = await solvePrincipled(system, { tolerance: 1e-3, iterations: 100 }, new Breather("my method"));
 */
export async function solvePrincipled(
  system: InfluenceEquation,
  options: SolveOptions,
  breather: Breather,
): Promise<Solution> {
  const { solution, ...rest } = await solveWithProgress(system, options, breather);
  return { change: solution, bestStep: null, ...rest };
}

/**
 * The new values of the selected rows of both embedding tables.
 *
 * @param tables the tables before
 * @param selection the rows that change
 * @param change what is added to them, `[user block, item block]`
 * @example
 * const selection = { users: Int32Array.of(3), items: Int32Array.of(7, 9) };
 * const { embeddingSize } = model;
 * const change = [new Float32Array(embeddingSize), new Float32Array(2 * embeddingSize)]; // nothing yet
 * const moved = withRows(model, rowUpdates(model, selection, change));
 */
export function rowUpdates(
  { userEmbedding, itemEmbedding }: { readonly userEmbedding: Float32Array; readonly itemEmbedding: Float32Array },
  { users, items }: NodeSelection,
  [userChange, itemChange]: BlockVector,
): RowUpdate[] {
  return [
    { parameter: "userEmbedding", rows: users, values: changedRows(userEmbedding, users, userChange) },
    { parameter: "itemEmbedding", rows: items, values: changedRows(itemEmbedding, items, itemChange) },
  ];
}

/** How many rows of parameters some updates write. */
export function rowsIn(updates: readonly RowUpdate[]): number {
  return updates.reduce((sum, { rows }) => sum + rows.length, 0);
}

function changedRows(table: Float32Array, ids: Int32Array, change: Float32Array): Float32Array {
  const width = ids.length === 0 ? 0 : change.length / ids.length;
  const values = new Float32Array(change.length);
  for (let number = 0, at = 0; number < ids.length; number++)
    for (let from = ids[number] * width, end = from + width; from < end; from++, at++)
      values[at] = table[from] + change[at];
  return values;
}

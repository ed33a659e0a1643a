import { type Breather, ProgressTask } from "../core";
import type { RowUpdate } from "../models";
import type { BlockVector } from "./block-system";
import { conjugateGradient, type LinearSystem } from "./conjugate-gradient";
import type { Selection } from "./selection";

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

/**
 * Solves an influence system by conjugate gradient (`README.md`, principled mode).
 *
 * @param system the products and the right-hand side
 * @param limits the relative residual to stop at, and the most iterations
 * @param breather lets events through and ends the work when it is cancelled
 */
export async function solvePrincipled(
  system: LinearSystem & { readonly rightHandSide: BlockVector },
  { tolerance, iterations }: { readonly tolerance: number; readonly iterations: number },
  breather: Breather,
): Promise<Solution> {
  const task = new ProgressTask("solving the influence system", null, "iterations");
  try {
    const { solution, ...rest } = await conjugateGradient(system, system.rightHandSide, {
      tolerance,
      iterations,
      breathe: async (iteration, residual) => {
        task.update(iteration, `residual ${residual.toExponential(1)}`);
        await breather.breathe();
      },
    });
    return { change: solution, bestStep: null, ...rest };
  } finally {
    task.finish();
  }
}

/**
 * The new values of the selected rows of both embedding tables.
 *
 * @param tables the tables before
 * @param selection the rows that change
 * @param change what is added to them, `[user block, item block]`
 */
export function rowUpdates(
  { userEmbedding, itemEmbedding }: { readonly userEmbedding: Float32Array; readonly itemEmbedding: Float32Array },
  { users, items }: Selection,
  [userChange, itemChange]: BlockVector,
): RowUpdate[] {
  return [
    { parameter: "userEmbedding", rows: users, values: changedRows(userEmbedding, users, userChange) },
    { parameter: "itemEmbedding", rows: items, values: changedRows(itemEmbedding, items, itemChange) },
  ];
}

function changedRows(table: Float32Array, ids: Int32Array, change: Float32Array): Float32Array {
  const width = ids.length === 0 ? 0 : change.length / ids.length;
  const values = new Float32Array(change.length);
  for (let number = 0, at = 0; number < ids.length; number++)
    for (let from = ids[number] * width, end = from + width; from < end; from++, at++)
      values[at] = table[from] + change[at];
  return values;
}

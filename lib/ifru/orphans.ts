import type { InteractionIndex, Interactions } from "../data";
import type { RowUpdate } from "../models";

/**
 * Takes users and items of whom no row stays to 0, the mean of what training starts from, whether they were selected or
 * pruned. Retraining never moves them: no row's gradient reaches them, nor does LightGCN's propagation, since they have
 * no edges. Their block of the system is λ alone, so that its solution is g / (n·λ), as far as λ lets them run.
 *
 * @param updates new values of some users, then of some items
 * @param width of an embedding
 * @param index of `train`
 * @returns the same where some row of everyone stays
 */
export function resetOrphans(
  [users, items]: readonly RowUpdate[],
  width: number,
  train: Interactions,
  { userPointers, itemPointers }: Pick<InteractionIndex, "userPointers" | "itemPointers">,
  forgetRows: Int32Array,
): RowUpdate[] {
  return [
    reset(users, width, orphansAmong(forgetRows, train.user, userPointers)),
    reset(items, width, orphansAmong(forgetRows, train.item, itemPointers)),
  ];
}

/** The ids all of whose rows are forgotten. */
function orphansAmong(forgetRows: Int32Array, idOf: Int32Array, pointers: Int32Array): Set<number> {
  const forgotten = new Map<number, number>();
  for (const row of forgetRows) forgotten.set(idOf[row], (forgotten.get(idOf[row]) ?? 0) + 1);
  const orphans = [...forgotten].filter(([id, count]) => count === pointers[id + 1] - pointers[id]);
  return new Set(orphans.map(([id]) => id));
}

function reset(update: RowUpdate, width: number, orphans: ReadonlySet<number>): RowUpdate {
  if (orphans.size === 0) return update;
  const rows = Int32Array.from(new Set([...update.rows, ...orphans])).sort();
  const values = new Float32Array(rows.length * width);
  const at = new Map(Array.from(rows, (row, k) => [row, k]));
  update.rows.forEach((row, k) => {
    if (!orphans.has(row)) values.set(update.values.subarray(k * width, (k + 1) * width), at.get(row)! * width);
  });
  return { ...update, rows, values };
}

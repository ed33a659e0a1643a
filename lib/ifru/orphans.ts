import type { InteractionIndex, Interactions } from "../data";
import type { RowUpdate } from "../models";
import type { NodeSelection } from "./selection";

/**
 * Takes users and items of whom no row stays back to 0, the mean of what training starts from. Their block of the
 * system is λ alone (no row that stays couples them to anything), so that its solution is g / (n·λ), as far as λ lets
 * them run; retraining would never have moved them.
 *
 * @param updates new values of the selected users, then items; changed in place
 */
export function resetOrphans(
  [userUpdate, itemUpdate]: readonly RowUpdate[],
  { users, items }: NodeSelection,
  train: Interactions,
  { userPointers, itemPointers }: InteractionIndex,
  forgetRows: Int32Array,
): void {
  reset(userUpdate, users, train.user, userPointers, forgetRows);
  reset(itemUpdate, items, train.item, itemPointers, forgetRows);
}

function reset(
  update: RowUpdate,
  ids: Int32Array,
  idOf: Int32Array,
  pointers: Int32Array,
  forgetRows: Int32Array,
): void {
  const forgotten = new Map<number, number>();
  for (const row of forgetRows) forgotten.set(idOf[row], (forgotten.get(idOf[row]) ?? 0) + 1);
  const width = update.values.length / Math.max(1, ids.length);
  ids.forEach((id, k) => {
    const rows = pointers[id + 1] - pointers[id];
    if (rows > 0 && forgotten.get(id) === rows) update.values.fill(0, k * width, (k + 1) * width);
  });
}

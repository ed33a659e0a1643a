import { addRow } from "./row";

/**
 * out[ids[k]] = the sum of values[k], in `columns` columns of rows that are `width` elements apart; rows with a negative
 * id are left out.
 */
export function segmentSum(
  values: usize,
  ids: usize,
  rows: i32,
  width: i32,
  columns: i32,
  out: usize,
  segments: i32,
): void {
  const step = (<usize>width) << 2;
  const bytes = (<usize>columns) << 2;
  for (let s = 0; s < segments; s++) memory.fill(out + <usize>s * step, 0, bytes);
  for (let k = 0; k < rows; k++) {
    const id = load<i32>(ids + ((<usize>k) << 2));
    if (id >= 0) addRow(1, values + <usize>k * step, out + <usize>id * step, bytes);
  }
}

import { addRow } from "./row";

/** out[ids[k]] += values[k] over rows of `width` elements; rows with a negative id are left out. */
export function segmentSum(values: usize, ids: usize, rows: i32, width: i32, out: usize): void {
  const bytes = (<usize>width) << 2;
  for (let k = 0; k < rows; k++) {
    const id = load<i32>(ids + ((<usize>k) << 2));
    if (id >= 0) addRow(1, values + <usize>k * bytes, out + <usize>id * bytes, bytes);
  }
}

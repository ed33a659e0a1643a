import { profiled } from "../profiling";
import { display } from "./display";

/**
 * Does a part of a cell, and shows where its time went: a table by area of this library, with the part in WebAssembly
 * and the hottest function. `time` only says how long it took.
 *
 * @param label what the table is called. Default: `"the cell"`
 * @returns what `work` returns, or its promise brings
 * @throws InvalidArgumentError when `work` is not a function, and whatever `work` throws
 * @example
 * const fit = await profile(() => fitMf(train, valid)); // the table stands below the cell
 */
export async function profile<T>(work: () => T | Promise<T>, label = "the cell"): Promise<T> {
  const { value, table } = await profiled(work, label);
  display(table);
  return value;
}

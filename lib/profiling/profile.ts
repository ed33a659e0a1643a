import { InvalidArgumentError } from "../core";
import type { Table } from "../tables";
import { startSampling } from "./sampler";
import { stageTimes } from "./stages";

/** What was profiled: its result, and where the time went. */
export interface Profiled<T> {
  readonly value: T;
  readonly table: Table;
}

/**
 * Does some work and finds out where the processor's time went: by area of this library, with the part in WebAssembly
 * and the hottest function. Sampled every millisecond, in this thread only.
 *
 * @param label what the table is called. Default: `"the work"`
 * @throws InvalidArgumentError when `work` is not a function, and whatever `work` throws
 * @example
 * const { value: fit, table } = await profiled(() => fitMf(train, valid), "a training");
 */
export async function profiled<T>(work: () => T | Promise<T>, label = "the work"): Promise<Profiled<T>> {
  if (typeof work !== "function")
    throw new InvalidArgumentError("the work to profile is not a function", { remedy: "profiled(() => work())" });
  const stop = startSampling();
  let profile: ReturnType<typeof stop> | undefined;
  try {
    const value = await work();
    profile = stop();
    const { stageTable } = await import("./stage-table.js"); // not loaded with every command line
    return { value, table: stageTable(label, [{ process: null, count: 1, times: stageTimes([profile]) }]) };
  } finally {
    if (profile === undefined) stop();
  }
}
